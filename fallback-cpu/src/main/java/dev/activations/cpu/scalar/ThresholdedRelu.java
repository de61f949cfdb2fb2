package dev.activations.cpu.scalar;

import static dev.activations.cpu.scalar.Arithmetic.quiet;
import static dev.activations.cpu.scalar.DoubleArithmetic.quiet;

/**
 * thresholded_relu(x) = x &gt; theta ? x : 0; derivative x &gt; theta ? 1 : 0.
 *
 * <p>Source: Konda, Memisevic, Krueger 2014, arXiv:1402.3337.
 *
 * <p>Backward needs: input or output. Exact.
 */
public final class ThresholdedRelu {
  private ThresholdedRelu() {}

  /**
   * Returns thresholded_relu(x).
   *
   * @param x any float; NaN gives NaN
   * @param theta threshold, finite
   */
  public static float forward(float x, float theta) {
    return quiet(x, x > theta ? x : 0.0f);
  }

  /**
   * Returns the derivative of thresholded_relu at x.
   *
   * @param x any float; NaN gives NaN
   * @param theta threshold, finite
   */
  public static float derivative(float x, float theta) {
    return quiet(x, x > theta ? 1.0f : 0.0f);
  }

  /**
   * Returns the derivative of thresholded_relu where its value is y: 1 if y &gt; theta, else 0.
   *
   * @param y an output; beyond the range it counts as its end; NaN gives NaN
   * @param theta the threshold, not negative
   */
  public static float derivativeFromOutput(float y, float theta) {
    return derivative(y, theta);
  }

  // ---- float64 ----

  /**
   * Returns thresholded_relu(x).
   *
   * @param x any double; NaN gives NaN
   * @param theta threshold, finite
   */
  public static double forward(double x, double theta) {
    return quiet(x, x > theta ? x : 0.0);
  }

  /**
   * Returns the derivative of thresholded_relu at x.
   *
   * @param x any double; NaN gives NaN
   * @param theta threshold, finite
   */
  public static double derivative(double x, double theta) {
    return quiet(x, x > theta ? 1.0 : 0.0);
  }

  /**
   * Returns the derivative of thresholded_relu where its value is y: 1 if y &gt; theta, else 0.
   *
   * @param y an output; beyond the range it counts as its end; NaN gives NaN
   * @param theta the threshold, not negative
   */
  public static double derivativeFromOutput(double y, double theta) {
    return derivative(y, theta);
  }
}
