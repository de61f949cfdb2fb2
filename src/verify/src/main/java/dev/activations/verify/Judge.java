package dev.activations.verify;

import dev.activations.api.Activation;
import dev.activations.api.Direction;
import java.util.function.DoubleUnaryOperator;

/** Measures results of a pointwise function against the true values. For one thread. */
final class Judge {
  private final DoubleUnaryOperator fast;
  private final DoubleUnaryOperator exact;

  /**
   * A judge of one function.
   *
   * @throws IllegalArgumentException if the kind is not pointwise, or the direction backward
   */
  Judge(Activation activation, Direction direction) {
    fast = FastOracle.of(activation, direction);
    exact = Oracle.of(activation, direction);
  }

  /** Takes the result for an input, given by its bits, into account. */
  void measure(int bits, float value, Accuracy accuracy) {
    float x = Float.intBitsToFloat(bits);
    double truth = fast.applyAsDouble(x);
    // Whether an error is above one unit is not left to an oracle that may err by a thousandth.
    if (Math.abs(Ulp.between(value, truth) - 1) < FastOracle.PROMISE) {
      truth = exact.applyAsDouble(x);
    }
    accuracy.add(bits, value, truth);
  }

  /** Returns the error of one result against the exact oracle. */
  double exactError(int bits, float value) {
    return Ulp.between(value, exact.applyAsDouble(Float.intBitsToFloat(bits)));
  }
}
