package dev.activations.cli;

import dev.activations.Choice;
import picocli.CommandLine.Option;

/** The option of commands that work on the host's data. */
public final class DeviceOption {
  @Option(
      names = "--device",
      paramLabel = "<selector>",
      description =
          "Run on this device and no other: an id, back end, type or part of a name of"
              + " 'activations devices'. Default: the CPU, or what ACTIVATIONS_DEVICE says.")
  private String selector;

  /** Returns the device that is asked for, or else the one for the host's data. */
  public Choice choose(DeviceSource devices) {
    return selector == null ? devices.forHostData() : devices.choose(selector);
  }
}
