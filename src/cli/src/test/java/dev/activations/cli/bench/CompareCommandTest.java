package dev.activations.cli.bench;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.activations.cli.Ran;
import dev.activations.cli.bench.Report.Measured;
import dev.activations.cli.bench.Row.Key;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class CompareCommandTest {
  @TempDir Path dir;

  /** A pass of 8,000 bytes that takes so many microseconds, or a tenth less or more. */
  private static Row row(String device, String activation, double micros) {
    List<Double> seconds = Stream.of(0.9, 1.0, 1.1).map(share -> share * micros / 1e6).toList();
    Key key = new Key(device, activation, "forward", "float32", "device", 1000);
    return new Row(key, 8000, new Times(seconds), 16e9);
  }

  private static Report report(String cpu, Row... rows) {
    return new Report(
        Instant.parse("2026-01-02T03:04:05Z"),
        "activations bench",
        1,
        Map.of("system", "Linux on " + cpu),
        Stream.of(rows)
            .map(row -> row.key().device())
            .distinct()
            .map(id -> new Measured(id, cpu + " as " + id, Map.of("driver", "of " + id)))
            .toList(),
        List.of(),
        List.of(rows));
  }

  private String written(String name, Report report) throws IOException {
    return Files.writeString(dir.resolve(name), ReportJson.of(report)).toString();
  }

  private String here() throws IOException {
    return written(
        "here.json",
        report(
            "Here",
            row("cpu:vector", "copy", 1),
            row("cpu:vector", "relu", 2),
            row("cpu:vector", "gelu", 8),
            row("cpu:vector", "tanh", 3),
            row("cuda:0", "relu", 1),
            row("cuda:0", "gelu", 1)));
  }

  private String there() throws IOException {
    return written(
        "there.json",
        report(
            "There",
            row("cpu:vector", "copy", 1.1),
            row("cpu:vector", "relu", 1),
            row("cpu:vector", "gelu", 16),
            row("cpu:vector", "mish", 5)));
  }

  @Test
  void showsRatiosByRowAndWhatIsMissing() throws IOException {
    Ran ran = Ran.command("bench", "compare", here(), there());
    assertEquals(0, ran.code(), ran.err());
    List<String> lines = ran.out().lines().map(line -> line.replaceAll(" +", " ").strip()).toList();
    for (String expected :
        List.of(
            "system: Linux on Here",
            "cpu:vector: Here as cpu:vector; driver: of cpu:vector",
            "cuda:0: Here as cuda:0; driver: of cuda:0",
            "system: Linux on There",
            "cpu:vector: There as cpu:vector; driver: of cpu:vector",
            "device activation direction dtype data elements a b b/a faster",
            "cpu:vector copy forward float32 device 1,000 8.00 7.27 0.91",
            "cpu:vector relu forward float32 device 1,000 4.00 8.00 2.00 b",
            "cpu:vector gelu forward float32 device 1,000 1.00 0.50 0.50 a",
            "device measurements least b/a geometric mean most",
            "cpu:vector 3 0.50 0.97 2.00",
            "only in a: all of cuda:0",
            "only in a: tanh forward of 1,000 elements of float32, data on the device, on"
                + " cpu:vector",
            "only in b: mish forward of 1,000 elements of float32, data on the device, on"
                + " cpu:vector")) {
      assertTrue(lines.contains(expected), expected + " in\n" + ran.out());
    }
    assertEquals(3, lines.stream().filter(line -> line.startsWith("only in ")).count());
  }

  @Test
  void writesPages() throws IOException {
    Path html = dir.resolve("both.html");
    Path markdown = dir.resolve("both.md");
    Ran ran =
        Ran.command(
            "bench", "--compare", here(), there(), "--report=" + html, "--report=" + markdown);
    assertEquals(0, ran.code(), ran.err());
    String page = Files.readString(html);
    String text = Files.readString(markdown);
    for (String part : List.of("Linux on Here", "Linux on There", "only in b: mish", "of cuda:0")) {
      assertTrue(page.contains(part), part);
      assertTrue(text.contains(part), part);
    }
    assertTrue(text.contains("| cpu:vector | relu | forward | float32 | device | 1,000 | 4.00 |"));
    assertTrue(page.contains("<figure id=\"cpu:vector-forward-float32-device\">"));
    assertTrue(page.contains("<figure id=\"cuda:0-forward-float32-device\">"));
    assertFalse(page.contains("http:") || page.contains("https:"), "it needs no network");
  }

  @Test
  void reportsWithNothingInCommonAreRefused() throws IOException {
    String other = written("other.json", report("There", row("opencl:0", "relu", 1)));
    Ran ran = Ran.command("bench", "compare", here(), other);
    assertEquals(2, ran.code());
    assertTrue(ran.err().contains("expected reports with a measurement in common"), ran.err());
    assertTrue(ran.err().contains("[opencl:0 (There as opencl:0)]"), ran.err());
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = ';',
      quoteCharacter = '`',
      value = {
        "not { ; it is no JSON",
        "[] ; it is not an object",
        "{} ; 'format' is not a text",
        "{\"format\": \"pixels\"} ; its format is 'pixels', not 'activations bench 1'",
      })
  void otherFilesAreRefused(String content, String why) throws IOException {
    Path foreign = Files.writeString(dir.resolve("foreign.json"), content);
    refused(foreign, "expected a report that 'activations bench --report name.json' wrote: " + why);
  }

  @ParameterizedTest
  @CsvSource({
    "'\"elements\" : 1000', '\"elements\" : \"x\"', 'rows[0].elements'' is not a number'",
    "'\"dtype\"', '\"type\"', 'rows[0].dtype'' is not a text'",
    "1.0E-6, -1.0E-6, 'expected times above 0, got [9.000000000000001E-7, -1.0E-6'",
    "2026, year, 'Text ''year-01-02T03:04:05Z'' could not be parsed'",
  })
  void reportsThatWereChangedAreRefused(String from, String to, String why) throws IOException {
    Path file = Path.of(here());
    String report = Files.readString(file);
    assertTrue(report.contains(from), report);
    Files.writeString(file, report.replaceFirst(from, to));
    refused(file, why);
  }

  @Test
  void whatCannotBeReadIsRefused() throws IOException {
    refused(dir.resolve("nowhere.json"), "cannot be opened: no such file or directory");
    refused(dir, "cannot be opened");
  }

  private void refused(Path file, String why) throws IOException {
    Ran ran = Ran.command("bench", "compare", there(), file.toString());
    assertEquals(2, ran.code(), ran.err());
    assertTrue(ran.err().contains(file + ": "), ran.err());
    assertTrue(ran.err().contains(why), ran.err());
    assertEquals(1, ran.err().lines().count(), ran.err());
    assertEquals("", ran.out());
  }

  @Test
  void bothReportsAreNeeded() throws IOException {
    Ran ran = Ran.command("bench", "compare", here());
    assertEquals(2, ran.code());
    assertTrue(ran.err().contains("Missing required parameter: '<b>'"), ran.err());
  }
}
