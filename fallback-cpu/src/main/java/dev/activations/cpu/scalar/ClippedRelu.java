package dev.activations.cpu.scalar;

import static dev.activations.cpu.scalar.Arithmetic.quiet;
import static dev.activations.cpu.scalar.DoubleArithmetic.quiet;

/**
 * clipped_relu(x) = min(max(0, x), max); derivative 0 &lt; x &lt; max ? 1 : 0. With max = 6 it is
 * relu6.
 *
 * <p>Source: Krizhevsky 2010, Convolutional Deep Belief Networks on CIFAR-10.
 *
 * <p>Backward needs: input or output. Exact.
 */
public final class ClippedRelu {
  private ClippedRelu() {}

  /**
   * Returns clipped_relu(x).
   *
   * @param x any float; NaN gives NaN
   * @param max largest result, positive
   */
  public static float forward(float x, float max) {
    return quiet(x, x > 0.0f ? (x < max ? x : max) : 0.0f);
  }

  /**
   * Returns the derivative of clipped_relu at x.
   *
   * @param x any float; NaN gives NaN
   * @param max largest result, positive
   */
  public static float derivative(float x, float max) {
    return quiet(x, x > 0.0f ? (x < max ? 1.0f : 0.0f) : 0.0f);
  }

  /**
   * Returns the derivative of clipped_relu where its value is y: 1 if 0 &lt; y &lt; max, else 0.
   *
   * @param y an output; beyond the range it counts as its end; NaN gives NaN
   * @param max largest result, positive
   */
  public static float derivativeFromOutput(float y, float max) {
    return derivative(y, max);
  }

  // ---- float64 ----

  /**
   * Returns clipped_relu(x).
   *
   * @param x any double; NaN gives NaN
   * @param max largest result, positive
   */
  public static double forward(double x, double max) {
    return quiet(x, x > 0.0 ? (x < max ? x : max) : 0.0);
  }

  /**
   * Returns the derivative of clipped_relu at x.
   *
   * @param x any double; NaN gives NaN
   * @param max largest result, positive
   */
  public static double derivative(double x, double max) {
    return quiet(x, x > 0.0 ? (x < max ? 1.0 : 0.0) : 0.0);
  }

  /**
   * Returns the derivative of clipped_relu where its value is y: 1 if 0 &lt; y &lt; max, else 0.
   *
   * @param y an output; beyond the range it counts as its end; NaN gives NaN
   * @param max largest result, positive
   */
  public static double derivativeFromOutput(double y, double max) {
    return derivative(y, max);
  }
}
