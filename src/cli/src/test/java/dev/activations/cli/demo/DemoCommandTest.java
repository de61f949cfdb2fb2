package dev.activations.cli.demo;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.activations.Devices;
import dev.activations.api.Device;
import dev.activations.api.Finding;
import dev.activations.cli.BrittleDevice;
import dev.activations.cli.DeviceSource;
import dev.activations.cli.FixedDevices;
import dev.activations.cli.Ran;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class DemoCommandTest {
  private static final Device SCALAR = Devices.choose("cpu:scalar").device();

  private static Ran demo(DeviceSource devices) {
    return Ran.on(devices, "demo", "--elements", "60000", "--warm-up", "0.01");
  }

  private static String row(Ran ran, String id) {
    return ran.out().lines().filter(line -> line.startsWith("  " + id + "  ")).findFirst().get();
  }

  @Test
  void everyUsableDeviceGivesTheSameBits() {
    Ran ran = demo(DeviceSource.FOUND);
    assertEquals(0, ran.code(), ran.out());
    assertTrue(ran.out().contains("Runs on  " + Devices.best()), ran.out());
    assertTrue(ran.out().contains("of the 450 images"), ran.out());
    assertTrue(row(ran, "cpu:scalar").endsWith("the definition"), ran.out());
    for (Finding finding : Devices.findings()) {
      assertTrue(ran.out().contains(finding.toString()), ran.out());
      if (finding.isUsable() && !finding.id().equals("cpu:scalar")) {
        assertTrue(row(ran, finding.id()).endsWith("the same bits"), ran.out());
      }
    }
  }

  /** The device copies, where it should compute gelu. */
  @Test
  void otherBitsAreAFailure() {
    Device wrong = new BrittleDevice(Integer.MAX_VALUE, Optional.empty());
    Ran ran = demo(FixedDevices.of(SCALAR, wrong));
    assertEquals(1, ran.code());
    assertTrue(row(ran, "test:0").endsWith("OTHER BITS"), ran.out());
  }

  @Test
  void otherBitsAreNoneWhereTheDeviceWarned() {
    Device flawed = new BrittleDevice(Integer.MAX_VALUE, Optional.of("It rounds."));
    Ran ran = demo(FixedDevices.of(SCALAR, flawed));
    assertEquals(0, ran.code());
    assertTrue(row(ran, "test:0").endsWith("OTHER BITS, as warned: It rounds."), ran.out());
  }

  @Test
  void aDeviceThatFailsIsNamed() {
    Ran ran = demo(FixedDevices.of(SCALAR, new BrittleDevice(1, Optional.empty())));
    assertEquals(1, ran.code());
    assertTrue(row(ran, "test:0").contains("failed: shatter failed with OUT_OF_GLASS"), ran.out());
  }
}
