package dev.activations.cuda;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.OptionalInt;
import java.util.TreeMap;
import java.util.function.IntBinaryOperator;
import java.util.function.Predicate;

/**
 * A program as a GPU runs it: an ELF file with the instructions of each kernel, of 16 bytes each
 * since Volta. Knows of them what the flow of control and the width of accesses ask for, which
 * NVIDIA does not document; an encoding that is another one shows in branches that lead nowhere.
 */
final class MachineCode {
  private static final String KERNEL = ".text.";

  private static final int BRANCH = 0x947;
  private static final int EXIT = 0x94D;
  private static final int LOAD = 0x981;
  private static final int STORE = 0x986;
  private static final int ACCESS_OF_16_BYTES = 6;

  /** The predicate of an instruction that is always executed. */
  private static final int ALWAYS = 7;

  private final ByteBuffer file;

  MachineCode(byte[] file) {
    this.file = ByteBuffer.wrap(file).order(ByteOrder.LITTLE_ENDIAN);
  }

  /** Returns for each kernel how many instructions a thread executes at the least. */
  Map<String, Integer> shortestPaths() {
    return paths(any -> false, /* storing= */ false, Math::min);
  }

  /**
   * Returns for each kernel how many instructions a thread executes that stores elements, and
   * accesses 16 bytes of memory at a time. Kernels that loop, and those without such a way, are
   * left out.
   *
   * @param better chooses between two ways
   */
  Map<String, Integer> pathsOfVectors(IntBinaryOperator better) {
    return paths(MachineCode::isNarrowAccess, /* storing= */ true, better);
  }

  private Map<String, Integer> paths(
      Predicate<Instruction> barred, boolean storing, IntBinaryOperator better) {
    Map<String, Integer> paths = new TreeMap<>();
    int sections = Math.toIntExact(file.getLong(40));
    int size = file.getShort(58);
    int names = offset(sections + size * file.getShort(62));
    for (int i = 0; i < file.getShort(60); i++) {
      int section = sections + i * size;
      String name = text(names + file.getInt(section));
      if (name.startsWith(KERNEL)) {
        new Walk(instructions(section), barred, better)
            .from(0, !storing)
            .ifPresent(length -> paths.put(name.substring(KERNEL.length()), length));
      }
    }
    return paths;
  }

  private List<Instruction> instructions(int section) {
    int length = Math.toIntExact(file.getLong(section + 32)) / Instruction.BYTES;
    List<Instruction> all = new ArrayList<>();
    for (int at = 0; at < length; at++) {
      int place = offset(section) + Instruction.BYTES * at;
      all.add(new Instruction(at, file.getLong(place), file.getLong(place + Long.BYTES)));
    }
    return all;
  }

  private int offset(int section) {
    return Math.toIntExact(file.getLong(section + 24));
  }

  private String text(int at) {
    int end = at;
    while (file.get(end) != 0) {
      end++;
    }
    return new String(file.array(), at, end - at, StandardCharsets.US_ASCII);
  }

  private record Instruction(int at, long low, long high) {
    static final int BYTES = 16;

    int code() {
      return (int) low & 0xFFF;
    }

    boolean isConditional() {
      return (low >> 12 & 0xF) != ALWAYS;
    }

    /** Returns where it goes on; nowhere if the thread ends. */
    List<Integer> followers() {
      List<Integer> followers = new ArrayList<>();
      if (code() == BRANCH) {
        followers.add(target());
      }
      if (code() != BRANCH && code() != EXIT || isConditional()) {
        followers.add(at + 1);
      }
      return followers;
    }

    /** The distance stands in bits 34 to 81 and, below them, 16 to 23, in units of four bytes. */
    private int target() {
      long upper = (high << 30 | low >>> 34) << 16 >> 16;
      long distance = 4 * (upper << 8 | low >>> 16 & 0xFF);
      if (distance % BYTES != 0) {
        throw new AssertionError("a branch over %d bytes".formatted(distance));
      }
      return Math.toIntExact(at + 1 + distance / BYTES);
    }
  }

  private static boolean isNarrowAccess(Instruction instruction) {
    boolean access = instruction.code() == LOAD || instruction.code() == STORE;
    return access && (instruction.high() >> 9 & 7) != ACCESS_OF_16_BYTES;
  }

  /** Ways through a kernel. What is called, a division of 64 bits, counts as one instruction. */
  private static final class Walk {
    private final List<Instruction> kernel;
    private final Predicate<Instruction> barred;
    private final IntBinaryOperator better;
    private final Map<Boolean, OptionalInt[]> known;

    Walk(List<Instruction> kernel, Predicate<Instruction> barred, IntBinaryOperator better) {
      this.kernel = kernel;
      this.barred = barred;
      this.better = better;
      this.known =
          Map.of(true, new OptionalInt[kernel.size()], false, new OptionalInt[kernel.size()]);
    }

    /**
     * Returns the length of the better way to the end, if there is one.
     *
     * @param done whether it need not pass a store any more
     */
    OptionalInt from(int at, boolean done) {
      OptionalInt[] ways = known.get(done);
      if (ways[at] == null) {
        // Who comes by here on the way from here has found a loop, which is no way to the end.
        ways[at] = OptionalInt.empty();
        Instruction here = kernel.get(at);
        ways[at] = barred.test(here) ? OptionalInt.empty() : through(here, done);
      }
      return ways[at];
    }

    private OptionalInt through(Instruction instruction, boolean done) {
      if (instruction.code() == EXIT && !instruction.isConditional()) {
        return done ? OptionalInt.of(1) : OptionalInt.empty();
      }
      boolean after = done || instruction.code() == STORE;
      OptionalInt rest =
          instruction.followers().stream()
              .map(at -> from(at, after))
              .filter(OptionalInt::isPresent)
              .mapToInt(OptionalInt::getAsInt)
              .reduce(better);
      return rest.isPresent() ? OptionalInt.of(1 + rest.getAsInt()) : rest;
    }
  }
}
