package dev.activations.cpu.scalar;

import static dev.activations.cpu.scalar.Arithmetic.expPair;
import static dev.activations.cpu.scalar.Arithmetic.expScaled;
import static dev.activations.cpu.scalar.Arithmetic.quiet;
import static dev.activations.cpu.scalar.DoubleArithmetic.expPair;
import static dev.activations.cpu.scalar.DoubleArithmetic.expScaled;
import static dev.activations.cpu.scalar.DoubleArithmetic.quiet;

/**
 * exp(x) = e^x, its own derivative.
 *
 * <p>Source: the exponential function.
 *
 * <p>Backward needs: input or output. Bound: 1 ULP.
 */
public final class Exp {
  private Exp() {}

  /**
   * Returns exp(x).
   *
   * @param x any float; NaN gives NaN
   */
  public static float forward(float x) {
    // Beyond these the result is 0 or infinite.
    float y = x > -110.0f ? (x < 89.0f ? x : 89.0f) : -110.0f;
    Pair e = expPair(y);
    return quiet(x, expScaled(e.hi() + e.lo(), y, 0));
  }

  /**
   * Returns the derivative of exp at x.
   *
   * @param x any float; NaN gives NaN
   */
  public static float derivative(float x) {
    return forward(x);
  }

  /**
   * Returns the derivative of exp where its value is y: y.
   *
   * @param y an output; beyond the range it counts as its end; NaN gives NaN
   */
  public static float derivativeFromOutput(float y) {
    return quiet(y, y > 0.0f ? y : 0.0f);
  }

  // ---- float64 ----

  /**
   * Returns exp(x).
   *
   * @param x any double; NaN gives NaN
   */
  public static double forward(double x) {
    // Beyond these the result is 0 or infinite.
    double y = x > -760.0 ? (x < 711.0 ? x : 711.0) : -760.0;
    DoublePair e = expPair(y);
    return quiet(x, expScaled(e.hi() + e.lo(), y));
  }

  /**
   * Returns the derivative of exp at x.
   *
   * @param x any double; NaN gives NaN
   */
  public static double derivative(double x) {
    return forward(x);
  }

  /**
   * Returns the derivative of exp where its value is y: y.
   *
   * @param y an output; beyond the range it counts as its end; NaN gives NaN
   */
  public static double derivativeFromOutput(double y) {
    return quiet(y, y > 0.0 ? y : 0.0);
  }
}
