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

  /** Returns the same device, to which the host's data is copied as to one with its own memory. */
  static OpenClDevice withOwnMemory(OpenClDevice device) {
    Description same = device.description();
    Description own =
        new Description(
            same.name(),
            same.type(),
            same.platform(),
            same.driver(),
            same.version(),
            same.language(),
            same.profile(),
            same.available(),
            same.compiler(),
            same.computeUnits(),
            same.globalMemory(),
            same.maxAllocation(),
            false,
            same.singleFpConfig(),
            same.doubleFpConfig());
    return new OpenClDevice(device.id(), own, device.platform(), device.handle(), device.given());
  }
}
