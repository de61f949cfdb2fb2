package dev.activations.cpu;

import dev.activations.api.Direction;
import dev.activations.cpu.scalar.Crelu;
import dev.activations.spi.Runs;
import java.util.List;

/** Crelu over all elements, in chunks. */
final class CreluPass {
  private final Loop positive;
  private final Loop negative;
  private final Runs runs;

  CreluPass(Loops loops, Runs runs) {
    positive = loops.map(Crelu.class, Formulas.FORWARD, 1, 0);
    negative = loops.map(Crelu.class, "negative", 1, 0);
    this.runs = runs;
  }

  void run(
      Pool pool,
      Scratch[] scratch,
      Direction direction,
      List<Floats> inputs,
      Floats out,
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

  private Floats half(Floats all, int number) {
    return new InRuns(all, number * runs.width(), runs);
  }

  private void forward(Floats x, Floats y, long from, int length, Scratch scratch) {
    new Operands(x, x, half(y, 0)).run(positive, new Span(), from, length, true, scratch);
    new Operands(x, x, half(y, 1)).run(negative, new Span(), from, length, true, scratch);
  }

  private void backward(Floats x, Floats dy, Floats dx, long from, int length, Scratch scratch) {
    float[] values = scratch.first;
    float[] right = scratch.second;
    float[] left = scratch.third;
    x.get(from, values, 0, length);
    half(dy, 0).get(from, right, 0, length);
    half(dy, 1).get(from, left, 0, length);
    for (int i = 0; i < length; i++) {
      values[i] = Crelu.gradient(values[i], right[i], left[i]);
    }
    dx.put(from, values, 0, length);
  }
}
