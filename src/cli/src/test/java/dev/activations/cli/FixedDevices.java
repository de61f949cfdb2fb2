package dev.activations.cli;

import dev.activations.Choice;
import dev.activations.api.Device;
import dev.activations.api.DeviceUnavailableException;
import dev.activations.api.Finding;
import java.util.List;
import java.util.stream.Stream;

/**
 * Devices that a test lays down.
 *
 * @param findings what there is
 */
public record FixedDevices(List<Finding> findings) implements DeviceSource {

  /** These devices, the first of which is the best. */
  public static FixedDevices of(Device... devices) {
    return new FixedDevices(
        Stream.of(devices).map(device -> Finding.usable(device, "It is there.")).toList());
  }

  @Override
  public Choice best() {
    Device first =
        findings.stream()
            .flatMap(finding -> finding.device().stream())
            .findFirst()
            .orElseThrow(() -> new DeviceUnavailableException("any", findings));
    return new Choice(first, "the first", findings);
  }

  @Override
  public Choice forHostData() {
    return best();
  }

  @Override
  public Choice choose(String selector) {
    return findings.stream()
        .flatMap(finding -> finding.device().stream())
        .filter(device -> device.id().equals(selector))
        .findFirst()
        .map(device -> new Choice(device, "asked for", findings))
        .orElseThrow(() -> new DeviceUnavailableException(selector, findings));
  }
}
