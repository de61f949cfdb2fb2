package dev.activations;

import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.activations.api.Direction;
import dev.activations.api.FromOutput;
import dev.activations.api.Kind;
import dev.activations.api.Profile;
import dev.activations.examples.Chain;
import dev.activations.examples.Dispatching;
import dev.activations.examples.FusedLayer;
import dev.activations.examples.GatedLayer;
import dev.activations.examples.OneLine;
import dev.activations.examples.StarRelu;
import dev.activations.verify.ExhaustiveTable;
import dev.activations.verify.Measurement;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** What the README says is what the library is. */
class ReadmeTest {
  private static final Path ROOT = Path.of("..", "..").toAbsolutePath().normalize();
  private static final Path EXAMPLES = Path.of("src/test/java/dev/activations/examples");

  @Test
  void itsTableIsTheTableOfTheLibrary() throws IOException {
    String expected =
        Stream.concat(
                Stream.of(
                    "| name | f(x) | f'(x) | parameters | largest error, ULP: f | f' |",
                    "|---|---|---|---|---|---|"),
                Arrays.stream(Kind.values()).filter(kind -> !ofPieces(kind)).map(ReadmeTest::row))
            .collect(Collectors.joining("\n"));
    assertTrue(readme().contains(expected), "README.md must contain this table:\n" + expected);
  }

  @Test
  void itsTableOfGatesIsThatOfTheLibrary() throws IOException {
    String expected =
        Stream.concat(
                Stream.of(
                    "| name | forward | backward | gate | parameters | largest error, ULP: forward |"
                        + " backward |",
                    "|---|---|---|---|---|---|---|"),
                Arrays.stream(Kind.values()).filter(ReadmeTest::ofPieces).map(ReadmeTest::gateRow))
            .collect(Collectors.joining("\n"));
    assertTrue(readme().contains(expected), "README.md must contain this table:\n" + expected);
  }

  private static boolean ofPieces(Kind kind) {
    return kind.shape() == Kind.Shape.GATED || kind.shape() == Kind.Shape.PIECES;
  }

  private static String gateRow(Kind kind) {
    return "| %s | %s | %s | %s | %s | %s | %s |"
        .formatted(
            kind.stem(),
            kind.expression().replace("|", "\\|"),
            kind.derivativeExpression().replace("|", "\\|"),
            kind.gate().isPresent() ? kind.gatedBy().stem() + " half" : "",
            parameters(kind),
            error(kind, Direction.FORWARD),
            error(kind, Direction.BACKWARD));
  }

  @Test
  void itsTableOfConventionsIsThatOfTheProfiles() throws IOException {
    String expected =
        Stream.concat(
                Stream.of(
                    "| profile | activation | what | here | there | source |",
                    "|---|---|---|---|---|---|"),
                Arrays.stream(Profile.values())
                    .flatMap(
                        profile -> profile.differences().stream().map(each -> row(profile, each))))
            .collect(Collectors.joining("\n"));
    assertTrue(readme().contains(expected), "README.md must contain this table:\n" + expected);
  }

  private static String row(Profile profile, Profile.Difference difference) {
    return "| %s | %s | %s | %s | %s | %s |"
        .formatted(
            profile.stem(),
            difference.kind().stem(),
            difference.what(),
            difference.here(),
            difference.there(),
            difference.source());
  }

  @Test
  void itsTableOfOutputsIsThatOfTheLibrary() throws IOException {
    String expected =
        Stream.concat(
                Stream.of(
                    "| name | f'(x) from y | only if | farthest from f'(x) | what the rounding of y costs |",
                    "|---|---|---|---|---|"),
                Arrays.stream(Kind.values())
                    .flatMap(kind -> kind.fromOutput().map(how -> row(kind, how)).stream()))
            .collect(Collectors.joining("\n"));
    assertTrue(readme().contains(expected), "README.md must contain this table:\n" + expected);
  }

