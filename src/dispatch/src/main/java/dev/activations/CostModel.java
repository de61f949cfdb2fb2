package dev.activations;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * Which of several devices is the fastest for one kind of pass, from what they should take and what
 * they took. Does no input or output, and has no clock. Not safe for use by several threads.
 *
 * <p>For each power of two of elements it keeps, for each device, the ratio of observed to
 * predicted times as an exponentially weighted mean of logarithms, which follows large changes
 * quickly and small ones, noise mostly, slowly. A slow run counts when the run before it was slow
 * as well: alone it is a hiccup. A run much faster than expected counts in full, because nothing
 * makes a run fast by accident.
 *
 * <p>A device is left when another is predicted to be faster by {@link #MARGIN}. Now and then one
 * that is not believed to be the fastest gets a run, in case that has changed: as often as all such
 * runs together are expected to cost {@link #REGRET} of the time of all runs, so that the slowest
 * are tried the least often.
 */
final class CostModel {
  /** How much faster another device must be, so that noise makes nobody switch to and fro. */
  static final double MARGIN = 0.05;

  /** The share of all time that may be lost by trying other devices. */
  static final double REGRET = 0.02;

  /** The calls that lie between two trials of one device, at least. */
  static final int RARE = 16;

  /** The weights of a run that is near the mean and of one that is not; and what is near. */
  private static final double NEAR_WEIGHT = 0.15;

  private static final double FAR_WEIGHT = 0.5;
  private static final double NEAR = Math.log(1.2);

  /** What no clock tells from nothing. */
  private static final double TICK = 1e-9;

  /** A run in less than half the time expected is believed at once. */
  private static final double MUCH = Math.log(2);

  private final List<Costs> costs;
  private final boolean[] left;
  private final Map<Integer, Scale> scales = new HashMap<>();

  /** What was observed at sizes from a power of two to the next. */
  private final class Scale {
    final double[] ratio = new double[costs.size()];
    final double[] last = new double[costs.size()];
    final double[] credit = new double[costs.size()];
    final long[] tried = new long[costs.size()];
    long calls;
    int current = -1;
  }

  /**
   * A model that has observed nothing.
   *
   * @param costs of each device
   */
  CostModel(List<Costs> costs) {
    this.costs = List.copyOf(costs);
    this.left = new boolean[costs.size()];
  }

  /** Returns what each device is expected to take. */
  List<Estimate> estimates(Workload workload) {
    Scale scale = scale(workload);
    List<Estimate> estimates = new ArrayList<>();
    for (int i = 0; i < costs.size(); i++) {
      estimates.add(costs.get(i).estimate(workload, Math.exp(scale.ratio[i])));
    }
    return estimates;
  }

  /** Returns the device that is believed to be the fastest, and changes nothing. */
  int best(Workload workload) {
    return best(scale(workload).current, seconds(workload));
  }

  /** Returns the device to run a pass on: the best, or one whose turn it is to be tried. */
  int choose(Workload workload) {
    Scale scale = scale(workload);
    double[] seconds = seconds(workload);
    scale.current = best(scale.current, seconds);
    double fastest = seconds[scale.current];
    scale.calls++;
    for (int i = 0; i < seconds.length; i++) {
      scale.credit[i] += REGRET / seconds.length * fastest;
    }
    for (int i = 0; i < seconds.length; i++) {
      double loss = Math.max(0, seconds[i] - fastest);
      if (i != scale.current && loss <= scale.credit[i] && scale.calls - scale.tried[i] >= RARE) {
        scale.tried[i] = scale.calls;
        scale.credit[i] = 0;
        return i;
      }
    }
    return scale.current;
  }

  /** Takes note of how long a pass took on a device. */
  void observe(int device, Workload workload, double seconds) {
    Scale scale = scale(workload);
    double predicted = Math.max(TICK, costs.get(device).estimate(workload, 1).seconds());
    double now = Math.log(Math.max(TICK, seconds) / predicted);
    double ratio = scale.ratio[device];
    double counted = now - ratio > NEAR ? Math.max(ratio, Math.min(now, scale.last[device])) : now;
    double change = counted - ratio;
    scale.ratio[device] += weight(change, device != scale.current) * change;
    scale.last[device] = now;
  }

  private static double weight(double change, boolean trial) {
    if (Math.abs(change) < NEAR) {
      return NEAR_WEIGHT;
    }
    // What a trial finds is believed in full, since the next one may be long in coming.
    return trial || change < -MUCH ? 1 : FAR_WEIGHT;
  }

  /** Leaves a device for good. */
  void leave(int device) {
    left[device] = true;
  }

  private int best(int current, double[] seconds) {
    int fastest = 0;
    for (int i = 1; i < seconds.length; i++) {
      fastest = seconds[i] < seconds[fastest] ? i : fastest;
    }
    return current >= 0 && seconds[fastest] * (1 + MARGIN) >= seconds[current] ? current : fastest;
  }

  private double[] seconds(Workload workload) {
    double[] seconds = estimates(workload).stream().mapToDouble(Estimate::seconds).toArray();
    for (int i = 0; i < seconds.length; i++) {
      seconds[i] = left[i] ? Double.POSITIVE_INFINITY : seconds[i];
    }
    return seconds;
  }

  private Scale scale(Workload workload) {
    int octave = Long.SIZE - Long.numberOfLeadingZeros(workload.count());
    return scales.computeIfAbsent(octave, any -> new Scale());
  }
}
