package dev.activations;

import dev.activations.api.Device;
import dev.activations.api.DeviceUnavailableException;
import dev.activations.api.Finding;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.function.BiPredicate;
import java.util.stream.Stream;

/** The rules of choosing, over findings that are already there. Touches no device. */
final class Chooser {
  private static final List<BiPredicate<Finding, String>> MEANINGS =
      List.of(
          (finding, selector) -> finding.id().equalsIgnoreCase(selector),
          (finding, selector) -> finding.backend().equalsIgnoreCase(selector),
          (finding, selector) -> type(finding).equalsIgnoreCase(selector),
          (finding, selector) -> lower(finding.name()).contains(lower(selector)));

  private final List<Finding> findings;

  Chooser(List<Finding> findings) {
    this.findings = findings;
  }

  /** The best device that keeps every promise. */
  Choice best() {
    List<Device> devices =
        usable(findings).filter(d -> d.caveat().isEmpty()).sorted(ORDER).toList();
    if (devices.isEmpty()) {
      throw new DeviceUnavailableException("any device with the same bits", findings);
    }
    String reason =
        devices.size() == 1
            ? "the only usable device"
            : "first of %d usable devices in the order %s"
                .formatted(devices.size(), devices.stream().map(Device::id).toList());
    return new Choice(devices.get(0), reason, findings);
  }

  /** The best device that works in the host's memory. */
  Choice hostData() {
    List<Finding> cpu = findings.stream().filter(f -> f.backend().equals("cpu")).toList();
    return new Choice(
        new Chooser(cpu).best().device(),
        "data in the host's memory stays on the CPU until moving it is known to pay",
        findings);
  }

  /** The best device that a selector means, or an exception that carries the findings. */
  Choice choose(String selector, String askedBy) {
    String wanted = selector.strip();
    for (BiPredicate<Finding, String> meaning : MEANINGS) {
      List<Finding> meant = findings.stream().filter(f -> meaning.test(f, wanted)).toList();
      if (!meant.isEmpty()) {
        return usable(meant)
            .min(ORDER)
            .map(device -> new Choice(device, "asked for by " + askedBy, findings))
            .orElseThrow(() -> new DeviceUnavailableException("'" + wanted + "'", findings));
      }
    }
    throw new DeviceUnavailableException("'" + wanted + "'", findings);
  }

  /** The device that a selector means, or else the best, with the reason of the fallback. */
  Choice prefer(String selector, String askedBy) {
    try {
      return choose(selector, askedBy);
    } catch (DeviceUnavailableException e) {
      Choice best = best();
      return new Choice(
          best.device(),
          "'%s' was preferred and is not usable; %s".formatted(selector, best.reason()),
          findings);
    }
  }

  private static Stream<Device> usable(List<Finding> findings) {
    return findings.stream().map(Finding::device).flatMap(Optional::stream);
  }

  /** Fast devices first; within a rank, the order in which the back ends report. */
  private static final Comparator<Device> ORDER = Comparator.comparingInt(Chooser::rank);

  private static int rank(Device device) {
    return switch (device.backend()) {
      case "cuda" -> 0;
      case "cpu" -> 3;
      default ->
          switch (device.type()) {
            case GPU -> 1;
            case ACCELERATOR -> 2;
            // The host's processor through a driver: the same arithmetic, with copies.
            case CPU -> 4;
          };
    };
  }

  private static String type(Finding finding) {
    return finding.device().map(device -> device.type().name()).orElse("");
  }

  private static String lower(String text) {
    return text.toLowerCase(Locale.ROOT);
  }
}
