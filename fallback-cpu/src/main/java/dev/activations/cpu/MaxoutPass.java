package dev.activations.cpu;

import dev.activations.api.Direction;
import dev.activations.cpu.scalar.Maxout;
import dev.activations.spi.Runs;
import java.util.List;

/**
 * Maxout over all elements of its pieces, in chunks.
 *
 * @param <A> the arrays that hold the elements; see {@link Storage}
 */
final class MaxoutPass<A> {
  /** Puts the gradients of a piece in its place, and marks those that are given away. */
  interface Gradient<A> {
    void run(A piece, A largest, A dy, boolean[] given, int count);
  }

  private final Storage<A> storage;
  private final Loop<A> larger;
  private final Gradient<A> gradient;
  private final Runs runs;

  MaxoutPass(Arithmetic<A> arithmetic, Runs runs) {
    storage = arithmetic.storage();
    larger = arithmetic.map(new Loops.Method(Maxout.class, Formulas.FORWARD, 2, 0, false));
    gradient = arithmetic.maxout();
    this.runs = runs;
  }

  void run(
      Pool pool,
      Scratch[] scratch,
      Direction direction,
      List<Elements<A>> inputs,
      Elements<A> out,
      long count) {
    long chunks = (count + Scratch.TILE - 1) / Scratch.TILE;
    pool.run(
        chunks,
        (worker, number) -> {
          long from = number * Scratch.TILE;
          int length = (int) Math.min(Scratch.TILE, count - from);
          if (direction == Direction.FORWARD) {
            out.put(from, largest(inputs.get(0), from, length, scratch[worker]), 0, length);
          } else {
            backward(inputs.get(0), inputs.get(1), out, from, length, scratch[worker]);
          }
        });
  }

  private Elements<A> piece(Elements<A> all, long number) {
    return new InRuns<>(storage, all, number * runs.width(), runs);
  }

  private A largest(Elements<A> x, long from, int length, Scratch scratch) {
    A tile = scratch.third(storage);
    piece(x, 0).get(from, tile, 0, length);
    Elements<A> largest = new InChunks<>(tile);
    // The first piece as well, for its NaN.
    for (long number = 0; number < runs.pieces(); number++) {
      new Operands<>(storage, largest, piece(x, number), largest)
          .run(larger, new Span<>(), from, length, true, scratch);
    }
    return tile;
  }

  /** A piece is overwritten when the largest are known and it has been read. */
  private void backward(
      Elements<A> x, Elements<A> dy, Elements<A> dx, long from, int length, Scratch scratch) {
    A largest = largest(x, from, length, scratch);
    A gradients = scratch.fourth(storage);
    dy.get(from, gradients, 0, length);
    A values = scratch.first(storage);
    boolean[] given = new boolean[length];
    for (long number = 0; number < runs.pieces(); number++) {
      piece(x, number).get(from, values, 0, length);
      gradient.run(values, largest, gradients, given, length);
      piece(dx, number).put(from, values, 0, length);
    }
  }

  static void gradient(float[] piece, float[] largest, float[] dy, boolean[] given, int count) {
    for (int i = 0; i < count; i++) {
      boolean first = piece[i] == largest[i] && !given[i];
      given[i] |= first;
      piece[i] = Maxout.gradient(largest[i], dy[i], first);
    }
  }

  static void gradient(double[] piece, double[] largest, double[] dy, boolean[] given, int count) {
    for (int i = 0; i < count; i++) {
      boolean first = piece[i] == largest[i] && !given[i];
      given[i] |= first;
      piece[i] = Maxout.gradient(largest[i], dy[i], first);
    }
  }
}
