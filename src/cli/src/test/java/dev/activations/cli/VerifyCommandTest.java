package dev.activations.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.activations.api.Finding;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/** On a device that copies, where it should compute. */
class VerifyCommandTest {
  private static BrittleDevice copying(String caveat) {
    return new BrittleDevice(Integer.MAX_VALUE, Optional.ofNullable(caveat));
  }

  @Test
  void aWrongDeviceFails() {
    Ran ran = Ran.on(FixedDevices.of(copying(null)), "verify", "gelu", "relu");
    assertEquals(1, ran.code());
    assertTrue(ran.out().contains("  FAIL gelu forward: values: "), ran.out());
    assertTrue(ran.out().contains("  FAIL relu derivative: values: "), ran.out());
    assertFalse(ran.out().contains("linear forward"), ran.out());
    assertFalse(ran.out().contains("  ok "), ran.out());
    assertTrue(ran.out().contains("\ntest:0 (glass): "), ran.out());
  }

  @Test
  void aWrongDeviceThatWarnedIsShownAndForgiven() {
    Finding missing = Finding.unusable("cuda", "cuda", "any", "No driver.", "Install one.");
    Finding flawed = Finding.usable(copying("It rounds."), "It is there.");
    Ran ran = Ran.on(new FixedDevices(List.of(missing, flawed)), "verify", "linear", "gelu", "-v");
    assertEquals(0, ran.code());
    assertTrue(ran.out().startsWith(missing + "\n"), ran.out());
    assertTrue(ran.out().contains("  FAIL gelu forward: values: "), ran.out());
    assertTrue(ran.out().contains("  ok   linear forward: special points"), ran.out());
    assertTrue(ran.out().endsWith("checks passed; it warned: It rounds.\n"), ran.out());
  }
}
