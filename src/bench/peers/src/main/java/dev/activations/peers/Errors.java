package dev.activations.peers;

import dev.activations.api.Activation;
import dev.activations.api.Direction;
import dev.activations.api.Kind;
import dev.activations.verify.FastOracle;
import dev.activations.verify.Ulp;
import java.nio.FloatBuffer;
import java.util.SplittableRandom;
import java.util.function.DoubleUnaryOperator;

/**
 * The largest errors of a function, in units in the last place of the true value's float.
 *
 * @param everywhere among random bit patterns that are numbers
 * @param middle among numbers in [-4, 4]
 */
record Errors(double everywhere, double middle) {
  private static final int SAMPLES = 1 << 20;

  /** Measures a pass; a backward pass with gradients of 1, which is the derivative. */
  static Errors of(Library.Peer peer, Kind kind, Direction direction) {
    FloatBuffer x = PeerBenchmark.direct(2 * SAMPLES);
    FloatBuffer ones = PeerBenchmark.direct(2 * SAMPLES);
    FloatBuffer out = PeerBenchmark.direct(2 * SAMPLES);
    SplittableRandom random = new SplittableRandom(7);
    for (int i = 0; i < SAMPLES; i++) {
      float any = Float.intBitsToFloat(random.nextInt());
      x.put(i, Float.isFinite(any) ? any : 0);
      x.put(SAMPLES + i, (float) (random.nextDouble() * 8 - 4));
      ones.put(i, 1).put(SAMPLES + i, 1);
    }
    peer.pass(kind, direction, x, ones, out).run();
    DoubleUnaryOperator truth =
        FastOracle.of(
            Activation.of(kind),
            direction == Direction.BACKWARD ? Direction.DERIVATIVE : direction);
    return new Errors(worst(truth, x, out, 0), worst(truth, x, out, SAMPLES));
  }

  private static double worst(DoubleUnaryOperator truth, FloatBuffer x, FloatBuffer y, int from) {
    double worst = 0;
    for (int i = from; i < from + SAMPLES; i++) {
      worst = Math.max(worst, Ulp.between(y.get(i), truth.applyAsDouble(x.get(i))));
    }
    return worst;
  }
}
