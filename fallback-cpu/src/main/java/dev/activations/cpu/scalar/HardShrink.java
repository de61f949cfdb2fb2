package dev.activations.cpu.scalar;

import static dev.activations.cpu.scalar.Arithmetic.quiet;
import static dev.activations.cpu.scalar.DoubleArithmetic.quiet;

/**
 * hard_shrink(x) = |x| &gt; lambda ? x : 0; derivative |x| &gt; lambda ? 1 : 0.
 *
 * <p>Source: Donoho, Johnstone 1994, doi:10.1093/biomet/81.3.425.
 *
 * <p>Backward needs: input or output. Exact.
 */
public final class HardShrink {
  private HardShrink() {}

  /**
   * Returns hard_shrink(x).
   *
   * @param x any float; NaN gives NaN
   * @param lambda half the width of the zero, not negative
   */
  public static float forward(float x, float lambda) {
    return quiet(x, Math.abs(x) > lambda ? x : 0.0f);
  }

  /**
   * Returns the derivative of hard_shrink at x.
   *
   * @param x any float; NaN gives NaN
   * @param lambda half the width of the zero, not negative
   */
  public static float derivative(float x, float lambda) {
    return quiet(x, Math.abs(x) > lambda ? 1.0f : 0.0f);
  }

  /**
   * Returns the derivative of hard_shrink where its value is y: 1 if |y| &gt; lambda, else 0.
   *
   * @param y an output; beyond the range it counts as its end; NaN gives NaN
   * @param lambda half the width of the zero, not negative
   */
  public static float derivativeFromOutput(float y, float lambda) {
    return derivative(y, lambda);
  }

  // ---- float64 ----

  /**
   * Returns hard_shrink(x).
   *
   * @param x any double; NaN gives NaN
   * @param lambda half the width of the zero, not negative
   */
  public static double forward(double x, double lambda) {
    return quiet(x, Math.abs(x) > lambda ? x : 0.0);
  }

  /**
   * Returns the derivative of hard_shrink at x.
   *
   * @param x any double; NaN gives NaN
   * @param lambda half the width of the zero, not negative
   */
  public static double derivative(double x, double lambda) {
    return quiet(x, Math.abs(x) > lambda ? 1.0 : 0.0);
  }

  /**
   * Returns the derivative of hard_shrink where its value is y: 1 if |y| &gt; lambda, else 0.
   *
   * @param y an output; beyond the range it counts as its end; NaN gives NaN
   * @param lambda half the width of the zero, not negative
   */
  public static double derivativeFromOutput(double y, double lambda) {
    return derivative(y, lambda);
  }
}
