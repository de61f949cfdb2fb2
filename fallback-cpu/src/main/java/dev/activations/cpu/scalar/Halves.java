package dev.activations.cpu.scalar;

/**
 * A word of 32 bits as two floats, so that it passes for a uniform of a formula.
 *
 * @param upper the upper 16 bits, as an integer
 * @param lower the lower 16 bits, as an integer
 */
public record Halves(float upper, float lower) {
  /** The halves of a word. */
  public static Halves of(int word) {
    return new Halves(word >>> 16, word & 0xFFFF);
  }

  /** The word. */
  public static int word(Halves halves) {
    return (int) halves.upper << 16 | (int) halves.lower;
  }
}
