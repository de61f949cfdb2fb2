package dev.activations.cli.bench;

import java.lang.management.CompilationMXBean;
import java.lang.management.ManagementFactory;
import java.util.ArrayList;
import java.util.List;

/**
 * How long passes take once they are warm.
 *
 * @param warmUp for how many seconds Java must not have compiled anything, and passes not have
 *     become much faster, before they are measured; at most ten times that is waited
 */
public record Timing(double warmUp) {
  /** By how much a pass is faster after a step of the compilers. */
  private static final double STEP = 1.5;

  private static final double PATIENCE = 10;

  /** Seconds of a run, in which reading the clock hardly counts. */
  static final double LONG_ENOUGH = 2e-3;

  private static final int MOST_PASSES = 1 << 20;
  private static final int LEAST_RUNS = 7;
  private static final int MOST_RUNS = 25;

  /** Seconds after which no further run is begun. */
  private static final double ENOUGH = 0.1;

  /** Runs whose spread is larger are repeated, for as long as a warm-up takes. */
  private static final double UNSTEADY = 0.1;

  /** Measures passes that return when their results are there. */
  public Times of(Runnable pass) {
    return of(pass, () -> {});
  }

  /**
   * Measures passes that return before their results are there. A run is as many of them, one after
   * the other, as take about two milliseconds, and the wait for the last.
   *
   * @param enqueue begins a pass
   * @param await returns when all that were begun are done
   */
  public Times of(Runnable enqueue, Runnable await) {
    warmUp(enqueue, await);
    int passes = 1;
    // A hiccup makes one run long, but hardly two.
    while (passes < MOST_PASSES
        && (run(passes, enqueue, await) < LONG_ENOUGH
            || run(passes, enqueue, await) < LONG_ENOUGH)) {
      passes *= 2;
    }
    long start = System.nanoTime();
    Times times;
    do {
      times = times(passes, enqueue, await);
    } while (times.spread() > UNSTEADY && System.nanoTime() - start < warmUp * 1e9);
    return times;
  }

  private static Times times(int passes, Runnable enqueue, Runnable await) {
    List<Double> seconds = new ArrayList<>();
    double all = 0;
    while (seconds.size() < LEAST_RUNS || seconds.size() < MOST_RUNS && all < ENOUGH) {
      double run = run(passes, enqueue, await);
      seconds.add(run / passes);
      all += run;
    }
    return new Times(seconds);
  }

  /** Java makes loops faster in steps, and each may take a while to come. */
  private void warmUp(Runnable enqueue, Runnable await) {
    double fastest = Double.POSITIVE_INFINITY;
    double all = 0;
    double calm = 0;
    long compiling = 0;
    do {
      double run = run(1, enqueue, await);
      long compiled = compiled();
      calm = compiled > compiling || run * STEP < fastest ? 0 : calm + run;
      compiling = compiled;
      fastest = Math.min(fastest, run);
      all += run;
    } while (calm < warmUp && all < PATIENCE * warmUp);
  }

  /** Returns the milliseconds that the compilers have worked; 0 where there are none. */
  private static long compiled() {
    CompilationMXBean compiler = ManagementFactory.getCompilationMXBean();
    return compiler == null ? 0 : compiler.getTotalCompilationTime();
  }

  private static double run(int passes, Runnable enqueue, Runnable await) {
    long start = System.nanoTime();
    for (int i = 0; i < passes; i++) {
      enqueue.run();
    }
    await.run();
    return (System.nanoTime() - start) / 1e9;
  }
}
