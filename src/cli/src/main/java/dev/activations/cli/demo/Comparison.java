package dev.activations.cli.demo;

import dev.activations.api.ActivationException;
import dev.activations.api.Device;
import dev.activations.api.Finding;
import dev.activations.cli.Screen;
import dev.activations.cli.bench.Timing;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/** Runs gelu over the same values on every usable device, and compares speed and bits. */
final class Comparison {
  private static final String DEFINITION = "cpu:scalar";
  private static final String ROW = "  %-12s  %10s  %10s  %10s  %-16s  %s";

  private final Screen screen;
  private final float[] values;
  private final Timing timing;
  private String expected;
  private boolean allWell = true;

  Comparison(Screen screen, float[] values, Timing timing) {
    this.screen = screen;
    this.values = values;
    this.timing = timing;
  }

  /** Prints a line for each device; returns whether all worked and kept their promises. */
  boolean run(List<Finding> findings) {
    print(
        "gelu of this batch, repeated to %.1f million numbers that live on the device, in GB/s read"
            + " and",
        values.length / 1e6);
    print("written; against the identity on the same device, and a plain copy in Java:");
    print(ROW, "device", "identity", "gelu", "", "digest of y", "");
    float[] copy = new float[values.length];
    double copying = timing.of(() -> System.arraycopy(values, 0, copy, 0, copy.length)).median();
    print(ROW, "plain copy", rate(copying), "", "", "", "arraycopy, one thread");
    findings.stream()
        .map(Finding::device)
        .flatMap(Optional::stream)
        // The definition first, because the others are compared to it.
        .sorted(Comparator.comparing(device -> !device.id().equals(DEFINITION)))
        .forEach(this::measure);
    return allWell;
  }

  private void measure(Device device) {
    try {
      Measurement measured = Measurement.of(device, values, timing);
      print(
          ROW,
          device.id(),
          rate(measured.identity()),
          rate(measured.gelu()),
          "%.0f %%".formatted(100 * measured.identity() / measured.gelu()),
          measured.digest(),
          verdict(device, measured.digest()));
    } catch (ActivationException e) {
      allWell = false;
      print("  %-12s  failed: %s", device.id(), e.getMessage());
    }
  }

  private String verdict(Device device, String digest) {
    if (expected == null) {
      expected = digest;
      return device.id().equals(DEFINITION) ? "the definition" : "";
    }
    if (digest.equals(expected)) {
      return "the same bits";
    }
    allWell &= device.caveat().isPresent();
    return device.caveat().map(why -> "OTHER BITS, as warned: " + why).orElse("OTHER BITS");
  }

  private String rate(double seconds) {
    double bytes = 2.0 * Float.BYTES * values.length;
    return String.format(Locale.ROOT, "%.1f", bytes / seconds / 1e9);
  }

  private void print(String format, Object... arguments) {
    screen.out().println(String.format(Locale.ROOT, format, arguments).stripTrailing());
  }
}
