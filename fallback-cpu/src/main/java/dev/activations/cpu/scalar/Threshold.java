package dev.activations.cpu.scalar;

import static dev.activations.cpu.scalar.Arithmetic.quiet;
import static dev.activations.cpu.scalar.DoubleArithmetic.quiet;

/**
 * threshold(x) = x &gt; theta ? x : value; derivative x &gt; theta ? 1 : 0.
 *
 * <p>Source: PyTorch's Threshold.
 *
 * <p>Backward needs: input or output. Exact.
 */
public final class Threshold {
  private Threshold() {}

  /**
   * Returns threshold(x).
   *
   * @param x any float; NaN gives NaN
   * @param theta the threshold
   * @param value what stands at and below it
   */
  public static float forward(float x, float theta, float value) {
    return quiet(x, x > theta ? x : value);
  }

  /**
   * Returns the derivative of threshold at x.
   *
   * @param x any float; NaN gives NaN
   * @param theta the threshold
   * @param value what stands at and below it
   */
  public static float derivative(float x, float theta, float value) {
    return quiet(x, x > theta ? 1.0f : 0.0f);
  }

  /**
   * Returns the derivative of threshold where its value is y: 1 if y &gt; theta, else 0.
   *
   * @param y an output; beyond the range it counts as its end; NaN gives NaN
   * @param theta the threshold
   * @param value what stands at and below it, not above it
   */
  public static float derivativeFromOutput(float y, float theta, float value) {
    return derivative(y, theta, value);
  }

  // ---- float64 ----

  /**
   * Returns threshold(x).
   *
   * @param x any double; NaN gives NaN
   * @param theta the threshold
   * @param value what stands at and below it
   */
  public static double forward(double x, double theta, double value) {
    return quiet(x, x > theta ? x : value);
  }

  /**
   * Returns the derivative of threshold at x.
   *
   * @param x any double; NaN gives NaN
   * @param theta the threshold
   * @param value what stands at and below it
   */
  public static double derivative(double x, double theta, double value) {
    return quiet(x, x > theta ? 1.0 : 0.0);
  }

  /**
   * Returns the derivative of threshold where its value is y: 1 if y &gt; theta, else 0.
   *
   * @param y an output; beyond the range it counts as its end; NaN gives NaN
   * @param theta the threshold
   * @param value what stands at and below it, not above it
   */
  public static double derivativeFromOutput(double y, double theta, double value) {
    return derivative(y, theta, value);
  }
}
