package dev.activations.api;

import java.util.Optional;

/**
 * What a search found out about one device, or about a back end that has none. Every device that is
 * not used has a finding with a reason and a remedy.
 *
 * @param backend the back end's name: {@code cuda}, {@code opencl}, {@code cpu}
 * @param id the device's id, or the back end's name where no device could be reached
 * @param name the device's name as its driver gives it, or what was looked for
 * @param device the device, present exactly when it can be used
 * @param reason why it can or cannot be used, one sentence
 * @param remedy what the user can do about it, a command where there is one; empty when usable
 */
public record Finding(
    String backend, String id, String name, Optional<Device> device, String reason, String remedy) {

  /** Checks that an unusable device has a reason and a remedy. */
  public Finding {
    if (device.isEmpty() && (reason.isBlank() || remedy.isBlank())) {
      throw new IllegalArgumentException(
          "an unusable device needs a reason and a remedy: " + backend + " " + id);
    }
  }

  /** A device that can be used, and why it is believed so. */
  public static Finding usable(Device device, String reason) {
    return new Finding(
        device.backend(), device.id(), device.name(), Optional.of(device), reason, "");
  }

  /** A device or back end that cannot be used. */
  public static Finding unusable(
      String backend, String id, String name, String reason, String remedy) {
    return new Finding(backend, id, name, Optional.empty(), reason, remedy);
  }

  /** Returns whether the device can be used. */
  public boolean isUsable() {
    return device.isPresent();
  }

  @Override
  public String toString() {
    return isUsable()
        ? "%s (%s): usable. %s".formatted(id, name, reason)
        : "%s (%s): not usable. %s Remedy: %s".formatted(id, name, reason, remedy);
  }
}
