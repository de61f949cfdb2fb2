package dev.activations.cuda;

import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;

/**
 * What the driver says about a device.
 *
 * @param name the device's name
 * @param driver the CUDA version of the driver, as 1000·major + 10·minor
 * @param major its compute capability before the point
 * @param minor its compute capability after the point
 * @param prohibited whether its administrator allows no use of it
 * @param multiprocessors the number of its multiprocessors
 * @param memory its memory in bytes
 * @param uuid what tells it from every other GPU, as {@code nvidia-smi -L} prints it
 * @param bus its place on the PCI bus
 */
record Description(
    String name,
    int driver,
    int major,
    int minor,
    boolean prohibited,
    int multiprocessors,
    long memory,
    String uuid,
    String bus) {

  /** The oldest architecture that the PTX is made for: Pascal. */
  private static final int OLDEST_MAJOR = 6;

  /** Returns why the device cannot be used, or nothing if it can. */
  Optional<Obstacle> obstacle() {
    if (major < OLDEST_MAJOR) {
      return Optional.of(
          new Obstacle(
              "The device has compute capability %d.%d; %d.0 is needed."
                  .formatted(major, minor, OLDEST_MAJOR),
              "Use OpenCL on it, or a GPU of the year 2016 (Pascal) or later."));
    }
    if (prohibited) {
      return Optional.of(
          new Obstacle(
              "The device's compute mode prohibits all use of it.",
              "Let its administrator run 'nvidia-smi --compute-mode=DEFAULT'."));
    }
    return Optional.empty();
  }

  /** Returns what a compiled program depends on: the architecture and the driver. */
  String architecture() {
    return "sm_%d%d, driver %s".formatted(major, minor, version(driver));
  }

  /** Returns all of it for people, in the order in which to print it. */
  Map<String, String> properties() {
    Map<String, String> properties = new LinkedHashMap<>();
    properties.put("driver", "CUDA " + version(driver));
    properties.put("compute capability", major + "." + minor);
    properties.put("multiprocessors", Integer.toString(multiprocessors));
    properties.put("memory", memory + " bytes");
    properties.put("uuid", uuid);
    properties.put("pci bus", bus);
    return properties;
  }

  /** Returns a version of CUDA as people write it. */
  static String version(int code) {
    return "%d.%d".formatted(code / 1000, code % 1000 / 10);
  }
}
