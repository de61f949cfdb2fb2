package dev.activations.peers;

import dev.activations.api.Activation;
import dev.activations.api.Direction;
import dev.activations.api.Kind;
import dev.activations.verify.FastOracle;
import dev.activations.verify.Oracle;
import dev.activations.verify.Ulp;
import java.nio.FloatBuffer;
import java.util.SplittableRandom;
import java.util.function.DoubleUnaryOperator;
import java.util.function.Supplier;
import java.util.stream.IntStream;

/**
 * The largest errors of a function, in units in the last place of the true value's float.
 *
 * @param everywhere among random bit patterns that are numbers
 * @param middle among numbers in [-4, 4]
 */
record Errors(double everywhere, double middle) {
  /** Whole rows. */
  private static final int SAMPLES = 1000 * Peer.ROW;

  /**
   * Measures a pass. A backward pass has gradients of 1, which make it the derivative; that of
   * softmax, where those would make it 0, gradients in [-1, 1].
   */
  static Errors of(Peer peer, Kind kind, Direction direction) {
    boolean softmaxBackward = kind == Kind.SOFTMAX && direction == Direction.BACKWARD;
    FloatBuffer x = PeerBenchmark.direct(2 * SAMPLES);
    FloatBuffer dy = PeerBenchmark.direct(2 * SAMPLES);
    FloatBuffer out = PeerBenchmark.direct(2 * SAMPLES);
    SplittableRandom random = new SplittableRandom(7);
    for (int i = 0; i < SAMPLES; i++) {
      float any = Float.intBitsToFloat(random.nextInt());
      x.put(i, Float.isFinite(any) ? any : 0);
      x.put(SAMPLES + i, (float) (random.nextDouble() * 8 - 4));
    }
    for (int i = 0; i < 2 * SAMPLES; i++) {
      dy.put(i, softmaxBackward ? (float) (random.nextDouble() * 2 - 1) : 1);
    }
    if (softmaxBackward) {
      softmax(x);
    }
    peer.pass(kind, direction, x, dy, out).run();
    return new Errors(
        worst(kind, direction, x, dy, out, 0), worst(kind, direction, x, dy, out, SAMPLES));
  }

  /** Turns each row of logits into probabilities. */
  static void softmax(FloatBuffer x) {
    float[] row = new float[Peer.ROW];
    for (int from = 0; from < x.capacity(); from += Peer.ROW) {
      x.get(from, row);
      double[] values = FastOracle.softmax(row);
      for (int i = 0; i < Peer.ROW; i++) {
        x.put(from + i, (float) values[i]);
      }
    }
  }

  private static double worst(
      Kind kind, Direction direction, FloatBuffer x, FloatBuffer dy, FloatBuffer out, int first) {
    float[] row = new float[Peer.ROW];
    float[] gradient = new float[Peer.ROW];
    Supplier<double[]> truth;
    if (kind != Kind.SOFTMAX) {
      DoubleUnaryOperator function =
          FastOracle.of(
              Activation.of(kind),
              direction == Direction.BACKWARD ? Direction.DERIVATIVE : direction);
      truth =
          () ->
              IntStream.range(0, row.length)
                  .mapToDouble(i -> function.applyAsDouble(row[i]))
                  .toArray();
    } else if (direction == Direction.FORWARD) {
      truth = () -> FastOracle.softmax(row);
    } else {
      truth = () -> Oracle.softmaxBackward(row, gradient);
    }
    double worst = 0;
    for (int from = first; from < first + SAMPLES; from += Peer.ROW) {
      x.get(from, row);
      dy.get(from, gradient);
      double[] values = truth.get();
      for (int i = 0; i < values.length; i++) {
        worst = Math.max(worst, Ulp.between(out.get(from + i), values[i]));
      }
    }
    return worst;
  }
}
