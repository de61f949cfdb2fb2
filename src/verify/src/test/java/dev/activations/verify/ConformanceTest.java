package dev.activations.verify;

import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.activations.api.Device;
import dev.activations.api.Finding;
import dev.activations.spi.Backend;
import java.util.Optional;
import java.util.ServiceLoader;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicContainer;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;

class ConformanceTest {
  @TestFactory
  Stream<DynamicContainer> everyCpuDeviceIsTheDefinition() {
    Stream<Device> found =
        ServiceLoader.load(Backend.class).stream()
            .flatMap(backend -> backend.get().probe().stream())
            .map(Finding::device)
            .flatMap(Optional::stream);
    return Stream.concat(Stream.of(new ToyDevice()), found)
        .map(device -> DynamicContainer.dynamicContainer(device.id(), checks(device)));
  }

  private static Stream<DynamicTest> checks(Device device) {
    return Conformance.run(device).checks().stream()
        .map(
            check ->
                DynamicTest.dynamicTest(
                    check.name(), () -> assertTrue(check.passed(), check.detail())));
  }
}
