package dev.activations.cuda;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.activations.api.Direction;
import dev.activations.api.Kind;
import java.io.IOException;
import java.io.InputStream;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** The PTX in the jar is what its sources say, and holds nothing that could round otherwise. */
class PtxTest {
  private static final Pattern ENTRY =
      Pattern.compile("\\.visible \\.entry (\\w+)\\((.*?)\\)", Pattern.DOTALL);
  private static final Pattern PARAMETER = Pattern.compile("\\.param \\.(\\w+)");

  /** Instructions on float32 that IEEE 754 fixes to the bit; compilers on the way may fuse none. */
  private static final Pattern EXACT =
      Pattern.compile(
          "(fma|add|sub|mul)\\.rn\\.f32"
              + "|(neg|abs|min|max|mov|selp)\\.f32"
              + "|setp\\.\\w+\\.f32"
              + "|(ld\\.(param|global|shared)|st\\.(global|shared))\\.f32"
              + "|cvt\\.rn\\.f32\\.[su](32|64)"
              + "|cvt\\.rzi\\.[su](32|64)\\.f32");

  static Stream<Arguments> shipped() {
    return Stream.of(Tier.values())
        .flatMap(tier -> Stream.of(Kind.values()).map(kind -> Arguments.of(tier, kind)));
  }

  @ParameterizedTest
  @MethodSource("shipped")
  void isMadeFromTheSourcesOfThisVersion(Tier tier, Kind kind)
      throws IOException, NoSuchAlgorithmException {
    List<String> sources = Arrays.asList(header(tier, kind, "sources").split(" "));
    boolean pointwise = kind.shape() == Kind.Shape.POINTWISE;
    assertEquals(
        List.of(
            "lib/prelude.cu",
            "lib/math.cu",
            "lib/random.cu",
            "lib/rows.cu",
            "activation/%s.cu".formatted(kind.stem()),
            pointwise ? "launch/pointwise.cu" : "launch/rows.cu"),
        sources);
    MessageDigest digest = MessageDigest.getInstance("SHA-256");
    for (String source : sources) {
      digest.update(read(source));
    }
    assertEquals(
        header(tier, kind, "sha256"),
        HexFormat.of().formatHex(digest.digest()),
        () ->
            "ptx/%s/%s.ptx is older than its sources; run ci/ptx.sh"
                .formatted(tier.folder(), kind.stem()));
  }

  @ParameterizedTest
  @MethodSource("shipped")
  void isMadeWithoutFusionForItsTier(Tier tier, Kind kind) {
    String command = header(tier, kind, "nvcc");
    assertTrue(command.contains(" -fmad=false -ftz=false"), command);
    if (kind.shape() == Kind.Shape.POINTWISE) {
      assertTrue(command.endsWith(" -DITEMS=" + CudaSession.ITEMS), command);
    }
    List<String> body = body(tier, kind);
    assertEquals(
        List.of(".version " + tier.version(), ".target " + tier.folder(), ".address_size 64"),
        body.subList(0, 3));
    assertEquals(
        kernels(tier, kind).size(),
        body.stream().filter((".maxntid %d, 1, 1".formatted(CudaSession.GROUP))::equals).count());
    assertFalse(body.stream().anyMatch(line -> line.contains("/")), "a comment or a path");
  }

  @ParameterizedTest
  @MethodSource("shipped")
  void computesWithExactInstructionsOnly(Tier tier, Kind kind) {
    List<String> instructions =
        body(tier, kind).stream()
            .filter(line -> line.matches("(@!?%p\\d+ )?[a-z].*;"))
            .map(line -> line.replaceFirst("^@\\S+ ", "").split("[\\s;]")[0])
            .toList();
    assertTrue(instructions.size() > 100, "found only " + instructions);
    List<String> others =
        instructions.stream()
            .filter(name -> name.matches(".*\\.(f\\d+\\w*|approx|ftz|sat)(\\..*)?"))
            .filter(name -> !EXACT.matcher(name).matches())
            .distinct()
            .toList();
    assertEquals(List.of(), others);
    assertFalse(instructions.contains("call"), "calls a library");
  }

  @ParameterizedTest
  @MethodSource("shipped")
  void hasAKernelForEveryDirectionWithTheArgumentsOfTheSession(Tier tier, Kind kind) {
    Map<String, List<String>> expected = new TreeMap<>();
    for (Direction direction : Stream.of(Direction.values()).filter(kind::supports).toList()) {
      int slices = direction.stem().startsWith("backward") ? 3 : 2;
      if (kind.shape() == Kind.Shape.POINTWISE) {
        // Each slice is an address and an offset; then the count and the parameters.
        expected.put(direction.stem(), arguments(2 * slices + 1, kind.parameters().size()));
        expected.put("forward_with_derivative", arguments(7, kind.parameters().size()));
      } else if (kind.supports(direction)) {
        // The rows, their axis and what lies between neighbours.
        expected.put(direction.stem() + "_group", arguments(2 * slices + 3, 0));
        expected.put(direction.stem() + "_item", arguments(2 * slices + 3, 0));
      }
    }
    assertEquals(expected, kernels(tier, kind));
  }

  private static List<String> arguments(int longs, int floats) {
    List<String> types = new ArrayList<>();
    Stream.generate(() -> "u64").limit(longs).forEach(types::add);
    Stream.generate(() -> "f32").limit(floats).forEach(types::add);
    return types;
  }

  private static Map<String, List<String>> kernels(Tier tier, Kind kind) {
    Map<String, List<String>> kernels = new TreeMap<>();
    Matcher entry = ENTRY.matcher(Ptx.of(tier, kind).text());
    while (entry.find()) {
      kernels.put(
          entry.group(1),
          PARAMETER.matcher(entry.group(2)).results().map(match -> match.group(1)).toList());
    }
    return kernels;
  }

  /** What stands after a word at the start of a comment. */
  private static String header(Tier tier, Kind kind, String word) {
    return Ptx.of(tier, kind)
        .text()
        .lines()
        .filter(line -> line.startsWith("// " + word + " "))
        .map(line -> line.substring(("// " + word + " ").length()))
        .findFirst()
        .orElseThrow();
  }

  private static List<String> body(Tier tier, Kind kind) {
    return Ptx.of(tier, kind)
        .text()
        .lines()
        .filter(line -> !line.startsWith("//"))
        .map(String::strip)
        .toList();
  }

  private static byte[] read(String source) throws IOException {
    try (InputStream in =
        Ptx.class.getResourceAsStream("/dev/activations/kernels/cuda/" + source)) {
      assertNotNull(in, source);
      return in.readAllBytes();
    }
  }
}
