package dev.activations.cli.demo;

import java.util.Arrays;

/** How long something takes once it is warm. For a glance; benchmarks are another matter. */
final class Timing {
  private static final long WARM_UP_NANOS = 500_000_000L;
  private static final int RUNS = 7;

  private Timing() {}

  /** Returns the median of seven runs, in seconds, after half a second of running. */
  static double seconds(Runnable work) {
    long start = System.nanoTime();
    do {
      work.run();
    } while (System.nanoTime() - start < WARM_UP_NANOS);
    long[] nanos = new long[RUNS];
    for (int i = 0; i < RUNS; i++) {
      long before = System.nanoTime();
      work.run();
      nanos[i] = System.nanoTime() - before;
    }
    Arrays.sort(nanos);
    return nanos[RUNS / 2] / 1e9;
  }
}
