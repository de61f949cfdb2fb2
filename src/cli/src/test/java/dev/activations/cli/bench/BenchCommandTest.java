package dev.activations.cli.bench;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.jr.ob.JSON;
import dev.activations.Devices;
import dev.activations.api.Finding;
import dev.activations.cli.BrittleDevice;
import dev.activations.cli.FixedDevices;
import dev.activations.cli.Ran;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class BenchCommandTest {
  private static final Finding MISSING =
      Finding.unusable("cuda", "cuda", "any GPU", "There is no driver.", "Install one.");
  private static final Finding SCALAR =
      Finding.usable(Devices.choose("cpu:scalar").device(), "It is there.");

  @TempDir Path dir;

  private Ran bench(List<Finding> findings, String... args) {
    List<String> all = new ArrayList<>(List.of("bench"));
    all.addAll(List.of(args));
    if (!all.contains("--warm-up")) {
      all.addAll(List.of("--warm-up", "0"));
    }
    return Ran.on(new FixedDevices(findings), all.toArray(String[]::new));
  }

  private static Finding glass(int passes) {
    return Finding.usable(new BrittleDevice(passes, Optional.empty()), "It is there.");
  }

  private List<String> files() throws IOException {
    try (Stream<Path> files = Files.list(dir)) {
      return files.map(file -> file.getFileName().toString()).sorted().toList();
    }
  }

  @Test
  void everyDeviceHasAColumnAndEveryOtherAReason() {
    Finding glass = glass(Integer.MAX_VALUE);
    Ran ran =
        bench(
            List.of(MISSING, SCALAR, glass),
            "--op=relu,hard_tanh(min=-2.0,max=2.0)",
            "--size=64,8",
            "--direction=forward",
            "--data=device");
    assertEquals(0, ran.code(), ran.err());
    List<String> lines = ran.out().lines().toList();
    assertEquals(SCALAR.id() + " (" + SCALAR.name() + ")", lines.get(0));
    assertEquals("test:0 (glass)", lines.get(1));
    assertEquals(MISSING.toString(), lines.get(2));
    String head = "activation +direction +dtype +data +elements +cpu:scalar +test:0";
    assertTrue(lines.get(4).matches(head), lines.get(4));
    String share = " +\\d+\\.\\d+ ±[\\d.]+ % +(copy|[\\d.]+ %)";
    Pattern row = Pattern.compile("\\S.+ forward +float32 +device +(8|64)" + share + share);
    List<String> measured = new ArrayList<>();
    for (String line : lines.subList(5, 11)) {
      assertTrue(row.matcher(line).matches(), line);
      measured.add(line.replaceAll(" +forward.*device +(8|64) .*", " $1"));
    }
    List<String> expected = new ArrayList<>();
    for (int size : new int[] {8, 64}) {
      for (String op : List.of("copy", "relu", "hard_tanh(min=-2.0, max=2.0)")) {
        expected.add(op + " " + size);
      }
    }
    assertEquals(expected, measured);
  }

  @Test
  void allTypesPlacesAndShapesAreMeasured() throws IOException {
    Path out = dir.resolve("r.json");
    Ran ran =
        bench(
            List.of(SCALAR),
            "--op=masked_softmax,gumbel_softmax",
            "--dtype=float32,float64,float16,bfloat16",
            "--direction=forward,derivative",
            "--size=40",
            "--report=" + out);
    assertEquals(0, ran.code(), ran.err());
    Report report = ReportJson.read(out);
    Set<String> measured = new HashSet<>();
    for (Row row : report.rows()) {
      Row.Key key = row.key();
      assertTrue(measured.add(key.toString()), key + " twice");
      assertTrue(row.share() > 0 && Double.isFinite(row.share()), key.toString());
      assertEquals(key.activation().equals(Row.COPY) ? 1 : row.share(), row.share(), 1e-12);
    }
    // Of each type and place a copy and two passes.
    assertEquals(2 * 4 * (1 + 2), measured.size(), measured.toString());
    String why = " derivative in float16 is not measured on cpu:scalar: it has no derivative pass";
    assertTrue(report.notes().contains("masked_softmax" + why), report.notes().toString());
    assertTrue(ran.out().contains(report.notes().get(0)), ran.out());
  }

  @Test
  void reportsSayTheSameInEveryForm() throws IOException {
    Path html = dir.resolve("r.html");
    Path markdown = dir.resolve("r.md");
    Path json = dir.resolve("r.json");
    Path jmh = dir.resolve("r.jmh.json");
    Ran ran =
        bench(
            List.of(MISSING, SCALAR),
            "--op=softmax",
            "--size=8,2048",
            "--report=" + html,
            "--report=" + markdown,
            "--report=" + json,
            "--report=" + jmh);
    assertEquals(0, ran.code(), ran.err());
    assertEquals(List.of("r.html", "r.jmh.json", "r.json", "r.md"), files());

    Report report = ReportJson.read(json);
    assertEquals(2 * 2 * 3, report.rows().size());
    assertEquals(List.of(MISSING.toString()), report.notes());
    assertEquals(List.of("cpu:scalar"), report.devices().stream().map(d -> d.id()).toList());
    assertTrue(report.command().startsWith("activations bench --op=softmax --size=8,2048"));
    Path again = dir.resolve("again.html");
    Ran shown = Ran.command("bench", "show", json.toString(), "--report=" + again);
    assertEquals(ran.out(), shown.out(), shown.err());
    assertEquals(Files.readString(html), Files.readString(again));

    String text = Files.readString(markdown);
    String page = Files.readString(html);
    for (String part : List.of(MISSING.reason(), report.command(), "Java", report.when() + "")) {
      assertTrue(text.contains(part), part);
      assertTrue(page.contains(part), part);
    }
    String row = "| cpu:scalar | softmax | backward | float32 | host | 2,048 | ";
    assertEquals(1, text.lines().filter(line -> line.startsWith(row)).count(), text);

    assertFalse(page.contains("http:") || page.contains("https:"), "it needs no network");
    List<String> charts =
        Pattern.compile("<figure id=\"(.*)\">\n<img alt=\".*\" src=\"data:image/svg\\+xml;base64,")
            .matcher(page)
            .results()
            .map(chart -> chart.group(1))
            .toList();
    assertEquals(
        List.of(
            "cpu:scalar-forward-float32-device",
            "cpu:scalar-backward-float32-device",
            "cpu:scalar-forward-float32-host",
            "cpu:scalar-backward-float32-host"),
        charts);

    List<Object> benchmarks = JSON.std.listFrom(Files.readString(jmh));
    assertEquals(report.rows().size(), benchmarks.size());
  }

  @Test
  void aDeviceThatFailsIsNotedAndTheOthersAreMeasured() throws IOException {
    Path out = dir.resolve("r.json");
    Ran ran =
        bench(
            List.of(glass(50), SCALAR),
            "--op=relu",
            "--size=8",
            "--data=device",
            "--report=" + out);
    assertEquals(1, ran.code());
    assertTrue(ran.out().contains("test:0 failed: shatter failed"), ran.out());
    List<String> measured =
        ReportJson.read(out).rows().stream().map(row -> row.key().device()).distinct().toList();
    assertEquals(List.of("cpu:scalar"), measured);
  }

  @Test
  void everyRunWaitsForTheDevice() {
    BrittleDevice device = new BrittleDevice(Integer.MAX_VALUE, Optional.empty());
    Ran ran =
        bench(
            List.of(Finding.usable(device, "It is there.")),
            "--op=relu",
            "--direction=forward",
            "--size=8",
            "--data=device");
    assertEquals(0, ran.code(), ran.err());
    // Seven runs of the copy, of relu, and of the copy again; closing a session waits once.
    assertTrue(device.fences().get() > 3 * 7 + 2, device.fences() + " times");
  }

  @Test
  void whatNobodyCanMeasureIsRefused() throws IOException {
    Ran ran = bench(List.of(SCALAR), "--op=softmax", "--direction=derivative");
    assertEquals(2, ran.code());
    assertTrue(ran.err().contains("nothing can be measured: softmax derivative"), ran.err());
    ran = bench(List.of(MISSING), "--op=relu");
    assertEquals(2, ran.code());
    assertTrue(ran.err().contains(MISSING.reason()), ran.err());
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = ';',
      value = {
        "--op rela; did you mean relu",
        "--direction sideways; --direction: expected one of [forward, derivative, backward]",
        "--dtype half; --dtype: expected one of [float32, float64, float16, bfloat16], got 'half'",
        "--data cloud; --data: expected one of [device, host], got 'cloud'",
        "--size 0; --size: expected 1 to 1099511627776, got 0",
        "--size many; Invalid value for option '--size'",
        "--size 1099511627776 --data device; needs 13194139533312 bytes, which cpu:scalar has not",
        "--size 1000000000 --data host; do not fit into a direct buffer",
        "--warm-up -1; --warm-up: expected 0 to 60, got -1.0",
        "--device abacus; abacus",
        "--report r.txt; expected a name that ends in .html, .md, .jmh.json or .json, got 'r.txt'",
        "--report nowhere/r.md; no directory",
      })
  void mistakesAreNamedBeforeTheWork(String args, String message) throws IOException {
    Ran ran = bench(List.of(SCALAR), args.split(" "));
    assertEquals(2, ran.code(), ran.err());
    assertTrue(ran.err().contains(message), ran.err());
    assertEquals("", ran.out());
  }

  @Test
  void ofSeveralReportsAllCanBeWrittenOrNoneIs() throws IOException {
    Ran ran = bench(List.of(SCALAR), "--report=" + dir.resolve("r.md"), "--report=r.txt");
    assertEquals(2, ran.code());
    assertEquals(List.of(), files());
  }

  @Test
  void aFailureLeavesTheReportThatWasThere() throws IOException {
    Path out = Files.writeString(dir.resolve("r.md"), "mine");
    Ran ran = bench(List.of(SCALAR), "--size=1099511627776", "--data=device", "--report=" + out);
    assertEquals(2, ran.code());
    assertEquals(List.of("r.md"), files());
    assertEquals("mine", Files.readString(out));
  }
}
