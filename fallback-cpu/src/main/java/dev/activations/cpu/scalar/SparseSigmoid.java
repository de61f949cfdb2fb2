package dev.activations.cpu.scalar;

import static dev.activations.cpu.scalar.Arithmetic.quiet;
import static dev.activations.cpu.scalar.DoubleArithmetic.quiet;

/**
 * sparse_sigmoid(x) = x &lt;= -1 ? 0 : x &gt;= 1 ? 1 : (x + 1)/2; derivative -1 &lt; x &lt; 1 ? 1/2
 * : 0.
 *
 * <p>Source: jax.nn.sparse_sigmoid.
 *
 * <p>Backward needs: input or output. Bound: 0.5 ULP; derivative exact.
 */
public final class SparseSigmoid {
  private SparseSigmoid() {}

  /**
   * Returns sparse_sigmoid(x).
   *
   * @param x any float; NaN gives NaN
   */
  public static float forward(float x) {
    return quiet(x, x > -1.0f ? (x < 1.0f ? (x + 1.0f) * 0.5f : 1.0f) : 0.0f);
  }

  /**
   * Returns the derivative of sparse_sigmoid at x.
   *
   * @param x any float; NaN gives NaN
   */
  public static float derivative(float x) {
    return quiet(x, x > -1.0f ? (x < 1.0f ? 0.5f : 0.0f) : 0.0f);
  }

  /**
   * Returns the derivative of sparse_sigmoid where its value is y: 1/2 if 0 &lt; y &lt; 1, else 0.
   *
   * @param y an output; beyond the range it counts as its end; NaN gives NaN
   */
  public static float derivativeFromOutput(float y) {
    return quiet(y, y > 0.0f ? (y < 1.0f ? 0.5f : 0.0f) : 0.0f);
  }

  // ---- float64 ----

  /**
   * Returns sparse_sigmoid(x).
   *
   * @param x any double; NaN gives NaN
   */
  public static double forward(double x) {
    return quiet(x, x > -1.0 ? (x < 1.0 ? (x + 1.0) * 0.5 : 1.0) : 0.0);
  }

  /**
   * Returns the derivative of sparse_sigmoid at x.
   *
   * @param x any double; NaN gives NaN
   */
  public static double derivative(double x) {
    return quiet(x, x > -1.0 ? (x < 1.0 ? 0.5 : 0.0) : 0.0);
  }

  /**
   * Returns the derivative of sparse_sigmoid where its value is y: 1/2 if 0 &lt; y &lt; 1, else 0.
   *
   * @param y an output; beyond the range it counts as its end; NaN gives NaN
   */
  public static double derivativeFromOutput(double y) {
    return quiet(y, y > 0.0 ? (y < 1.0 ? 0.5 : 0.0) : 0.0);
  }
}
