package dev.activations.cuda;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.activations.api.Activation;
import dev.activations.api.Direction;
import dev.activations.api.Dtype;
import dev.activations.api.Kind;
import dev.activations.spi.ChannelSum;
import dev.activations.spi.StoragePass;
import java.io.IOException;
import java.io.InputStream;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Optional;
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

  /** Instructions on floats that IEEE 754 fixes to the bit; compilers on the way may fuse none. */
  private static final Pattern EXACT =
      Pattern.compile(
          "(fma|add|sub|mul)\\.rn\\.f(32|64)"
              + "|(neg|abs|min|max|mov|selp)\\.f(32|64)"
              + "|setp\\.\\w+\\.f(32|64)"
              + "|(ld\\.(param|global|shared)|st\\.(global|shared))(\\.v[24])?\\.f(32|64)"
              + "|cvt\\.rn\\.f(32|64)\\.[su](32|64)"
              + "|cvt\\.rzi\\.[su](32|64)\\.f(32|64)");

  static Stream<Arguments> shipped() {
    return Stream.of(Tier.values())
        .flatMap(tier -> programs().map(program -> Arguments.of(tier, program)));
  }

  /** The names of all programs. */
  static Stream<String> programs() {
    Stream<String> formulas =
        Stream.of(Dtype.F32, Dtype.F64)
            .flatMap(
                dtype ->
                    Stream.of(Kind.values())
                        .filter(kind -> kind.supports(dtype))
                        .map(kind -> Ptx.program(kind, dtype)));
    Stream<String> fused =
        Stream.of(Kind.values())
            .filter(kind -> kind.shape() == Kind.Shape.POINTWISE && kind.supports(Dtype.F64))
            .map(Ptx::fusedDoubles);
    Stream<String> others =
        Stream.concat(
            Stream.of(Dtype.F32, Dtype.F64).map(Ptx::channelSum),
            Stream.of(Dtype.values()).filter(Dtype::isStorage).map(Ptx::program));
    return Stream.of(formulas, fused, others).flatMap(programs -> programs);
  }

  /** The kind of a program, or nothing for one that is no activation's. */
  private static Optional<Kind> kind(String program) {
    String stem = program.substring(program.lastIndexOf('/') + 1);
    return Stream.of(Kind.values()).filter(kind -> kind.stem().equals(stem)).findFirst();
  }

  private static Dtype dtype(String program) {
    return Stream.of(Dtype.values())
        .filter(dtype -> program.startsWith(dtype.label() + "/"))
        .findFirst()
        .orElse(Dtype.F32);
  }

  private static boolean isOfDoubles(String program) {
    return dtype(program) == Dtype.F64;
  }

  private static boolean isChannelSum(String program) {
    return program.endsWith(ChannelSum.STEM);
  }

  private static boolean isFusedApart(String program) {
    return program.contains("/fused/");
  }

  @ParameterizedTest
  @MethodSource("shipped")
  void isMadeFromTheSourcesOfThisVersion(Tier tier, String program)
      throws IOException, NoSuchAlgorithmException {
    List<String> sources = Arrays.asList(header(tier, program, "sources").split(" "));
    assertEquals(sources(program), sources);
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

  private static List<String> sources(String program) {
    if (program.endsWith("/storage")) {
      return List.of(
          "lib/prelude.cu",
          "lib/math.cu",
          "lib/storage.cu",
          "launch/elements.cu",
          "launch/storage.cu");
    }
    List<String> sources =
        new ArrayList<>(
            isOfDoubles(program)
                ? List.of("lib/prelude.cu", "lib/math64.cu", "lib/rows64.cu")
                : List.of("lib/prelude.cu", "lib/math.cu", "lib/random.cu", "lib/rows.cu"));
    if (isChannelSum(program)) {
      sources.addAll(List.of("lib/channels.cu", "activation/prelu.cu", "launch/channel_sum.cu"));
      return sources;
    }
    Kind kind = kind(program).orElseThrow();
    List<String> activations = kind.formulas().stream().map("activation/%s.cu"::formatted).toList();
    if (kind.shape() == Kind.Shape.GATED || kind.shape() == Kind.Shape.PIECES) {
      sources.add("lib/runs.cu");
    }
    if (isFusedApart(program) || (isOfDoubles(program) && kind.isDrawn())) {
      sources.add("lib/random.cu");
    }
    sources.addAll(activations);
    sources.addAll(
        switch (kind.shape()) {
          case POINTWISE ->
              isFusedApart(program)
                  ? List.of("launch/elements.cu", "launch/kinks.cu", "launch/fused.cu")
                  : List.of(
                          "launch/elements.cu",
                          "launch/kinks.cu",
                          "launch/pointwise.cu",
                          "launch/fused.cu")
                      .subList(0, isOfDoubles(program) ? 3 : 4);
          case OVER_AXIS -> List.of("launch/rows.cu");
          case GATED -> List.of("launch/elements.cu", "launch/gated.cu");
          case PIECES -> List.of("launch/%s.cu".formatted(kind.stem()));
        });
    return sources;
  }

  @ParameterizedTest
  @MethodSource("shipped")
  void isMadeWithoutFusionForItsTier(Tier tier, String program) {
    String command = header(tier, program, "nvcc");
    assertTrue(command.contains(" -fmad=false -ftz=false"), command);
    if (program.endsWith("/storage")
        || kind(program).filter(kind -> kind.shape() == Kind.Shape.POINTWISE).isPresent()) {
      assertTrue(command.contains(" -DITEMS=" + CudaSession.items(dtype(program))), command);
    }
    assertEquals(isOfDoubles(program), command.endsWith(" -DFLOAT64"), command);
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
  @MethodSource("shipped")
  void hasItsKernelsWithTheArgumentsOfTheSession(Tier tier, String program) {
    Map<String, List<String>> expected = new TreeMap<>();
    if (isChannelSum(program)) {
      // Three buffers and five integers.
      expected.put(ChannelSum.STEM, arguments(11, 0, ""));
    } else if (isFusedApart(program)) {
      fused(kind(program).orElseThrow(), "f64", expected);
    } else if (kind(program).isPresent()) {
      String number = isOfDoubles(program) ? "f64" : "f32";
      formula(kind(program).get(), number, expected);
    } else {
      // What is read, tables among it, and what is written: an address and an offset each.
      int[] slices = {2, 2, 3, 5, 4};
      for (StoragePass.Step step : StoragePass.Step.values()) {
        expected.put(step.stem(), arguments(2 * slices[step.ordinal()] + 1, 0, ""));
      }
    }
    assertEquals(expected, kernels(tier, program));
  }

  private static void formula(Kind kind, String number, Map<String, List<String>> expected) {
    int parameters = kind.parameters().size();
    int withKinks = parameters + 2 * Activation.MAX_KINKS;
    for (Direction direction : Stream.of(Direction.values()).filter(kind::supports).toList()) {
      boolean atInput = direction == Direction.DERIVATIVE || direction == Direction.BACKWARD;
      int slices = direction.isBackward() ? 3 : 2;
      if (kind.shape() == Kind.Shape.POINTWISE) {
        // Each slice is an address and an offset; then the count, the parameters and the kinks.
        expected.put(
            direction.stem(), arguments(2 * slices + 1, atInput ? withKinks : parameters, number));
        expected.put("forward_with_derivative", arguments(7, withKinks, number));
        if (number.equals("f32")) {
          fused(kind, number, expected);
        }
      } else if (kind.shape() == Kind.Shape.GATED) {
        // Gate, value, their biases and the result, or seven with the gradients; the count, how the
        // halves lie, and the channels.
        expected.put("forward", arguments(15, parameters, number));
        expected.put("backward", arguments(19, parameters, number));
      } else if (kind.shape() == Kind.Shape.PIECES) {
        expected.put("forward", arguments(7, 0, number));
        expected.put("backward", arguments(9, 0, number));
      } else {
        // The rows, their axis and what lies between neighbours; forward the mask, an address and
        // an offset, or seed and index.
        boolean beside = !direction.isBackward() && (kind.isMasked() || kind.isDrawn());
        int longs = 2 * slices + 3 + (beside ? 2 : 0);
        expected.put(direction.stem() + "_group", arguments(longs, parameters, number));
        expected.put(direction.stem() + "_item", arguments(longs, parameters, number));
      }
    }
  }

  private static void fused(Kind kind, String number, Map<String, List<String>> expected) {
    int parameters = kind.parameters().size();
    int withKinks = parameters + 2 * Activation.MAX_KINKS;
    // Five slices and nine integers; the scale of dropout.
    expected.put("forward_fused", arguments(19, 1 + parameters, number));
    expected.put("backward_fused", arguments(19, 1 + withKinks, number));
  }

  private static List<String> arguments(int longs, int numbers, String number) {
    List<String> types = new ArrayList<>();
    Stream.generate(() -> "u64").limit(longs).forEach(types::add);
    Stream.generate(() -> number).limit(numbers).forEach(types::add);
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
