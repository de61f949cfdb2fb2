package dev.activations.peers;

import dev.activations.api.Direction;
import dev.activations.api.Kind;
import java.nio.FloatBuffer;

/** A library that was loaded. */
public interface Peer extends AutoCloseable {
  /** The length of a row of softmax; buffers hold whole rows. */
  int ROW = 1000;

  /**
   * Prepares a pass over direct buffers in the native order, out of place.
   *
   * @param x the input; of softmax backward, the output, which all libraries read there
   * @param dy the gradient, read by a backward pass
   * @return the pass; each run computes all of {@code out}
   * @throws UnsupportedOperationException if the library has no such pass
   */
  Runnable pass(Kind kind, Direction direction, FloatBuffer x, FloatBuffer dy, FloatBuffer out);

  @Override
  void close();

  /** What to throw where there is no such pass. */
  static UnsupportedOperationException unsupported(Kind kind, Direction direction) {
    return new UnsupportedOperationException(
        "has no %s %s".formatted(kind.stem(), direction.stem()));
  }

  /** The shape of a tensor of so many elements: one axis, and of softmax rows. */
  static long[] shape(Kind kind, int count) {
    return kind == Kind.SOFTMAX ? new long[] {count / ROW, ROW} : new long[] {count};
  }
}
