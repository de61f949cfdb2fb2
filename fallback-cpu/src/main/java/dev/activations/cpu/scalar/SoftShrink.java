package dev.activations.cpu.scalar;

import static dev.activations.cpu.scalar.Arithmetic.quiet;
import static dev.activations.cpu.scalar.DoubleArithmetic.quiet;

/**
 * soft_shrink(x) = |x| &gt; lambda ? x - lambda·sign(x) : 0; derivative |x| &gt; lambda ? 1 : 0.
 *
 * <p>Source: Donoho 1995, De-noising by Soft-Thresholding, doi:10.1109/18.382009.
 *
 * <p>Backward needs: input or output. Bound: 0.5 ULP; derivative exact.
 */
public final class SoftShrink {
  private SoftShrink() {}

  /**
   * Returns soft_shrink(x).
   *
   * @param x any float; NaN gives NaN
   * @param lambda half the width of the zero, not negative
   */
  public static float forward(float x, float lambda) {
    return quiet(x, x > lambda ? x - lambda : (x < -lambda ? x + lambda : 0.0f));
  }

  /**
   * Returns the derivative of soft_shrink at x.
   *
   * @param x any float; NaN gives NaN
   * @param lambda half the width of the zero, not negative
   */
  public static float derivative(float x, float lambda) {
    return quiet(x, Math.abs(x) > lambda ? 1.0f : 0.0f);
  }

  /**
   * Returns the derivative of soft_shrink where its value is y: 1 if |y| &gt; 0, else 0.
   *
   * @param y an output; beyond the range it counts as its end; NaN gives NaN
   * @param lambda half the width of the zero, not negative
   */
  public static float derivativeFromOutput(float y, float lambda) {
    return quiet(y, Math.abs(y) > 0.0f ? 1.0f : 0.0f);
  }

  // ---- float64 ----

  /**
   * Returns soft_shrink(x).
   *
   * @param x any double; NaN gives NaN
   * @param lambda half the width of the zero, not negative
   */
  public static double forward(double x, double lambda) {
    return quiet(x, x > lambda ? x - lambda : (x < -lambda ? x + lambda : 0.0));
  }

  /**
   * Returns the derivative of soft_shrink at x.
   *
   * @param x any double; NaN gives NaN
   * @param lambda half the width of the zero, not negative
   */
  public static double derivative(double x, double lambda) {
    return quiet(x, Math.abs(x) > lambda ? 1.0 : 0.0);
  }

  /**
   * Returns the derivative of soft_shrink where its value is y: 1 if |y| &gt; 0, else 0.
   *
   * @param y an output; beyond the range it counts as its end; NaN gives NaN
   * @param lambda half the width of the zero, not negative
   */
  public static double derivativeFromOutput(double y, double lambda) {
    return quiet(y, Math.abs(y) > 0.0 ? 1.0 : 0.0);
  }
}
