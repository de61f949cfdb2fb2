package dev.activations.cpu.vector;

/**
 * A loop over whole vectors, made by a {@link Vectorizer}. Holds no state; safe for use by several
 * threads.
 */
public interface VectorLoop {

  /**
   * Runs over {@code count} elements.
   *
   * @param first the first stream
   * @param firstAt its first element
   * @param second the second stream; not read by a loop that has only one
   * @param secondAt its first element
   * @param out where a loop that maps puts its results; may be a stream, from the same element on
   * @param outAt the first result
   * @param count the number of elements, a positive multiple of {@link Vectorizer#lanes}
   * @param uniforms the arguments that are the same for all elements
   * @param floats the accumulator of a loop that folds, one element for each lane: read before,
   *     written after
   * @param ints the accumulators of a loop that adds, three times as many elements as lanes
   * @throws IndexOutOfBoundsException if an array does not hold these elements
   */
  void run(
      float[] first,
      int firstAt,
      float[] second,
      int secondAt,
      float[] out,
      int outAt,
      int count,
      float[] uniforms,
      float[] floats,
      int[] ints);
}
