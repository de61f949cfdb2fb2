package dev.activations.cpu;

import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.Executor;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;

/** Runs what it is given in order, on a thread of its own that starts with the first work. */
final class WorkQueue implements Executor {
  private final ThreadPoolExecutor thread =
      new ThreadPoolExecutor(
          1,
          1,
          0,
          TimeUnit.SECONDS,
          new LinkedBlockingQueue<>(),
          work -> {
            Thread queue = new Thread(work, "activations-cpu-queue");
            queue.setDaemon(true);
            return queue;
          });
  private final AtomicLong pending = new AtomicLong();
  // Written by the thread of the queue alone, before it counts down what is pending.
  private volatile Throwable failure;

  /** Enqueues work. What it throws is kept for the next fence. */
  @Override
  public void execute(Runnable work) {
    pending.incrementAndGet();
    thread.execute(
        () -> {
          try {
            work.run();
          } catch (Throwable e) {
            failure = failure == null ? e : failure;
          } finally {
            pending.decrementAndGet();
          }
        });
  }

  /** Returns a future of all work before, which fails with the first failure since the last one. */
  CompletableFuture<Void> fence() {
    if (isIdle() && failure == null) {
      return CompletableFuture.completedFuture(null);
    }
    CompletableFuture<Void> fence = new CompletableFuture<>();
    pending.incrementAndGet();
    thread.execute(
        () -> {
          Throwable failed = failure;
          failure = null;
          pending.decrementAndGet();
          if (failed == null) {
            fence.complete(null);
          } else {
            fence.completeExceptionally(failed);
          }
        });
    return fence;
  }

  /** Waits for all work before; throws the first failure since the last fence. */
  void await() {
    try {
      fence().join();
    } catch (CompletionException e) {
      if (e.getCause() instanceof RuntimeException cause) {
        throw cause;
      }
      throw e;
    }
  }

  /** Whether all work is done, failed or not. */
  boolean isIdle() {
    return pending.get() == 0;
  }

  /** Ends the thread, after the work before, and waits until it has ended. */
  void close() {
    thread.shutdown();
    boolean interrupted = false;
    while (true) {
      try {
        if (thread.awaitTermination(1, TimeUnit.MINUTES)) {
          break;
        }
      } catch (InterruptedException e) {
        interrupted = true;
      }
    }
    if (interrupted) {
      Thread.currentThread().interrupt();
    }
  }
}
