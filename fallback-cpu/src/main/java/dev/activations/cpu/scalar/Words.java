package dev.activations.cpu.scalar;

/**
 * Two words: a key of {@link Threefry}, a counter, or what becomes of them.
 *
 * @param first the lower one
 * @param second the higher one
 */
public record Words(int first, int second) {
  /** The words of a seed or of an index, the lower one first. */
  public static Words of(long value) {
    return new Words((int) value, (int) (value >> 32));
  }
}
