package dev.activations.cli;

import java.time.Duration;
import me.tongfei.progressbar.ConsoleProgressBarConsumer;
import me.tongfei.progressbar.ProgressBar;
import me.tongfei.progressbar.ProgressBarBuilder;

/** A bar on the terminal for work that takes longer than a second. For one thread. */
final class Progress implements AutoCloseable {
  private static final long PATIENCE_NANOS = 1_000_000_000L;

  private final Screen screen;
  private final String task;
  private final long total;
  private final long start = System.nanoTime();
  private ProgressBar bar;

  /**
   * Work that begins now.
   *
   * @param total the number of elements
   */
  Progress(Screen screen, String task, long total) {
    this.screen = screen;
    this.task = task;
    this.total = total;
  }

  /** Shows that this many elements are done. */
  void at(long done) {
    long elapsed = System.nanoTime() - start;
    if (bar == null && screen.interactive() && elapsed > PATIENCE_NANOS) {
      bar =
          new ProgressBarBuilder()
              .setTaskName(task)
              .setInitialMax(total)
              .startsFrom(done, Duration.ofNanos(elapsed))
              .setUnit("M elements", 1_000_000)
              .setConsumer(new ConsoleProgressBarConsumer(screen.err()))
              .build();
    }
    if (bar != null) {
      bar.stepTo(done);
    }
  }

  @Override
  public void close() {
    if (bar != null) {
      bar.close();
    }
  }
}
