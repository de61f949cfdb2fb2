package dev.activations.cpu.scalar;

import static dev.activations.cpu.scalar.Arithmetic.quiet;
import static dev.activations.cpu.scalar.DoubleArithmetic.quiet;

/**
 * square(x) = x²; derivative 2·x.
 *
 * <p>Source: the power.
 *
 * <p>Backward needs: input. Bound: 0.5 ULP; derivative exact.
 */
public final class Square {
  private Square() {}

  /**
   * Returns square(x).
   *
   * @param x any float; NaN gives NaN
   */
  public static float forward(float x) {
    return quiet(x, x * x);
  }

  /**
   * Returns the derivative of square at x.
   *
   * @param x any float; NaN gives NaN
   */
  public static float derivative(float x) {
    return quiet(x, x + x);
  }

  // ---- float64 ----

  /**
   * Returns square(x).
   *
   * @param x any double; NaN gives NaN
   */
  public static double forward(double x) {
    return quiet(x, x * x);
  }

  /**
   * Returns the derivative of square at x.
   *
   * @param x any double; NaN gives NaN
   */
  public static double derivative(double x) {
    return quiet(x, x + x);
  }
}
