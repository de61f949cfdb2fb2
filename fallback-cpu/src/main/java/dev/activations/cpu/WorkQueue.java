package dev.activations.cpu;

import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.Executor;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicLong;

/** Runs what it is given in order, on a thread of its own that starts with the first work. */
final class WorkQueue implements Executor {
  private final ExecutorService work = Executors.newSingleThreadExecutor(this::start);
  private volatile Thread thread;
  private final AtomicLong pending = new AtomicLong();
  // Written by the thread of the queue alone, before it counts down what is pending.
  private volatile Throwable failure;

  /** Enqueues work. What it throws is kept for the next fence. */
  @Override
  public void execute(Runnable task) {
    pending.incrementAndGet();
    work.execute(
        () -> {
          try {
            task.run();
          } catch (Throwable e) {
            failure = failure == null ? e : failure;
          } finally {
            pending.decrementAndGet();
          }
        });
  }

  /** Returns a future of all work before, which fails with the first failure since the last one. */
  CompletableFuture<Void> fence() {
    if (hasNothingToTell()) {
      return CompletableFuture.completedFuture(null);
    }
    CompletableFuture<Void> fence = new CompletableFuture<>();
    pending.incrementAndGet();
    work.execute(
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
    if (hasNothingToTell()) {
      return;
    }
    try {
      fence().join();
    } catch (CompletionException e) {
      if (e.getCause() instanceof RuntimeException cause) {
        throw cause;
      }
      throw e;
    }
  }

  private boolean hasNothingToTell() {
    return isIdle() && failure == null;
  }

  /** Whether all work is done, failed or not. */
  boolean isIdle() {
    return pending.get() == 0;
  }

  private Thread start(Runnable loop) {
    thread = Threads.daemon("activations-cpu-queue", loop);
    return thread;
  }

  /** Ends the thread, after the work before, and waits until it has ended. */
  void close() {
    work.shutdown();
    // Who closes the session when a fence completes is on this thread, which then ends by itself.
    if (thread != null && thread != Thread.currentThread()) {
      // Not by awaitTermination, which returns a moment before the thread has ended.
      Threads.join(thread);
    }
  }
}
