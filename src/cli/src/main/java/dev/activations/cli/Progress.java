package dev.activations.cli;

import java.time.Duration;
import me.tongfei.progressbar.ConsoleProgressBarConsumer;
import me.tongfei.progressbar.ProgressBar;
import me.tongfei.progressbar.ProgressBarBuilder;

/** A bar on the terminal for work that takes long. For one thread. */
public final class Progress implements AutoCloseable {
  private final Screen screen;
  private final String task;
  private final long total;
  private final String unit;
  private final int unitSize;
  private final Duration patience;
  private final long start = System.nanoTime();
  private ProgressBar bar;

  /**
   * Work that begins now.
   *
   * @param total the number of elements
   * @param unit what is counted, for the bar
   * @param unitSize how many elements make one of it
   * @param patience how long work takes before a bar is shown
   */
  public Progress(
      Screen screen, String task, long total, String unit, int unitSize, Duration patience) {
    this.screen = screen;
    this.task = task;
    this.total = total;
    this.unit = unit;
    this.unitSize = unitSize;
    this.patience = patience;
  }

  /** Shows that this many elements are done. */
  public void at(long done) {
    Duration elapsed = Duration.ofNanos(System.nanoTime() - start);
    if (bar == null && screen.interactive() && elapsed.compareTo(patience) > 0) {
      bar =
          new ProgressBarBuilder()
              .setTaskName(task)
              .setInitialMax(total)
              .startsFrom(done, elapsed)
              .setUnit(unit, unitSize)
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
