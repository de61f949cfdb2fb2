package dev.activations.opencl;

import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.DynamicContainer.dynamicContainer;
import static org.junit.jupiter.api.DynamicTest.dynamicTest;

import dev.activations.verify.Conformance;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicContainer;
import org.junit.jupiter.api.TestFactory;

/** Every OpenCL device of this machine gives the bits of the definition. */
class OpenClConformanceTest {
  @TestFactory
  Stream<DynamicContainer> conforms() {
    return OpenClDevices.all().stream()
        .map(
            device ->
                dynamicContainer(
                    device.toString(),
                    Conformance.run(device).stream()
                        .map(
                            check ->
                                dynamicTest(
                                    check.name(),
                                    () -> assertTrue(check.passed(), check.detail())))));
  }
}
