package dev.activations.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.jr.ob.JSON;
import dev.activations.api.Device;
import dev.activations.api.Finding;
import dev.activations.cpu.CpuBackend;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class VerifyCommandTest {
  private static final Finding MISSING =
      Finding.unusable("cuda", "cuda", "any <GPU>", "No driver.", "Install one.");

  @TempDir Path directory;

  /** A device that copies, where it should compute. */
  private static BrittleDevice copying(String caveat) {
    return new BrittleDevice(Integer.MAX_VALUE, Optional.ofNullable(caveat));
  }

  private static Device right() {
    return new CpuBackend()
        .probe().stream().map(Finding::device).flatMap(Optional::stream).toList().get(0);
  }

  private List<Path> left() throws IOException {
    try (Stream<Path> files = Files.list(directory)) {
      return files.sorted().toList();
    }
  }

  @Test
  void aRightDevicePasses() {
    Ran ran = Ran.on(FixedDevices.of(right()), "verify", "relu", "softmax", "--inputs", "1000");
    assertEquals(0, ran.code(), ran.out() + ran.err());
    assertTrue(ran.out().contains(" checks passed\n"), ran.out());
    assertTrue(
        ran.out().matches("(?s).*\n  relu +forward +float32 +[\\d,]+ +equal +0\\.0000 +0\\.0\n.*"),
        ran.out());
    assertTrue(
        ran.out()
            .matches("(?s).*\n  softmax +backward +float32 +[\\d,]+ +equal +0\\.\\d+ +1\\.0\n.*"),
        ran.out());
    assertEquals("", ran.err());
  }

  @Test
  void aWrongDeviceFails() {
    Ran ran =
        Ran.on(
            FixedDevices.of(copying(null), right()), "verify", "gelu", "relu", "--inputs", "1000");
    assertEquals(1, ran.code());
    assertTrue(ran.out().contains("  FAIL gelu forward: values: "), ran.out());
    assertTrue(ran.out().contains("  FAIL relu derivative: values: "), ran.out());
    assertTrue(ran.out().contains("  FAIL gelu forward: random inputs: "), ran.out());
    assertTrue(ran.out().contains("  FAIL gelu forward: errors: "), ran.out());
    assertTrue(ran.out().contains("where 1.0 is promised"), ran.out());
    assertTrue(ran.out().contains("DIFFER"), ran.out());
    assertFalse(ran.out().contains("linear"), ran.out());
    assertFalse(ran.out().contains("  ok "), ran.out());
    assertTrue(ran.out().contains("\ntest:0 (glass): "), ran.out());
  }

  @Test
  void aDeviceThatThrowsFails() {
    Ran ran = Ran.on(FixedDevices.of(new BrittleDevice(0, Optional.empty())), "verify", "linear");
    assertEquals(1, ran.code());
    assertTrue(ran.out().contains("FAIL linear forward: values: threw "), ran.out());
    assertTrue(ran.out().contains("OUT_OF_GLASS"), ran.out());
  }

  @Test
  void aDeviceThatWarnsIsVerifiedOnlyWhereItIsAskedFor() {
    Finding flawed = Finding.usable(copying("It rounds"), "It is there.");
    FixedDevices devices =
        new FixedDevices(List.of(MISSING, flawed, Finding.usable(right(), "It is there.")));
    Ran all = Ran.on(devices, "verify", "relu", "--inputs", "0");
    assertEquals(0, all.code(), all.out());
    assertTrue(all.out().startsWith(MISSING + "\n"), all.out());
    assertTrue(
        all.out()
            .contains(
                "test:0 (glass): not usable. It does not promise equal bits: It rounds. Remedy:"
                    + " --device test:0 verifies it nevertheless.\n"),
        all.out());

    Ran asked =
        Ran.on(devices, "verify", "linear", "gelu", "-v", "--inputs", "0", "--device", "test:0");
    assertEquals(1, asked.code());
    assertTrue(asked.out().contains("  FAIL gelu forward: values: "), asked.out());
    assertTrue(asked.out().contains("  ok   "), asked.out());
    assertFalse(asked.out().contains("errors"), "no inputs, no errors: " + asked.out());
  }

  @Test
  void reportsSayAllOfIt() throws IOException {
    Path text = directory.resolve("report.txt");
    Path json = directory.resolve("report.json");
    Path html = directory.resolve("report.HTML");
    FixedDevices devices =
        new FixedDevices(
            List.of(
                Finding.usable(right(), "It is there."),
                Finding.usable(copying(null), "It is there."),
                MISSING));
    Ran ran =
        Ran.on(
            devices,
            "verify",
            "relu",
            "--inputs",
            "1000",
            "--report",
            text.toString(),
            "--report",
            json.toString(),
            "--report",
            html.toString());
    assertEquals(1, ran.code(), ran.err());
    assertEquals(List.of(html, json, text), left());

    String written = Files.readString(text);
    assertTrue(written.startsWith("Verified on 20"), written);
    assertTrue(written.contains("Z: NOT everything holds\n"), written);
    assertTrue(written.contains("\nJava: " + System.getProperty("java.runtime.version")), written);
    assertTrue(written.contains("\ntest:0 (glass): "), written);
    assertTrue(written.contains("\n  memory: none\n"), written);
    assertTrue(written.contains("\n  FAIL relu forward: values: "), written);
    assertTrue(written.contains("\nNot verified\n  " + MISSING + "\n"), written);

    Map<String, Object> map = JSON.std.mapFrom(Files.readString(json));
    assertEquals(false, map.get("holds"));
    List<?> verified = (List<?>) map.get("devices");
    Map<?, ?> good = (Map<?, ?>) verified.get(0);
    Map<?, ?> bad = (Map<?, ?>) verified.get(1);
    assertEquals(true, good.get("holds"));
    assertEquals(false, bad.get("holds"));
    Map<?, ?> forward = (Map<?, ?>) ((List<?>) good.get("functions")).get(0);
    assertEquals("relu", forward.get("activation"));
    assertEquals("forward", forward.get("direction"));
    assertEquals("float32", forward.get("dtype"));
    assertEquals(true, forward.get("equal_bits"));
    assertEquals(0.0, forward.get("max_ulp"));
    assertTrue((Integer) forward.get("max_ulp_inputs") > 1000);
    assertEquals(null, forward.get("digest"));
    Map<?, ?> wrong = (Map<?, ?>) ((List<?>) bad.get("functions")).get(0);
    assertEquals(false, wrong.get("equal_bits"));
    Map<?, ?> absent = (Map<?, ?>) ((List<?>) map.get("not_verified")).get(0);
    assertEquals("Install one.", absent.get("remedy"));

    String page = Files.readString(html);
    assertTrue(page.startsWith("<!DOCTYPE html>"), page);
    assertTrue(page.contains("any &lt;GPU&gt;"), page);
    assertFalse(page.contains("any <GPU>"), page);
    assertTrue(page.contains("<tr class=\"wrong\"><td>relu</td>"), page);
    assertTrue(page.contains("<tr><td>relu</td>"), page);
    assertFalse(page.contains("http"), "needs the network");
    assertTrue(page.contains("<th class=\"number\">max ULP</th>"), page);
    assertFalse(page.contains("2^32"), "an empty column");
  }

  @ParameterizedTest
  @CsvSource({
    "report.pdf, '.txt, .json or .html, got'",
    "json,       '.txt, .json or .html, got'",
    "no/x.json,  'no directory'",
  })
  void reportsThatCannotBeWrittenAreToldFirst(String name, String message) throws IOException {
    Path good = directory.resolve("good.txt");
    Ran ran =
        Ran.on(
            FixedDevices.of(right()),
            "verify",
            "relu",
            "--report",
            good.toString(),
            "--report",
            directory.resolve(name).toString());
    assertEquals(2, ran.code());
    assertTrue(ran.err().contains(message), ran.err());
    assertEquals("", ran.out());
    assertEquals(List.of(), left());
  }

  @Test
  void mistakesAreNamed() {
    Ran negative = Ran.command("verify", "relu", "--inputs", "-1");
    assertEquals(2, negative.code());
    assertTrue(negative.err().contains("expected a number from 0, got -1"), negative.err());
    Ran unknown = Ran.command("verify", "rleu");
    assertEquals(2, unknown.code());
    assertTrue(unknown.err().contains("did you mean relu"), unknown.err());
    Ran none = Ran.on(FixedDevices.of(right()), "verify", "relu", "--device", "cuda:7");
    assertEquals(2, none.code());
    assertTrue(none.err().contains("cuda:7"), none.err());
  }
}
