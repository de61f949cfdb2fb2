package dev.activations;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Optional;

/**
 * What one device takes for one kind of pass: {@code latency + in·bytes + element·count +
 * out·bytes}.
 *
 * @param latency the seconds of a call, whatever its size: allocation, launch, the first byte of
 *     each transfer, and the wait for the last
 * @param in the seconds that a byte takes to the device; 0 where it works in the host's memory
 * @param element the seconds that the device works on an element
 * @param out the seconds that a byte takes back
 */
record Costs(double latency, double in, double element, double out) {
  private static final String HEAD = "latency in element out";

  /** Predicts a pass. */
  Estimate estimate(Workload workload, double correction) {
    return new Estimate(
        latency,
        in * workload.bytesIn(),
        element * workload.count(),
        out * workload.bytesOut(),
        correction);
  }

  /** Returns the costs as they are kept in a file. */
  byte[] content() {
    return "%s\n%s %s %s %s\n"
        .formatted(HEAD, latency, in, element, out)
        .getBytes(StandardCharsets.US_ASCII);
  }

  /** Returns the costs that a file holds, or nothing if it holds something else. */
  static Optional<Costs> of(byte[] content) {
    String[] lines = new String(content, StandardCharsets.US_ASCII).split("\n");
    if (lines.length != 2 || !lines[0].equals(HEAD)) {
      return Optional.empty();
    }
    try {
      double[] costs =
          Arrays.stream(lines[1].split(" ")).mapToDouble(Double::parseDouble).toArray();
      boolean sound =
          costs.length == 4
              && Arrays.stream(costs).allMatch(cost -> cost >= 0 && Double.isFinite(cost))
              && Arrays.stream(costs).sum() > 0;
      return sound
          ? Optional.of(new Costs(costs[0], costs[1], costs[2], costs[3]))
          : Optional.empty();
    } catch (NumberFormatException e) {
      return Optional.empty();
    }
  }
}
