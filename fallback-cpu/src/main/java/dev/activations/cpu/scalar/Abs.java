package dev.activations.cpu.scalar;

import static dev.activations.cpu.scalar.Arithmetic.quiet;
import static dev.activations.cpu.scalar.DoubleArithmetic.quiet;

/**
 * abs(x) = |x|; derivative x &gt; 0 ? 1 : x &lt; 0 ? -1 : 0.
 *
 * <p>Source: the magnitude.
 *
 * <p>Backward needs: input. Exact.
 */
public final class Abs {
  private Abs() {}

  /**
   * Returns abs(x).
   *
   * @param x any float; NaN gives NaN
   */
  public static float forward(float x) {
    return quiet(x, Math.abs(x));
  }

  /**
   * Returns the derivative of abs at x.
   *
   * @param x any float; NaN gives NaN
   */
  public static float derivative(float x) {
    return quiet(x, x > 0.0f ? 1.0f : (x < 0.0f ? -1.0f : 0.0f));
  }

  // ---- float64 ----

  /**
   * Returns abs(x).
   *
   * @param x any double; NaN gives NaN
   */
  public static double forward(double x) {
    return quiet(x, Math.abs(x));
  }

  /**
   * Returns the derivative of abs at x.
   *
   * @param x any double; NaN gives NaN
   */
  public static double derivative(double x) {
    return quiet(x, x > 0.0 ? 1.0 : (x < 0.0 ? -1.0 : 0.0));
  }
}