  private static String row(Kind kind, FromOutput how) {
    return "| %s | %s | %s | %s | %s |"
        .formatted(
            kind.stem(),
            how.expression().replace("|", "\\|"),
            how.condition().orElse(""),
            how.error() == 0 ? "0" : String.format(Locale.ROOT, "%.2g", how.error()),
            how.cost().replace("|", "\\|"));
  }

  @Test
  void itsProgramsAreTheExamples() throws IOException {
    String examples = Files.readString(EXAMPLES.resolve("OneLine.java"));
    examples += Files.readString(EXAMPLES.resolve("Chain.java"));
    examples += Files.readString(EXAMPLES.resolve("Dispatching.java"));
    examples += Files.readString(EXAMPLES.resolve("FusedLayer.java"));
    examples += Files.readString(EXAMPLES.resolve("GatedLayer.java"));
    examples += Files.readString(EXAMPLES.resolve("StarRelu.java"));
    List<String> blocks = blocks("java");
    assertFalse(blocks.isEmpty(), "no Java in the README");
    for (String block : blocks) {
      assertTrue(examples.contains(block), "in no example:\n" + block);
    }
  }

  @Test
  void itsExamplesRun() {
    assertTrue(output(() -> OneLine.main(new String[0])).contains("[-0.15865526, 0.0, 0.8413447]"));
    assertTrue(output(() -> Chain.main(new String[0])).contains(" on "));
    assertTrue(
        output(() -> Dispatching.main(new String[0]))
            .startsWith("gelu forward of float32 in arrays over 10000000 elements: "));
    assertTrue(
        output(() -> FusedLayer.main(new String[0])).matches("dbias\\[0] = -?\\d+\\.\\d+\\s+"));
    assertTrue(
        output(() -> GatedLayer.main(new String[0])).matches("dbias\\[0] = -?\\d+\\.\\d+\\s+"));
    assertTrue(output(() -> StarRelu.main(new String[0])).contains("[-0.4472, -0.4472, 3.1304"));
  }

  @Test
  void itsScriptsExist() throws IOException {
    for (String script : found("\\bci/\\w+\\.sh", readme())) {
      assertTrue(Files.isExecutable(ROOT.resolve(script)), script);
    }
  }

  private static String parameters(Kind kind) {
    return kind.parameters().stream()
        .map(p -> "%s = %s".formatted(p.name(), p.defaultValue()))
        .collect(Collectors.joining(", "));
  }

  private static String row(Kind kind) {
    Direction second =
        kind.supports(Direction.DERIVATIVE) ? Direction.DERIVATIVE : Direction.BACKWARD;
    return "| %s | %s | %s | %s | %s | %s |"
        .formatted(
            Stream.concat(Stream.of(kind.stem()), kind.aliases().stream())
                .collect(Collectors.joining(", ")),
            kind.expression().replace("|", "\\|"),
            kind.derivativeExpression().replace("|", "\\|"),
            parameters(kind),
            error(kind, Direction.FORWARD),
            error(kind, second));
  }

  private static String error(Kind kind, Direction direction) {
    Measurement measured =
        ExhaustiveTable.carried()
            .find(kind, direction)
            .orElseThrow(() -> new AssertionError("not measured: " + kind + " " + direction))
            .measurement()
            .orElseThrow();
    return measured.worst() == 0 ? "exact" : String.format(Locale.ROOT, "%.2f", measured.worst());
  }

  private static String output(Runnable program) {
    PrintStream out = System.out;
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    try {
      System.setOut(new PrintStream(bytes, true, StandardCharsets.UTF_8));
      program.run();
    } finally {
      System.setOut(out);
    }
    return bytes.toString(StandardCharsets.UTF_8);
  }

  private static List<String> blocks(String language) throws IOException {
    return found("(?s)(?<=```" + language + "\n).*?(?=```)", readme());
  }

  private static List<String> found(String pattern, String text) {
    return Pattern.compile(pattern).matcher(text).results().map(MatchResult::group).toList();
  }

  private static String readme() throws IOException {
    return Files.readString(ROOT.resolve("README.md"));
  }
}
