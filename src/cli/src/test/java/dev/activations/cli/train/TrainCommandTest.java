package dev.activations.cli.train;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.activations.cli.BrittleDevice;
import dev.activations.cli.FixedDevices;
import dev.activations.cli.Ran;
import java.awt.image.BufferedImage;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Optional;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import javax.imageio.ImageIO;
import javax.xml.parsers.DocumentBuilderFactory;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class TrainCommandTest {
  private static final List<String> PICTURES =
      List.of(
          "accuracy.png",
          "dead-units.png",
          "first-layer.png",
          "gradients-after.png",
          "gradients-before.png",
          "loss.png");

  @TempDir Path dir;

  private static Ran train(String... args) {
    List<String> all = new ArrayList<>(List.of("train", "--depth=2", "--epochs=1"));
    all.addAll(List.of(args));
    return Ran.command(all.toArray(String[]::new));
  }

  private List<String> files(Path directory) throws IOException {
    try (Stream<Path> files = Files.list(directory)) {
      return files.map(file -> file.getFileName().toString()).sorted().toList();
    }
  }

  @Test
  void aReportNeedsNothingElse() throws Exception {
    Path report = dir.resolve("new/report");
    Ran ran = train("tanh", "leaky_relu(slope=0.1)", "--seed=7", "--report", report.toString());
    assertEquals(0, ran.code(), ran.err());
    List<String> expected = new ArrayList<>(PICTURES);
    expected.add("report.html");
    assertEquals(expected, files(report));
    for (String picture : PICTURES) {
      BufferedImage image = ImageIO.read(report.resolve(picture).toFile());
      assertEquals(900, image.getWidth());
    }
    String page = Files.readString(report.resolve("report.html"));
    for (String fact : List.of("cpu:", "seed 7", "tanh", "450 unseen", "Date", "glorot")) {
      assertTrue(page.contains(fact), fact);
    }
    assertTrue(
        page.contains(
            "activations train --depth=2 --epochs=1 tanh 'leaky_relu(slope=0.1)' --seed=7"
                + " --report "),
        "it says how it was made");
    assertFalse(page.contains("http:") || page.contains("https:"), "it needs no network");
    List<MatchResult> sources =
        Pattern.compile("(?:src|href)=\"([^\"]*)\"").matcher(page).results().toList();
    assertEquals(PICTURES.size(), sources.size());
    String data = "data:image/svg+xml;base64,";
    for (MatchResult source : sources) {
      assertTrue(source.group(1).startsWith(data), source.group(1));
      byte[] svg = Base64.getDecoder().decode(source.group(1).substring(data.length()));
      String title =
          DocumentBuilderFactory.newInstance()
              .newDocumentBuilder()
              .parse(new ByteArrayInputStream(svg))
              .getElementsByTagName("title")
              .item(0)
              .getTextContent();
      assertEquals("tanh; leaky_relu(slope=0.1)", title);
      assertFalse(new String(svg, StandardCharsets.UTF_8).contains("xlink:href=\"http"), title);
    }
  }

  @Test
  void allDevicesSayTheSame() {
    Ran scalar = train("sigmoid", "relu", "--device=cpu:scalar");
    Ran vector = train("sigmoid", "relu", "--device=cpu:vector");
    assertEquals(0, scalar.code(), scalar.err());
    assertTrue(scalar.out().contains("Runs on   cpu:scalar ("), scalar.out());
    assertEquals(tables(scalar), tables(vector));
    assertTrue(tables(scalar).contains("\n  sigmoid  "), scalar.out());
    assertTrue(tables(scalar).contains("After training"), scalar.out());
  }

  private static String tables(Ran ran) {
    return ran.out().substring(ran.out().indexOf("Gradient that reaches"));
  }

  @Test
  void aDeviceThatIsNotThereIsRefused() {
    Ran ran = train("--device=abacus");
    assertEquals(2, ran.code());
    assertTrue(ran.err().contains("no usable device matches 'abacus'"), ran.err());
    assertEquals("", ran.out());
  }

  @Test
  void whatIsHeldEqualCanBeTheStart() {
    Ran ran = train("tanh", "selu", "--init", "he", "--device=cpu:scalar");
    assertEquals(0, ran.code(), ran.err());
    assertEquals(2, ran.out().lines().filter(line -> line.matches(".* he  .*")).count());
  }

  /** Not a number is shown as such, and not drawn. */
  @Test
  void aTrainingThatDivergesIsReportedToo() throws IOException {
    Ran ran = train("cube", "--rate=1e30", "--report", dir.toString());
    assertEquals(0, ran.code(), ran.err());
    assertTrue(ran.out().contains("NaN"), ran.out());
    assertTrue(files(dir).contains("report.html"));
  }

  @Test
  void aFailureLeavesWhatWasThere() throws IOException {
    Path page = Files.writeString(dir.resolve("report.html"), "mine");
    Ran ran =
        Ran.on(
            FixedDevices.of(new BrittleDevice(0, Optional.empty())),
            "train",
            "--report",
            dir.toString());
    assertEquals(1, ran.code());
    assertTrue(ran.err().startsWith("activations train: shatter failed"), ran.err());
    assertEquals(List.of("report.html"), files(dir));
    assertEquals("mine", Files.readString(page));
  }

  @Test
  void aReportThatCannotBeWrittenIsRefusedBeforeTheWork() throws IOException {
    Path file = Files.writeString(dir.resolve("file"), "");
    for (Path wrong : List.of(file, file.resolve("report"))) {
      Ran ran = train("--report", wrong.toString());
      assertEquals(2, ran.code());
      assertEquals("", ran.out());
      assertTrue(ran.err().contains("--report: expected a directory to write to"), ran.err());
    }
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = ';',
      value = {
        "gleu; did you mean gelu?",
        "softmax; expected pointwise activations",
        "swiglu; expected pointwise activations",
        "relu elu selu gelu silu mish celu tanh; at most 7 activations",
        "--depth 0; --depth: expected 1 to 100, got 0",
        "--epochs 0; --epochs: expected 1 to 10000, got 0",
        "--rate 0; --rate: expected a number above 0, got 0.0",
        "--init xavier; --init: expected one of [lecun, he, glorot], got 'xavier'",
      })
  void mistakesAreNamed(String args, String message) {
    Ran ran = Ran.command(("train " + args).split(" "));
    assertEquals(2, ran.code(), ran.err());
    assertTrue(ran.err().contains(message), ran.err());
    assertEquals(1, ran.err().lines().count(), ran.err());
    assertEquals("", ran.out());
  }
}
