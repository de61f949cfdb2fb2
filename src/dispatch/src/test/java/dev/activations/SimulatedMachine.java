package dev.activations;

import java.util.Random;
import java.util.function.DoubleUnaryOperator;

/** A machine of which all times are known. It has no memory and takes no time. */
final class SimulatedMachine implements Machine {
  private final double latency;
  private final double in;
  private final DoubleUnaryOperator compute;
  private final double out;
  private final double noise;
  private final Random random;
  private double slowness = 1;
  private double clock;

  /**
   * A machine.
   *
   * @param in seconds a byte
   * @param compute seconds of work on so many elements
   * @param out seconds a byte
   * @param noise the standard deviation of the logarithm of a time; a run in 200 takes ten times as
   *     long besides, if it is not 0
   */
  SimulatedMachine(
      double latency,
      double in,
      DoubleUnaryOperator compute,
      double out,
      double noise,
      Random random) {
    this.latency = latency;
    this.in = in;
    this.compute = compute;
    this.out = out;
    this.noise = noise;
    this.random = random;
  }

  /** Takes so many times as long from now on. */
  void slowDown(double times) {
    slowness = times;
  }

  /** Returns the seconds of all that it has done. */
  double clock() {
    return clock;
  }

  /** What a pass takes, without noise. */
  double truth(Workload workload) {
    return slowness
        * (latency
            + in * workload.bytesIn()
            + compute.applyAsDouble(workload.count())
            + out * workload.bytesOut());
  }

  @Override
  public double pass(Workload workload) {
    return noisy(truth(workload));
  }

  @Override
  public double copyIn(Workload workload) {
    return in == 0 ? 0 : noisy(latency / 3 + in * workload.bytesIn());
  }

  @Override
  public double copyOut(Workload workload) {
    return out == 0 ? 0 : noisy(latency / 3 + out * workload.bytesOut());
  }

  private double noisy(double seconds) {
    double hiccup = noise > 0 && random.nextInt(200) == 0 ? 10 : 1;
    double taken = seconds * hiccup * Math.exp(noise * random.nextGaussian());
    clock += taken;
    return taken;
  }
}
