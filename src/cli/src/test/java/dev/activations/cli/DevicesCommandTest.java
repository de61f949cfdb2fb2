package dev.activations.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.jr.ob.JSON;
import dev.activations.Devices;
import dev.activations.api.Finding;
import java.io.IOException;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class DevicesCommandTest {
  private static final Finding MISSING =
      Finding.unusable("cuda", "cuda", "any GPU", "There is no driver.", "Install one.");
  private static final Finding GLASS =
      Finding.usable(new BrittleDevice(0, Optional.of("It rounds.")), "It is there.");

  @Test
  void theTableSaysWhyAndWhatToDo() {
    Ran ran = Ran.on(new FixedDevices(List.of(MISSING, GLASS)), "devices");
    assertEquals(0, ran.code());
    assertEquals(
        """
        ID      BACK END  USABLE  NAME
        cuda    cuda      no      any GPU
            reason: There is no driver.
            remedy: Install one.
        test:0  test      yes     glass
            reason: It is there.
            caveat: It rounds.
            types: float32, float64, float16, bfloat16
            memory: none

        For data that lives on it: test:0 (glass): the first
        For data in files:         test:0 (glass): the first
        """,
        ran.out());
  }

  @Test
  void noUsableDeviceIsNoFailureOfThisCommand() {
    Ran ran = Ran.on(new FixedDevices(List.of(MISSING)), "devices");
    assertEquals(0, ran.code());
    String end = "For data in files:         none, no usable device matches any\n";
    assertTrue(ran.out().endsWith(end), ran.out());
  }

  @Test
  void jsonHoldsTheSame() throws IOException {
    Ran ran = Ran.on(new FixedDevices(List.of(MISSING, GLASS)), "devices", "--json");
    List<Object> devices = JSON.std.listFrom(ran.out());
    assertEquals(2, devices.size());
    Map<?, ?> missing = (Map<?, ?>) devices.get(0);
    assertEquals("cuda", missing.get("id"));
    assertEquals(false, missing.get("usable"));
    assertEquals("There is no driver.", missing.get("reason"));
    assertEquals("Install one.", missing.get("remedy"));
    Map<?, ?> glass = (Map<?, ?>) devices.get(1);
    assertEquals("test:0", glass.get("id"));
    assertEquals("glass", glass.get("name"));
    assertEquals("test", glass.get("backend"));
    assertEquals("accelerator", glass.get("type"));
    assertEquals(true, glass.get("usable"));
    assertEquals("It rounds.", glass.get("caveat"));
    assertEquals(Map.of("memory", "none"), glass.get("properties"));
  }

  @Test
  void realFindingsAreAllThere() throws IOException {
    List<String> ids =
        JSON.std.listFrom(Ran.command("devices", "--json").out()).stream()
            .map(device -> (String) ((Map<?, ?>) device).get("id"))
            .toList();
    assertEquals(Devices.findings().stream().map(Finding::id).toList(), ids);
  }
}
