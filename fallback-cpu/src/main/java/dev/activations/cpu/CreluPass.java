package dev.activations.cpu;

import dev.activations.api.Direction;
import dev.activations.cpu.scalar.Crelu;
import dev.activations.spi.Runs;
import java.util.List;

/**
 * Crelu over all elements, in chunks.
 *
 * @param <A> the arrays that hold the elements; see {@link Storage}
 */
final class CreluPass<A> {
  /** Puts the gradients in the place of x. */
  interface Gradient<A> {
    void run(A x, A right, A left, int count);
  }

  private final Storage<A> storage;
  private final Loop<A> positive;
  private final Loop<A> negative;
  private final Gradient<A> gradient;
  private final Runs runs;

  CreluPass(Arithmetic<A> arithmetic, Runs runs) {
    storage = arithmetic.storage();
    positive = arithmetic.map(new Loops.Method(Crelu.class, Formulas.FORWARD, 1, 0, false));
    negative = arithmetic.map(new Loops.Method(Crelu.class, "negative", 1, 0, false));
    gradient = arithmetic.crelu();
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
            forward(inputs.get(0), out, from, length, scratch[worker]);
          } else {
            backward(inputs.get(0), inputs.get(1), out, from, length, scratch[worker]);
          }
        });
  }

  private Elements<A> half(Elements<A> all, int number) {
    return new InRuns<>(storage, all, number * runs.width(), runs);
  }

  private void forward(Elements<A> x, Elements<A> y, long from, int length, Scratch scratch) {
    new Operands<>(storage, x, x, half(y, 0))
        .run(positive, new Span<>(), from, length, true, scratch);
    new Operands<>(storage, x, x, half(y, 1))
        .run(negative, new Span<>(), from, length, true, scratch);
  }

  private void backward(
      Elements<A> x, Elements<A> dy, Elements<A> dx, long from, int length, Scratch scratch) {
    A values = scratch.first(storage);
    A right = scratch.second(storage);
    A left = scratch.third(storage);
    x.get(from, values, 0, length);
    half(dy, 0).get(from, right, 0, length);
    half(dy, 1).get(from, left, 0, length);
    gradient.run(values, right, left, length);
    dx.put(from, values, 0, length);
  }

  static void gradient(float[] x, float[] right, float[] left, int count) {
    for (int i = 0; i < count; i++) {
      x[i] = Crelu.gradient(x[i], right[i], left[i]);
    }
  }

  static void gradient(double[] x, double[] right, double[] left, int count) {
    for (int i = 0; i < count; i++) {
      x[i] = Crelu.gradient(x[i], right[i], left[i]);
    }
  }
}
