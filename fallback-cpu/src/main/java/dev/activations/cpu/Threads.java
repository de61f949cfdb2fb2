package dev.activations.cpu;

/** Begins and ends the threads of a session. */
final class Threads {
  private Threads() {}

  /** Returns a thread, not yet started, that does not keep Java from exiting. */
  static Thread daemon(String name, Runnable work) {
    Thread thread = new Thread(work, name);
    thread.setDaemon(true);
    return thread;
  }

  /** Waits until a thread has ended. An interrupt meanwhile is kept for whoever asks next. */
  static void join(Thread thread) {
    boolean interrupted = false;
    while (true) {
      try {
        thread.join();
        break;
      } catch (InterruptedException e) {
        interrupted = true;
      }
    }
    if (interrupted) {
      Thread.currentThread().interrupt();
    }
  }
}
