package dev.activations.cpu;

import java.nio.FloatBuffer;

/**
 * Adjacent elements somewhere in the host's memory. Positions count from its own beginning.
 *
 * @param <A> the arrays that hold such elements; see {@link Storage}
 */
interface Elements<A> {

  /** Returns the array that holds these elements side by side, or null if none does. */
  A array(long at, int count);

  /** Returns where in that array the first of them lies. */
  int position(long at);

  /**
   * Returns the direct buffer in the native order that holds the same elements at the same
   * positions, or null if none does.
   */
  default FloatBuffer direct() {
    return null;
  }

  /** Copies elements to an array. */
  void get(long at, A to, int toAt, int count);

  /** Copies elements from an array. */
  void put(long at, A from, int fromAt, int count);

  /** Some elements side by side in an array. */
  record Run<A>(A array, int at) {}

  /**
   * Returns elements side by side.
   *
   * @param tile where they are copied to if they are not
   */
  default Run<A> run(long at, int count, A tile) {
    A array = array(at, count);
    if (array != null) {
      return new Run<>(array, position(at));
    }
    get(at, tile, 0, count);
    return new Run<>(tile, 0);
  }

  /** A part of an array. */
  record OfArray<A>(A array, int offset) implements Elements<A> {
    @Override
    public A array(long at, int count) {
      return array;
    }

    @Override
    public int position(long at) {
      return (int) (offset + at);
    }

    @Override
    public void get(long at, A to, int toAt, int count) {
      System.arraycopy(array, position(at), to, toAt, count);
    }

    @Override
    public void put(long at, A from, int fromAt, int count) {
      System.arraycopy(from, fromAt, array, position(at), count);
    }
  }

  /**
   * A direct or read-only buffer. Its own position is left alone.
   *
   * @param read copies from the buffer to an array
   * @param write copies from an array to the buffer
   * @param direct the buffer, if it is a direct one of floats in the native order, or null
   */
  record OfBuffer<A>(Copy<A> read, Copy<A> write, FloatBuffer direct) implements Elements<A> {
    /** Copies {@code count} elements between a buffer, from {@code at} on, and an array. */
    interface Copy<A> {
      void run(int at, A array, int arrayAt, int count);
    }

    @Override
    public A array(long at, int count) {
      return null;
    }

    @Override
    public int position(long at) {
      throw new UnsupportedOperationException("a buffer without an array");
    }

    @Override
    public void get(long at, A to, int toAt, int count) {
      read.run((int) at, to, toAt, count);
    }

    @Override
    public void put(long at, A from, int fromAt, int count) {
      write.run((int) at, from, fromAt, count);
    }
  }
}
