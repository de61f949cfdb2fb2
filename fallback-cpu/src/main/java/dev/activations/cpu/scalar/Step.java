package dev.activations.cpu.scalar;

import static dev.activations.cpu.scalar.Arithmetic.quiet;
import static dev.activations.cpu.scalar.DoubleArithmetic.quiet;

/**
 * step(x) = x &gt; 0 ? 1 : 0; derivative 0.
 *
 * <p>Source: Heaviside; McCulloch, Pitts 1943, doi:10.1007/BF02478259.
 *
 * <p>Backward needs: input or output. Exact.
 */
public final class Step {
  private Step() {}

  /**
   * Returns step(x).
   *
   * @param x any float; NaN gives NaN
   */
  public static float forward(float x) {
    return quiet(x, x > 0.0f ? 1.0f : 0.0f);
  }

  /**
   * Returns the derivative of step at x.
   *
   * @param x any float; NaN gives NaN
   */
  public static float derivative(float x) {
    return quiet(x, 0.0f);
  }

  /**
   * Returns the derivative of step where its value is y: 0.
   *
   * @param y an output; beyond the range it counts as its end; NaN gives NaN
   */
  public static float derivativeFromOutput(float y) {
    return derivative(y);
  }

  // ---- float64 ----

  /**
   * Returns step(x).
   *
   * @param x any double; NaN gives NaN
   */
  public static double forward(double x) {
    return quiet(x, x > 0.0 ? 1.0 : 0.0);
  }

  /**
   * Returns the derivative of step at x.
   *
   * @param x any double; NaN gives NaN
   */
  public static double derivative(double x) {
    return quiet(x, 0.0);
  }

  /**
   * Returns the derivative of step where its value is y: 0.
   *
   * @param y an output; beyond the range it counts as its end; NaN gives NaN
   */
  public static double derivativeFromOutput(double y) {
    return derivative(y);
  }
}
