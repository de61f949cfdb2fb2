package dev.activations;

import java.util.Locale;

/**
 * How long a pass over the host's data is expected to take on one device, in seconds, and of what
 * that is made.
 *
 * @param latency what a call takes whatever its size
 * @param in the way of the inputs to the device
 * @param compute the device's own work
 * @param out the way of the results back
 * @param correction what passes of this kind and size took, over what was predicted for them
 */
public record Estimate(double latency, double in, double compute, double out, double correction) {

  /** Returns the whole, corrected. */
  public double seconds() {
    return (latency + in + compute + out) * correction;
  }

  @Override
  public String toString() {
    return String.format(
        Locale.ROOT,
        "%s = (%s latency + %s in + %s compute + %s out) · %.2f as observed",
        text(seconds()),
        text(latency),
        text(in),
        text(compute),
        text(out),
        correction);
  }

  /** Returns seconds in the unit that suits them. */
  static String text(double seconds) {
    if (seconds == 0) {
      return "0";
    }
    return seconds < 1e-3
        ? String.format(Locale.ROOT, "%.1f µs", seconds * 1e6)
        : seconds < 1
            ? String.format(Locale.ROOT, "%.2f ms", seconds * 1e3)
            : String.format(Locale.ROOT, "%.2f s", seconds);
  }
}
