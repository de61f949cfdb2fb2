package dev.activations.cuda;

import dev.activations.api.Dtype;
import dev.activations.api.Formula.Shape;
import dev.activations.api.Kind;
import dev.activations.spi.StoragePass;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/**
 * What {@code kernels-cuda/instructions.csv} says: the instructions that a kernel executes for each
 * element on Hopper ({@code sm_90}), those around the formula included, and where the formula
 * branches those of its short way, for elements that do not stray far out; how many an H200 can
 * issue while its memory moves the element's bytes; and the share of the memory's bandwidth that
 * this leaves. Kernels with loops are left out, and float64, whose instructions take longer.
 */
final class InstructionTable {
  private static final Path FILE = Path.of("..", "..", "kernels-cuda", "instructions.csv");
  private static final String HEADER = "program,kernel,instructions,budget,bandwidth";

  /** 132 multiprocessors issue 4 instructions for 32 threads at 1.98 GHz; a copy moves 4.3 TB/s. */
  private static final double ISSUED_PER_BYTE = 132 * 4 * 32 * 1.98e9 / 4.3e12;

  /** The buffers that kernels of float32 read and write. */
  private static final Map<String, Integer> POINTWISE =
      Map.of(
          "forward", 2,
          "derivative", 2,
          "forward_with_derivative", 3,
          "backward", 3,
          "backward_from_output", 3);

  private static final Map<String, Integer> GATED = Map.of("forward", 3, "backward", 5);

  /** What a formula branches by, itself or in the library below it. */
  private static final Pattern BRANCHING = Pattern.compile("USUALLY\\(|times_sigmoid");

  private InstructionTable() {}

  /** Returns the lines of a program that are committed. */
  static List<String> committed(String program) throws IOException {
    try (Stream<String> lines = Files.lines(FILE)) {
      return lines.filter(line -> line.startsWith(program + ",")).toList();
    }
  }

  /** Replaces what is committed. */
  static void write(List<String> lines) throws IOException {
    List<String> all = new ArrayList<>(List.of(HEADER));
    all.addAll(lines);
    Files.write(FILE, all);
  }

  /** Whether there are lines of a program. */
  static boolean counts(String program) {
    return !bytes(program).isEmpty();
  }

  /** Returns the lines of a program, given as machine code for {@code sm_90}. */
  static List<String> count(String program, byte[] code) {
    Map<String, Integer> bytes = bytes(program);
    boolean storage = program.endsWith("/storage");
    int items = CudaSession.items(storage ? Dtype.F16 : Dtype.F32);
    MachineCode machine = new MachineCode(code);
    // Storage looks single elements up, but has no branches except for slices and ends.
    Map<String, Integer> paths =
        storage
            ? machine.shortestPaths()
            : machine.pathsOfVectors(branches(program) ? Math::min : Math::max);
    paths.keySet().retainAll(bytes.keySet());
    return paths.entrySet().stream()
        .map(
            path ->
                line(
                    program,
                    path.getKey(),
                    (double) path.getValue() / items,
                    bytes.get(path.getKey()) * ISSUED_PER_BYTE))
        .toList();
  }

  /** Whether a pointwise formula has a short way for most elements. */
  private static boolean branches(String program) {
    Path source = Path.of("..", "..", "kernels-cuda", "activation", program + ".cu");
    try {
      return Files.exists(source) && BRANCHING.matcher(Files.readString(source)).find();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static String line(String program, String kernel, double instructions, double budget) {
    return String.format(
        Locale.ROOT,
        "%s,%s,%.1f,%.1f,%.0f %%",
        program,
        kernel,
        instructions,
        budget,
        100 * Math.min(1, budget / instructions));
  }

  /** Returns the bytes of an element that each kernel moves. */
  private static Map<String, Integer> bytes(String program) {
    Map<String, Integer> bytes = new TreeMap<>();
    if (program.endsWith("/storage")) {
      // The tables stay in the cache.
      for (StoragePass.Step step : StoragePass.Step.values()) {
        bytes.put(
            step.stem(),
            switch (step) {
              case LOOKUP -> 4;
              case WIDEN, NARROW, LOOKUP_BOTH, LOOKUP_BACKWARD -> 6;
            });
      }
    }
    Arrays.stream(Kind.values())
        .filter(kind -> kind.stem().equals(program))
        .map(kind -> buffers(kind.shape()))
        .forEach(buffers -> buffers.forEach((kernel, count) -> bytes.put(kernel, 4 * count)));
    return bytes;
  }

  private static Map<String, Integer> buffers(Shape shape) {
    return switch (shape) {
      case POINTWISE -> POINTWISE;
      case GATED -> GATED;
      case OVER_AXIS, PIECES -> Map.of();
    };
  }
}
