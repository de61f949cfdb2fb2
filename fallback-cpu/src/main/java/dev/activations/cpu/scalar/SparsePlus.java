package dev.activations.cpu.scalar;

import static dev.activations.cpu.scalar.Arithmetic.pairSquare;
import static dev.activations.cpu.scalar.Arithmetic.quiet;
import static dev.activations.cpu.scalar.Arithmetic.twoSum;
import static dev.activations.cpu.scalar.DoubleArithmetic.pairSquare;
import static dev.activations.cpu.scalar.DoubleArithmetic.quiet;
import static dev.activations.cpu.scalar.DoubleArithmetic.twoSum;

/**
 * sparse_plus(x) = x &lt;= -1 ? 0 : x &gt;= 1 ? x : (x + 1)²/4; derivative x &lt;= -1 ? 0 : x &gt;=
 * 1 ? 1 : (x + 1)/2, which is sparse_sigmoid.
 *
 * <p>Source: jax.nn.sparse_plus.
 *
 * <p>Backward needs: input. Bound: 1 ULP.
 */
public final class SparsePlus {
  private SparsePlus() {}

  /**
   * Returns sparse_plus(x).
   *
   * @param x any float; NaN gives NaN
   */
  public static float forward(float x) {
    Pair square = pairSquare(twoSum(x, 1.0f));
    float r = (square.hi() + square.lo()) * 0.25f;
    return quiet(x, x > -1.0f ? (x < 1.0f ? r : x) : 0.0f);
  }

  /**
   * Returns the derivative of sparse_plus at x.
   *
   * @param x any float; NaN gives NaN
   */
  public static float derivative(float x) {
    return quiet(x, x > -1.0f ? (x < 1.0f ? (x + 1.0f) * 0.5f : 1.0f) : 0.0f);
  }

  // ---- float64 ----

  /**
   * Returns sparse_plus(x).
   *
   * @param x any double; NaN gives NaN
   */
  public static double forward(double x) {
    DoublePair square = pairSquare(twoSum(x, 1.0));
    double r = (square.hi() + square.lo()) * 0.25;
    return quiet(x, x > -1.0 ? (x < 1.0 ? r : x) : 0.0);
  }

  /**
   * Returns the derivative of sparse_plus at x.
   *
   * @param x any double; NaN gives NaN
   */
  public static double derivative(double x) {
    return quiet(x, x > -1.0 ? (x < 1.0 ? (x + 1.0) * 0.5 : 1.0) : 0.0);
  }
}
