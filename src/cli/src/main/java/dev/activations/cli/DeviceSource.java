package dev.activations.cli;

import dev.activations.Choice;
import dev.activations.Devices;
import dev.activations.api.DeviceUnavailableException;
import dev.activations.api.Finding;
import dev.activations.files.InputException;
import java.util.List;

/** Where the commands get their devices from. */
public interface DeviceSource {

  /** The devices that the library finds. */
  DeviceSource FOUND =
      new DeviceSource() {
        @Override
        public List<Finding> findings() {
          return Devices.findings();
        }

        @Override
        public Choice best() {
          return Devices.best();
        }

        @Override
        public Choice forHostData() {
          return Devices.forHostData();
        }

        @Override
        public Choice choose(String selector) {
          try {
            return Devices.choose(selector);
          } catch (IllegalArgumentException e) {
            throw new InputException(e);
          }
        }
      };

  /** As {@link Devices#findings}. */
  List<Finding> findings();

  /**
   * As {@link Devices#best}.
   *
   * @throws DeviceUnavailableException if the device asked for cannot be used
   */
  Choice best();

  /**
   * As {@link Devices#forHostData}.
   *
   * @throws DeviceUnavailableException if the device asked for cannot be used
   */
  Choice forHostData();

  /**
   * As {@link Devices#choose}.
   *
   * @throws DeviceUnavailableException if no usable device matches
   * @throws InputException if the selector is blank
   */
  Choice choose(String selector);
}
