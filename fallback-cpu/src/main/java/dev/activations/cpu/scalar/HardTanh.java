package dev.activations.cpu.scalar;

import static dev.activations.cpu.scalar.Arithmetic.quiet;
import static dev.activations.cpu.scalar.DoubleArithmetic.quiet;

/**
 * hard_tanh(x) = min(max(x, min), max); derivative min &lt; x &lt; max ? 1 : 0.
 *
 * <p>Source: Collobert 2004, Large Scale Machine Learning, thesis, Université Paris VI.
 *
 * <p>Backward needs: input or output. Exact.
 */
public final class HardTanh {
  private HardTanh() {}

  /**
   * Returns hard_tanh(x).
   *
   * @param x any float; NaN gives NaN
   * @param min smallest result, below max
   * @param max largest result, positive
   */
  public static float forward(float x, float min, float max) {
    return quiet(x, x > min ? (x < max ? x : max) : min);
  }

  /**
   * Returns the derivative of hard_tanh at x.
   *
   * @param x any float; NaN gives NaN
   * @param min smallest result, below max
   * @param max largest result, positive
   */
  public static float derivative(float x, float min, float max) {
    return quiet(x, x > min ? (x < max ? 1.0f : 0.0f) : 0.0f);
  }

  /**
   * Returns the derivative of hard_tanh where its value is y: 1 if min &lt; y &lt; max, else 0.
   *
   * @param y an output; beyond the range it counts as its end; NaN gives NaN
   * @param min smallest result, below max
   * @param max largest result, positive
   */
  public static float derivativeFromOutput(float y, float min, float max) {
    return derivative(y, min, max);
  }

  // ---- float64 ----

  /**
   * Returns hard_tanh(x).
   *
   * @param x any double; NaN gives NaN
   * @param min smallest result, below max
   * @param max largest result, positive
   */
  public static double forward(double x, double min, double max) {
    return quiet(x, x > min ? (x < max ? x : max) : min);
  }

  /**
   * Returns the derivative of hard_tanh at x.
   *
   * @param x any double; NaN gives NaN
   * @param min smallest result, below max
   * @param max largest result, positive
   */
  public static double derivative(double x, double min, double max) {
    return quiet(x, x > min ? (x < max ? 1.0 : 0.0) : 0.0);
  }

  /**
   * Returns the derivative of hard_tanh where its value is y: 1 if min &lt; y &lt; max, else 0.
   *
   * @param y an output; beyond the range it counts as its end; NaN gives NaN
   * @param min smallest result, below max
   * @param max largest result, positive
   */
  public static double derivativeFromOutput(double y, double min, double max) {
    return derivative(y, min, max);
  }
}
