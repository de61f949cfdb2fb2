package dev.activations.cpu;

import dev.activations.api.Direction;
import dev.activations.cpu.scalar.Maxout;
import dev.activations.spi.Runs;
import java.util.Arrays;
import java.util.List;

/** Maxout over all elements of its pieces, in chunks. */
final class MaxoutPass {
  private final Loop<float[]> larger;
  private final Runs runs;

  MaxoutPass(Loops loops, Runs runs) {
    larger = loops.map(new Loops.Method(Maxout.class, Formulas.FORWARD, 2, 0, false));
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

  private Elements<float[]> piece(Elements<float[]> all, long number) {
    return new InRuns(all, number * runs.width(), runs);
  }

  private void forward(
      Elements<float[]> x, Elements<float[]> y, long from, int length, Scratch scratch) {
    Arrays.fill(scratch.third(Storage.FLOATS), 0, length, Float.NEGATIVE_INFINITY);
    Elements<float[]> largest = new InChunks(scratch.third(Storage.FLOATS));
    for (long number = 0; number < runs.pieces(); number++) {
      Operands<float[]> operands =
          new Operands<>(Storage.FLOATS, largest, piece(x, number), largest);
      operands.run(larger, new Span<>(), from, length, true, scratch);
    }
    y.put(from, scratch.third(Storage.FLOATS), 0, length);
  }

  /** All of a chunk is read before any of it is written. */
  private void backward(
      Elements<float[]> x,
      Elements<float[]> dy,
      Elements<float[]> dx,
      long from,
      int length,
      Scratch scratch) {
    float[] largest = scratch.third(Storage.FLOATS);
    float[] values = scratch.fourth(Storage.FLOATS);
    long[] winner = new long[length];
    piece(x, 0).get(from, largest, 0, length);
    for (long number = 1; number < runs.pieces(); number++) {
      piece(x, number).get(from, values, 0, length);
      for (int i = 0; i < length; i++) {
        winner[i] = values[i] > largest[i] ? number : winner[i];
        largest[i] = Maxout.forward(largest[i], values[i]);
      }
    }
    float[] gradient = scratch.first(Storage.FLOATS);
    dy.get(from, gradient, 0, length);
    for (long number = 0; number < runs.pieces(); number++) {
      for (int i = 0; i < length; i++) {
        values[i] = Maxout.gradient(largest[i], gradient[i], winner[i] == number);
      }
      piece(dx, number).put(from, values, 0, length);
    }
  }
}
