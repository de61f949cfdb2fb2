package dev.activations.verify;

import dev.activations.api.Activation;
import dev.activations.api.Direction;
import dev.activations.api.Formula;
import dev.activations.api.Half;
import dev.activations.api.Op;
import java.util.Arrays;
import java.util.SplittableRandom;

/**
 * Inputs for a kind over pieces of an axis, the same on every machine: special patterns against
 * each other, branch edges, any bits, and where data lives. What its digest and its errors are
 * taken of, since pairs of inputs are too many to try.
 *
 * @param op the kind, gated by the first half
 * @param saved the input, one row
 * @param gradient the incoming gradient
 */
record PieceSample(Op op, float[] saved, float[] gradient) {
  /** Steps through the patterns; odd, so that it meets all of them. */
  private static final int[] STEPS = {1, 77, 1111, 2047, 2999, 3333, 3777, 4095};

  static PieceSample of(Activation activation) {
    float[] patterns = Samples.patterns();
    float[] first = new float[0];
    float[] second = new float[0];
    for (int step : STEPS) {
      float[] others = new float[patterns.length];
      for (int i = 0; i < others.length; i++) {
        others[i] = patterns[(int) ((long) i * step % patterns.length)];
      }
      first = Samples.join(first, patterns);
      second = Samples.join(second, others);
    }
    float[] edges = Edges.of(activation);
    float[] bits = Samples.bits(1 << 17);
    first =
        Samples.join(
            first,
            edges,
            Arrays.copyOf(bits, 1 << 16),
            Samples.uniform(1 << 17, 20),
            Samples.uniform(1 << 15, 1));
    second =
        Samples.join(
            second,
            Samples.uniform(edges.length, 3),
            Arrays.copyOfRange(bits, 1 << 16, 1 << 17),
            Samples.uniform(new SplittableRandom(7), 1 << 17, 9),
            Samples.uniform(new SplittableRandom(8), 1 << 15, 1));
    Op op = Op.of(activation);
    int pieces = op.piecesIn();
    if (activation.formula().shape() == Formula.Shape.GATED) {
      op = op.gatedBy(Half.FIRST);
    }
    float[] saved = Samples.join(first, second);
    saved = Samples.cycle(saved, (saved.length + pieces - 1) / pieces * pieces);
    int results = (int) op.results(saved.length).count();
    float[] gradient = Samples.cycle(Samples.join(Samples.uniform(77_777, 3), patterns), results);
    return new PieceSample(op, saved, gradient);
  }

  /** Returns what the definition computes. */
  float[] expected(Direction direction) {
    return Definition.run(op, direction, saved, gradient);
  }

  /**
   * Measures results against the true values, where all inputs are numbers.
   *
   * @return how many results were measured
   */
  int measure(Direction direction, float[] results, Accuracy accuracy) {
    PieceOracle oracle = new PieceOracle(op, direction, accuracy);
    return oracle.measure(saved, gradient, results);
  }
}
