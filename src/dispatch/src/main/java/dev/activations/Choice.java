package dev.activations;

import dev.activations.api.ActivationException;
import dev.activations.api.Device;
import dev.activations.api.Finding;
import dev.activations.api.Session;
import java.util.List;

/**
 * A chosen device, with the answer to "why this one, and why not the others?".
 *
 * @param device the device
 * @param reason why it was chosen, one sentence
 * @param findings all that was found where the choice looked, the chosen device included
 */
public record Choice(Device device, String reason, List<Finding> findings) {

  /** Keeps the findings as they are. */
  public Choice {
    findings = List.copyOf(findings);
  }

  /**
   * Opens a session on the device. Never falls back: a device that fails now is an exception.
   *
   * @throws ActivationException if the device has become unusable since it was found
   */
  public Session open() {
    return device.open();
  }

  @Override
  public String toString() {
    return "%s (%s): %s".formatted(device.id(), device.name(), reason);
  }
}
