package dev.activations.cpu.vector;

import java.util.Arrays;

/** What the translator must know of instructions before it follows them. */
final class Opcode {
  static final int IFEQ = 153;
  static final int IF_ICMPEQ = 159;
  static final int GOTO = 167;

  private static final byte[] LENGTHS = new byte[256];

  static {
    Arrays.fill(LENGTHS, 2, 9, (byte) 1); // iconst
    Arrays.fill(LENGTHS, 11, 14, (byte) 1); // fconst
    LENGTHS[16] = 2; // bipush
    LENGTHS[17] = 3; // sipush
    LENGTHS[18] = 2; // ldc
    LENGTHS[19] = 3; // ldc_w
    Arrays.fill(LENGTHS, 21, 26, (byte) 2); // loads
    Arrays.fill(LENGTHS, 26, 46, (byte) 1); // loads of the first four locals
    Arrays.fill(LENGTHS, 54, 59, (byte) 2); // stores
    Arrays.fill(LENGTHS, 59, 79, (byte) 1); // stores to the first four locals
    Arrays.fill(LENGTHS, 87, 132, (byte) 1); // stack, arithmetic, logic
    Arrays.fill(LENGTHS, 133, 153, (byte) 1); // casts, comparisons
    Arrays.fill(LENGTHS, 153, 168, (byte) 3); // branches
    Arrays.fill(LENGTHS, 172, 178, (byte) 1); // returns
    Arrays.fill(LENGTHS, 180, 185, (byte) 3); // fields, calls
    LENGTHS[187] = 3; // new
  }

  private static final Operation[] COMPARISONS = {
    Operation.EQUAL,
    Operation.NOT_EQUAL,
    Operation.LESS,
    Operation.GREATER_OR_EQUAL,
    Operation.GREATER,
    Operation.LESS_OR_EQUAL
  };

  private Opcode() {}

  /** Returns the length in bytes, or 0 for what no formula has. */
  static int length(int opcode) {
    return LENGTHS[opcode];
  }

  static boolean isConditional(int opcode) {
    return opcode >= IFEQ && opcode < IF_ICMPEQ + COMPARISONS.length;
  }

  static boolean isReturn(int opcode) {
    return opcode >= 172 && opcode <= 177;
  }

  /** Returns what the conditional branch that is {@code number}th of its group asks. */
  static Operation comparison(int number) {
    return COMPARISONS[number];
  }

  /** Returns what holds where a comparison does not, among numbers. */
  static Operation opposite(Operation comparison) {
    // The instruction set lists each comparison beside its opposite.
    return COMPARISONS[Arrays.asList(COMPARISONS).indexOf(comparison) ^ 1];
  }
}
