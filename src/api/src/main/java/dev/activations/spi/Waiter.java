package dev.activations.spi;

import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;

/**
 * A thread that waits for a device's events, one after the other, and completes futures. A thread
 * of the driver's, on which its own callbacks run, must not call the driver back, which code that
 * depends on a future is free to do.
 */
public final class Waiter implements AutoCloseable {
  private final ExecutorService thread;

  /**
   * A waiter, whose daemon thread starts with the first wait.
   *
   * @param device the id of the device, for the thread's name
   */
  public Waiter(String device) {
    this.thread =
        Executors.newSingleThreadExecutor(
            task -> {
              Thread waiting = new Thread(task, "activations " + device);
              waiting.setDaemon(true);
              return waiting;
            });
  }

  /**
   * Returns a future that completes when a wait ends, or fails with what it threw. Does not block.
   *
   * @param await blocks until the work is done; runs on the waiter's thread
   */
  public CompletableFuture<Void> after(Runnable await) {
    CompletableFuture<Void> done = new CompletableFuture<>();
    thread.execute(
        () -> {
          try {
            await.run();
          } catch (RuntimeException | Error e) {
            done.completeExceptionally(e);
            return;
          }
          done.complete(null);
        });
    return done;
  }

  /** Ends the thread once all waits are done. Does not block. */
  @Override
  public void close() {
    thread.shutdown();
  }
}
