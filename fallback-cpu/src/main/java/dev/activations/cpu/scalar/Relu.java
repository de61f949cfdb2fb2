package dev.activations.cpu.scalar;

import static dev.activations.cpu.scalar.Arithmetic.quiet;
import static dev.activations.cpu.scalar.DoubleArithmetic.quiet;

/**
 * relu(x) = max(0, x); derivative x &gt; 0 ? 1 : 0.
 *
 * <p>Source: Nair, Hinton 2010, Rectified Linear Units Improve RBMs, ICML.
 *
 * <p>Backward needs: input or output. Exact.
 */
public final class Relu {
  private Relu() {}

  /**
   * Returns relu(x).
   *
   * @param x any float; NaN gives NaN
   */
  public static float forward(float x) {
    return quiet(x, x > 0.0f ? x : 0.0f);
  }

  /**
   * Returns the derivative of relu at x.
   *
   * @param x any float; NaN gives NaN
   */
  public static float derivative(float x) {
    return quiet(x, x > 0.0f ? 1.0f : 0.0f);
  }

  /**
   * Returns the derivative of relu where its value is y: 1 if y &gt; 0, else 0.
   *
   * @param y an output; beyond the range it counts as its end; NaN gives NaN
   */
  public static float derivativeFromOutput(float y) {
    return derivative(y);
  }

  // ---- float64 ----

  /**
   * Returns relu(x).
   *
   * @param x any double; NaN gives NaN
   */
  public static double forward(double x) {
    return quiet(x, x > 0.0 ? x : 0.0);
  }

  /**
   * Returns the derivative of relu at x.
   *
   * @param x any double; NaN gives NaN
   */
  public static double derivative(double x) {
    return quiet(x, x > 0.0 ? 1.0 : 0.0);
  }

  /**
   * Returns the derivative of relu where its value is y: 1 if y &gt; 0, else 0.
   *
   * @param y an output; beyond the range it counts as its end; NaN gives NaN
   */
  public static double derivativeFromOutput(double y) {
    return derivative(y);
  }
}
