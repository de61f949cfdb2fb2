package dev.activations.cpu;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.BooleanSupplier;

/**
 * The threads of one session: helpers, which wait for work, and the thread that brings it, which
 * works too. One job at a time; {@link #run} is called by one thread at a time.
 */
final class Pool {
  /**
   * Nanoseconds that a thread looks out for what comes next before it sleeps: about as long as it
   * takes to wake one.
   */
  private static final long PATIENCE = 20_000;

  private final int workers;
  private final List<Thread> helpers = new ArrayList<>();
  private volatile Job job;
  private volatile long jobs;
  private boolean open = true;

  /** Something to do in many parts, in any order, by several threads at once. */
  interface Work {
    /**
     * Does one part.
     *
     * @param worker the number of the thread, below the number of workers
     */
    void part(int worker, long part);
  }

  /** A pool of {@code workers} threads, the calling one included. Starts none yet. */
  Pool(int workers) {
    this.workers = workers;
  }

  int workers() {
    return workers;
  }

  /** Does all parts of some work and returns when they are done; throws what a part has thrown. */
  void run(long parts, Work work) {
    if (parts == 1 || workers == 1) {
      for (long part = 0; part < parts; part++) {
        work.part(0, part);
      }
      return;
    }
    Job next = new Job(parts, work);
    synchronized (this) {
      start();
      job = next;
      jobs++;
      notifyAll();
    }
    next.work(0);
    synchronized (this) {
      // Whoever has not come by now need not; and what was worked on may be collected.
      job = null;
    }
    next.await();
  }

  private void start() {
    while (helpers.size() < workers - 1) {
      int number = helpers.size() + 1;
      Thread helper = Threads.daemon("activations-cpu-" + number, () -> help(number));
      helpers.add(helper);
      helper.start();
    }
  }

  private void help(int number) {
    // Not the job itself, which would keep what was worked on from being collected.
    long seen = 0;
    while (true) {
      long before = seen;
      Job current;
      lookOut(() -> hasNext(before));
      synchronized (this) {
        while (open && !hasNext(before)) {
          waitUninterruptibly(this);
        }
        if (!open) {
          return;
        }
        current = job;
        seen = jobs;
      }
      current.work(number);
    }
  }

  private boolean hasNext(long seen) {
    return job != null && jobs != seen;
  }

  /** Waits for something that is likely to come soon, but not for long. */
  private static void lookOut(BooleanSupplier there) {
    long start = System.nanoTime();
    while (!there.getAsBoolean() && System.nanoTime() - start < PATIENCE) {
      Thread.onSpinWait();
    }
  }

  /** Ends the helpers and waits until they have ended. */
  void close() {
    synchronized (this) {
      open = false;
      notifyAll();
    }
    for (Thread helper : helpers) {
      Threads.join(helper);
    }
  }

  /** Only the end of the session ends a wait; an interrupt is passed on to whoever asks next. */
  private static void waitUninterruptibly(Object monitor) {
    try {
      monitor.wait();
    } catch (InterruptedException e) {
      // A helper belongs to the session and nobody may interrupt it.
    }
  }

  private static final class Job {
    private final long parts;
    private final Work work;
    private final AtomicLong next = new AtomicLong();
    private volatile long unfinished;
    private Throwable failure;

    Job(long parts, Work work) {
      this.parts = parts;
      this.work = work;
      this.unfinished = parts;
    }

    void work(int worker) {
      long finished = 0;
      for (long part = next.getAndIncrement(); part < parts; part = next.getAndIncrement()) {
        try {
          work.part(worker, part);
        } catch (Throwable e) {
          fail(e);
        }
        finished++;
      }
      finish(finished);
    }

    private synchronized void fail(Throwable e) {
      if (failure == null) {
        failure = e;
      }
    }

    private synchronized void finish(long parts) {
      unfinished -= parts;
      if (unfinished == 0) {
        notifyAll();
      }
    }

    void await() {
      lookOut(() -> unfinished == 0);
      sleep();
    }

    private synchronized void sleep() {
      boolean interrupted = false;
      while (unfinished > 0) {
        try {
          wait();
        } catch (InterruptedException e) {
          interrupted = true;
        }
      }
      if (interrupted) {
        Thread.currentThread().interrupt();
      }
      if (failure instanceof RuntimeException e) {
        throw e;
      }
      if (failure instanceof Error e) {
        throw e;
      }
    }
  }
}
