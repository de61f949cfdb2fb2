package dev.activations.cpu.scalar;

import static dev.activations.cpu.scalar.Arithmetic.quiet;
import static dev.activations.cpu.scalar.DoubleArithmetic.quiet;

/**
 * relu_squared(x) = max(0, x)²; derivative 2·max(0, x).
 *
 * <p>Source: So et al. 2021, Primer, arXiv:2109.08668.
 *
 * <p>Backward needs: input. Bound: 0.5 ULP; derivative exact.
 */
public final class ReluSquared {
  private ReluSquared() {}

  /**
   * Returns relu_squared(x).
   *
   * @param x any float; NaN gives NaN
   */
  public static float forward(float x) {
    float r = x > 0.0f ? x : 0.0f;
    return quiet(x, r * r);
  }

  /**
   * Returns the derivative of relu_squared at x.
   *
   * @param x any float; NaN gives NaN
   */
  public static float derivative(float x) {
    float r = x > 0.0f ? x : 0.0f;
    return quiet(x, r + r);
  }

  // ---- float64 ----

  /**
   * Returns relu_squared(x).
   *
   * @param x any double; NaN gives NaN
   */
  public static double forward(double x) {
    double r = x > 0.0 ? x : 0.0;
    return quiet(x, r * r);
  }

  /**
   * Returns the derivative of relu_squared at x.
   *
   * @param x any double; NaN gives NaN
   */
  public static double derivative(double x) {
    double r = x > 0.0 ? x : 0.0;
    return quiet(x, r + r);
  }
}
