package dev.activations.cli.demo;

import java.util.Arrays;

/**
 * How long something takes once it is warm. For a glance; benchmarks are another matter.
 *
 * @param warmUp how many seconds to run before measuring, while the compilers are at work
 */
record Timing(double warmUp) {
  private static final int RUNS = 7;

  /** Returns the median of seven runs, in seconds. */
  double seconds(Runnable work) {
    long start = System.nanoTime();
    do {
      work.run();
    } while (System.nanoTime() - start < warmUp * 1e9);
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
