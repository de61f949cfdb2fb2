package dev.activations.cuda;

import java.util.Optional;

/**
 * PTX for the GPUs from one compute capability on, and for the drivers that know its version of the
 * language; the best first. {@code ci/ptx.sh} has the same table.
 */
enum Tier {
  /** Ampere and later: CUDA 11.0. */
  SM_80(80, "7.0", 11_000),
  /** Pascal and later: CUDA 10.0. */
  SM_60(60, "6.3", 10_000);

  private final int target;
  private final String version;
  private final int driver;

  Tier(int target, String version, int driver) {
    this.target = target;
    this.version = version;
    this.driver = driver;
  }

  /** Returns the folder of the tier under {@code kernels-cuda/ptx}. */
  String folder() {
    return "sm_" + target;
  }

  /** Returns the version of PTX, as the first line of a file states it. */
  String version() {
    return version;
  }

  /** Returns why a device cannot take the tier, or nothing if it should. */
  Optional<String> obstacle(Description device) {
    if (10 * device.major() + device.minor() < target) {
      return Optional.of("needs compute capability %d.%d".formatted(target / 10, target % 10));
    }
    if (device.driver() < driver) {
      return Optional.of(
          "needs a driver of CUDA %s; this one offers %s"
              .formatted(Description.version(driver), Description.version(device.driver())));
    }
    return Optional.empty();
  }

  @Override
  public String toString() {
    return "PTX %s for %s".formatted(version, folder());
  }
}
