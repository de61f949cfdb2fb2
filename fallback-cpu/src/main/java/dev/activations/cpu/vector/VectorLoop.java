package dev.activations.cpu.vector;

/**
 * A loop over whole vectors, made by a {@link Vectorizer}. Holds no state; safe for use by several
 * threads.
 *
 * @param <A> what holds the elements: {@code float[]}, or memory segments in the native order
 */
public interface VectorLoop<A> {

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
   * @param floats the accumulators of a loop that folds, as many elements as lanes for each: read
   *     before, written after
   * @param ints the accumulators of a loop that adds, three times as many elements as lanes
   * @throws IndexOutOfBoundsException if what is given does not hold these elements
   */
  void run(
      A first,
      int firstAt,
      A second,
      int secondAt,
      A out,
      int outAt,
      int count,
      float[] uniforms,
      float[] floats,
      int[] ints);
}
