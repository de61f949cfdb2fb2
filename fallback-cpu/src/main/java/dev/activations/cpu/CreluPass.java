package dev.activations.cpu;

import dev.activations.api.Direction;
import dev.activations.cpu.scalar.Crelu;
import dev.activations.spi.Runs;
import java.util.List;

/** Crelu over all elements, in chunks. */
final class CreluPass {
  private final Loop<float[]> positive;
  private final Loop<float[]> negative;
  private final Runs runs;

  CreluPass(Loops loops, Runs runs) {
    positive = loops.map(new Loops.Method(Crelu.class, Formulas.FORWARD, 1, 0, false));
    negative = loops.map(new Loops.Method(Crelu.class, "negative", 1, 0, false));
    this.runs = runs;
  }

  void run(
      Pool pool,
      Scratch[] scratch,
      Direction direction,
      List<Elements<float[]>> inputs,
      Elements<float[]> out,
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

  private Elements<float[]> half(Elements<float[]> all, int number) {
    return new InRuns(all, number * runs.width(), runs);
  }

  private void forward(
      Elements<float[]> x, Elements<float[]> y, long from, int length, Scratch scratch) {
    new Operands<>(Storage.FLOATS, x, x, half(y, 0))
        .run(positive, new Span<>(), from, length, true, scratch);
    new Operands<>(Storage.FLOATS, x, x, half(y, 1))
        .run(negative, new Span<>(), from, length, true, scratch);
  }

  private void backward(
      Elements<float[]> x,
      Elements<float[]> dy,
      Elements<float[]> dx,
      long from,
      int length,
      Scratch scratch) {
    float[] values = scratch.first(Storage.FLOATS);
    float[] right = scratch.second(Storage.FLOATS);
    float[] left = scratch.third(Storage.FLOATS);
    x.get(from, values, 0, length);
    half(dy, 0).get(from, right, 0, length);
    half(dy, 1).get(from, left, 0, length);
    for (int i = 0; i < length; i++) {
      values[i] = Crelu.gradient(values[i], right[i], left[i]);
    }
    dx.put(from, values, 0, length);
  }
}
