package dev.activations.cpu.scalar;

import static dev.activations.cpu.scalar.Arithmetic.quiet;
import static dev.activations.cpu.scalar.DoubleArithmetic.quiet;

/**
 * linear(x) = a·x + b; derivative a.
 *
 * <p>Source: affine map. Backward needs: input or output (for NaN only). Bound: 0.5 ULP; derivative
 * exact.
 */
public final class Linear {
  private Linear() {}

  /**
   * Returns linear(x).
   *
   * @param x any float; NaN gives NaN
   * @param a slope
   * @param b intercept
   */
  public static float forward(float x, float a, float b) {
    // Without b no zero is added, which would turn -0 into +0; without a the limits at ±∞ are b.
    float r = a == 0.0f ? b : b == 0.0f ? a * x : Math.fma(a, x, b);
    return quiet(x, quiet(r, r));
  }

  /**
   * Returns the derivative of linear at x.
   *
   * @param x any float; NaN gives NaN
   * @param a slope
   * @param b intercept
   */
  public static float derivative(float x, float a, float b) {
    return quiet(x, a);
  }

  /**
   * Returns the derivative of linear where its value is y: a.
   *
   * @param y an output; beyond the range it counts as its end; NaN gives NaN
   * @param a slope
   * @param b intercept
   */
  public static float derivativeFromOutput(float y, float a, float b) {
    return derivative(y, a, b);
  }

  // ---- float64 ----

  /**
   * Returns linear(x).
   *
   * @param x any double; NaN gives NaN
   * @param a slope
   * @param b intercept
   */
  public static double forward(double x, double a, double b) {
    // Without b no zero is added, which would turn -0 into +0; without a the limits at ±∞ are b.
    double r = a == 0.0 ? b : b == 0.0 ? a * x : Math.fma(a, x, b);
    return quiet(x, quiet(r, r));
  }

  /**
   * Returns the derivative of linear at x.
   *
   * @param x any double; NaN gives NaN
   * @param a slope
   * @param b intercept
   */
  public static double derivative(double x, double a, double b) {
    return quiet(x, a);
  }

  /**
   * Returns the derivative of linear where its value is y: a.
   *
   * @param y an output; beyond the range it counts as its end; NaN gives NaN
   * @param a slope
   * @param b intercept
   */
  public static double derivativeFromOutput(double y, double a, double b) {
    return derivative(y, a, b);
  }
}
