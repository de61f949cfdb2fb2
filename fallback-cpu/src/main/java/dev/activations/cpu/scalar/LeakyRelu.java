package dev.activations.cpu.scalar;

import static dev.activations.cpu.scalar.Arithmetic.quiet;
import static dev.activations.cpu.scalar.DoubleArithmetic.quiet;

/**
 * leaky_relu(x) = x &gt; 0 ? x : slope·x; derivative x &gt; 0 ? 1 : slope.
 *
 * <p>Source: Maas, Hannun, Ng 2013, Rectifier Nonlinearities, ICML.
 *
 * <p>Backward needs: input or output. Bound: 0.5 ULP; derivative exact.
 */
public final class LeakyRelu {
  private LeakyRelu() {}

  /**
   * Returns leaky_relu(x).
   *
   * @param x any float; NaN gives NaN
   * @param slope slope of the negative side, finite
   */
  public static float forward(float x, float slope) {
    // Slope 0 is relu: its limit at -∞ is 0, where the product would be NaN.
    float negative = slope == 0.0f ? 0.0f : slope * x;
    return quiet(x, x > 0.0f ? x : negative);
  }

  /**
   * Returns the derivative of leaky_relu at x.
   *
   * @param x any float; NaN gives NaN
   * @param slope slope of the negative side, finite
   */
  public static float derivative(float x, float slope) {
    return quiet(x, x > 0.0f ? 1.0f : slope);
  }

  /**
   * Returns the derivative of leaky_relu where its value is y: 1 if y &gt; 0, else slope.
   *
   * @param y an output; beyond the range it counts as its end; NaN gives NaN
   * @param slope slope of the negative side, not negative
   */
  public static float derivativeFromOutput(float y, float slope) {
    return derivative(y, slope);
  }

  // ---- float64 ----

  /**
   * Returns leaky_relu(x).
   *
   * @param x any double; NaN gives NaN
   * @param slope slope of the negative side, finite
   */
  public static double forward(double x, double slope) {
    // Slope 0 is relu: its limit at -∞ is 0, where the product would be NaN.
    double negative = slope == 0.0 ? 0.0 : slope * x;
    return quiet(x, x > 0.0 ? x : negative);
  }

  /**
   * Returns the derivative of leaky_relu at x.
   *
   * @param x any double; NaN gives NaN
   * @param slope slope of the negative side, finite
   */
  public static double derivative(double x, double slope) {
    return quiet(x, x > 0.0 ? 1.0 : slope);
  }

  /**
   * Returns the derivative of leaky_relu where its value is y: 1 if y &gt; 0, else slope.
   *
   * @param y an output; beyond the range it counts as its end; NaN gives NaN
   * @param slope slope of the negative side, not negative
   */
  public static double derivativeFromOutput(double y, double slope) {
    return derivative(y, slope);
  }
}
