package dev.activations;

import java.util.Arrays;
import java.util.function.ToDoubleFunction;

/**
 * Measures what a device takes for one kind of pass, in about 50 ms once its kernels are built: the
 * latency on few elements, the rest on many, the median of several runs each.
 */
final class Calibration {
  /** So few elements that nearly all of the time is latency. */
  private static final long FEW = 1 << 10;

  /** Where the search for a run that is long enough begins, and where it ends. */
  private static final long SOME = 1 << 16;

  private static final long MANY = 1 << 20;

  /** Seconds of a run in which latency and the clock hardly count. */
  private static final double LONG_ENOUGH = 4e-3;

  private static final int LEAST_RUNS = 3;
  private static final int MOST_RUNS = 25;

  /** Seconds after which no further run is begun: three such rows, and the search before them. */
  private static final double ENOUGH = 12e-3;

  /** Thrown when the calling thread is interrupted, which stays so. */
  static final class InterruptedCalibration extends RuntimeException {
    private static final long serialVersionUID = 1L;
  }

  private Calibration() {}

  /**
   * Measures.
   *
   * @param like a pass of the kind, of any size
   * @throws InterruptedCalibration if the thread is interrupted
   */
  static Costs of(Machine machine, Workload like) {
    Workload few = like.resized(FEW);
    // The first runs build kernels and touch new memory.
    run(machine::pass, few);
    double call = median(machine::pass, few);

    long wanted = SOME;
    Workload many = like.resized(wanted);
    run(machine::pass, many);
    while (run(machine::pass, many) < LONG_ENOUGH && wanted < MANY) {
      wanted *= 4;
      many = like.resized(wanted);
      run(machine::pass, many);
    }
    double whole = median(machine::pass, many);
    long more = many.count() - few.count();
    double slope = more > 0 ? Math.max(0, whole - call) / more : whole / many.count();
    double latency = Math.max(0, call - slope * few.count());

    double growth = slope * many.count();
    double in = median(machine::copyIn, many);
    double out = median(machine::copyOut, many);
    // Where copies overlap with each other or with the work, each counts with what it adds.
    double share = in + out > growth ? growth / (in + out) : 1;
    return new Costs(
        latency,
        share * in / many.bytesIn(),
        Math.max(0, growth - in - out) / many.count(),
        share * out / many.bytesOut());
  }

  private static double median(ToDoubleFunction<Workload> step, Workload workload) {
    double[] seconds = new double[MOST_RUNS];
    double all = 0;
    int runs = 0;
    while (runs < LEAST_RUNS || runs < MOST_RUNS && all < ENOUGH) {
      seconds[runs] = run(step, workload);
      all += seconds[runs++];
    }
    Arrays.sort(seconds, 0, runs);
    return (seconds[(runs - 1) / 2] + seconds[runs / 2]) / 2;
  }

  private static double run(ToDoubleFunction<Workload> step, Workload workload) {
    if (Thread.currentThread().isInterrupted()) {
      throw new InterruptedCalibration();
    }
    return step.applyAsDouble(workload);
  }
}
