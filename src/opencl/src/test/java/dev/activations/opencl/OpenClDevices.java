package dev.activations.opencl;

import dev.activations.api.Finding;
import java.util.List;

/** The devices that the tests run on. */
final class OpenClDevices {
  private OpenClDevices() {}

  /** Returns all usable devices; fails where there is none, since PoCL runs on every machine. */
  static List<OpenClDevice> all() {
    List<Finding> findings = new OpenClBackend().probe();
    List<OpenClDevice> devices =
        findings.stream()
            .flatMap(finding -> finding.device().stream())
            .map(OpenClDevice.class::cast)
            .toList();
    if (devices.isEmpty()) {
      throw new AssertionError(
          "these tests need an OpenCL device, which any machine can have:"
              + " 'apt-get install ocl-icd-libopencl1 pocl-opencl-icd'. Found: "
              + findings);
    }
    return devices;
  }

  /** Returns the first usable device. */
  static OpenClDevice first() {
    return all().get(0);
  }
}
