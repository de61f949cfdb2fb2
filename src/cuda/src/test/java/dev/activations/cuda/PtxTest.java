package dev.activations.cuda;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.activations.api.Activation;
import dev.activations.api.Direction;
import dev.activations.api.Kind;
import dev.activations.spi.ChannelSum;
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
import org.junit.jupiter.params.provider.EnumSource;
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
        .flatMap(tier -> programs().map(program -> Arguments.of(tier, program)));
  }

  static Stream<Arguments> kinds() {
    return Stream.of(Tier.values())
        .flatMap(tier -> Stream.of(Kind.values()).map(kind -> Arguments.of(tier, kind)));
  }

  private static Stream<String> programs() {
    return Stream.concat(Stream.of(Kind.values()).map(Kind::stem), Stream.of(ChannelSum.STEM));
  }

  /** The files that follow the library's in the program of an activation, or in that of sums. */
  private static List<String> ownSources(String program) {
    if (program.equals(ChannelSum.STEM)) {
      return List.of("lib/channels.cu", "activation/prelu.cu", "launch/channel_sum.cu");
    }
    Kind kind = Kind.named(program);
    List<String> activations = kind.formulas().stream().map("activation/%s.cu"::formatted).toList();
    List<String> sources = new ArrayList<>(activations);
    switch (kind.shape()) {
      case POINTWISE -> sources.addAll(List.of("launch/pointwise.cu", "launch/fused.cu"));
      case OVER_AXIS -> sources.add("launch/rows.cu");
      case GATED -> {
        sources.add(0, "lib/runs.cu");
        sources.add("launch/gated.cu");
      }
      case PIECES -> {
        sources.add(0, "lib/runs.cu");
        sources.add("launch/%s.cu".formatted(program));
      }
    }
    return sources;
  }

  private static boolean isPointwise(String program) {
    return Stream.of(Kind.values())
        .anyMatch(kind -> kind.stem().equals(program) && kind.shape() == Kind.Shape.POINTWISE);
  }

  @ParameterizedTest
  @MethodSource("shipped")
  void isMadeFromTheSourcesOfThisVersion(Tier tier, String program)
      throws IOException, NoSuchAlgorithmException {
    List<String> sources = Arrays.asList(header(tier, program, "sources").split(" "));
    List<String> expected =
        new ArrayList<>(List.of("lib/prelude.cu", "lib/math.cu", "lib/random.cu", "lib/rows.cu"));
    expected.addAll(ownSources(program));
    assertEquals(expected, sources);
    MessageDigest digest = MessageDigest.getInstance("SHA-256");
    for (String source : sources) {
      digest.update(read(source));
    }
    assertEquals(
        header(tier, program, "sha256"),
        HexFormat.of().formatHex(digest.digest()),
        () ->
            "ptx/%s/%s.ptx is older than its sources; run ci/ptx.sh"
                .formatted(tier.folder(), program));
  }

  @ParameterizedTest
  @MethodSource("shipped")
  void isMadeWithoutFusionForItsTier(Tier tier, String program) {
    String command = header(tier, program, "nvcc");
    assertTrue(command.contains(" -fmad=false -ftz=false"), command);
    if (isPointwise(program)) {
      assertTrue(command.endsWith(" -DITEMS=" + CudaSession.ITEMS), command);
    }
    List<String> body = body(tier, program);
    assertEquals(
        List.of(".version " + tier.version(), ".target " + tier.folder(), ".address_size 64"),
        body.subList(0, 3));
    assertEquals(
        kernels(tier, program).size(),
        body.stream().filter((".maxntid %d, 1, 1".formatted(CudaSession.GROUP))::equals).count());
    assertFalse(body.stream().anyMatch(line -> line.contains("/")), "a comment or a path");
  }

  @ParameterizedTest
  @MethodSource("shipped")
  void computesWithExactInstructionsOnly(Tier tier, String program) {
    List<String> instructions =
        body(tier, program).stream()
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
  @MethodSource("kinds")
  void hasAKernelForEveryDirectionWithTheArgumentsOfTheSession(Tier tier, Kind kind) {
    Map<String, List<String>> expected = new TreeMap<>();
    for (Direction direction : Stream.of(Direction.values()).filter(kind::supports).toList()) {
      int slices = direction.isBackward() ? 3 : 2;
      int parameters = kind.parameters().size();
      int withKinks = parameters + 2 * Activation.MAX_KINKS;
      if (kind.shape() == Kind.Shape.POINTWISE) {
        // Each slice is an address and an offset; then the count, the parameters and the kinks.
        boolean atInput = direction == Direction.DERIVATIVE || direction == Direction.BACKWARD;
        expected.put(direction.stem(), arguments(2 * slices + 1, atInput ? withKinks : parameters));
        expected.put("forward_with_derivative", arguments(7, withKinks));
        // Five slices and nine integers; the scale of dropout.
        expected.put("forward_fused", arguments(19, 1 + parameters));
        expected.put("backward_fused", arguments(19, 1 + withKinks));
      } else if (kind.shape() == Kind.Shape.GATED) {
        // Gate, value and result, or five with the gradients; the count, and how the halves lie.
        expected.put("forward", arguments(9, parameters));
        expected.put("backward", arguments(13, parameters));
      } else if (kind.shape() == Kind.Shape.PIECES) {
        expected.put("forward", arguments(7, 0));
        expected.put("backward", arguments(9, 0));
      } else if (kind.supports(direction)) {
        // The rows, their axis and what lies between neighbours.
        expected.put(direction.stem() + "_group", arguments(2 * slices + 3, 0));
        expected.put(direction.stem() + "_item", arguments(2 * slices + 3, 0));
      }
    }
    assertEquals(expected, kernels(tier, kind.stem()));
  }

  @ParameterizedTest
  @EnumSource
  void sumsTakeThreeBuffersAndFiveIntegers(Tier tier) {
    assertEquals(Map.of(ChannelSum.STEM, arguments(11, 0)), kernels(tier, ChannelSum.STEM));
  }

  private static List<String> arguments(int longs, int floats) {
    List<String> types = new ArrayList<>();
    Stream.generate(() -> "u64").limit(longs).forEach(types::add);
    Stream.generate(() -> "f32").limit(floats).forEach(types::add);
    return types;
  }

  private static Map<String, List<String>> kernels(Tier tier, String program) {
    Map<String, List<String>> kernels = new TreeMap<>();
    Matcher entry = ENTRY.matcher(Ptx.of(tier, program).text());
    while (entry.find()) {
      kernels.put(
          entry.group(1),
          PARAMETER.matcher(entry.group(2)).results().map(match -> match.group(1)).toList());
    }
    return kernels;
  }

  /** What stands after a word at the start of a comment. */
  private static String header(Tier tier, String program, String word) {
    return Ptx.of(tier, program)
        .text()
        .lines()
        .filter(line -> line.startsWith("// " + word + " "))
        .map(line -> line.substring(("// " + word + " ").length()))
        .findFirst()
        .orElseThrow();
  }

  private static List<String> body(Tier tier, String program) {
    return Ptx.of(tier, program)
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
