package dev.activations.opencl;

import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.DynamicContainer.dynamicContainer;
import static org.junit.jupiter.api.DynamicTest.dynamicTest;

import dev.activations.verify.Conformance;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicContainer;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;

/**
 * Every OpenCL device of this machine gives the bits of the definition, whichever way its kernels
 * walk: the way of GPUs is tested without one.
 */
class OpenClConformanceTest {
  @TestFactory
  Stream<DynamicContainer> walkingAsCpusDo() {
    return conforms(Walk.CPU);
  }

  @TestFactory
  Stream<DynamicContainer> walkingAsGpusDo() {
    return conforms(Walk.GPU);
  }

  private static Stream<DynamicContainer> conforms(Walk walk) {
    return OpenClDevices.all().stream()
        .map(device -> dynamicContainer(device.toString(), checks(device, walk)));
  }

  private static Stream<DynamicTest> checks(OpenClDevice device, Walk walk) {
    return Conformance.run(OpenClDevices.walking(device, walk)).checks().stream()
        .map(check -> dynamicTest(check.name(), () -> assertTrue(check.passed(), check.detail())));
  }
}
