package dev.activations.cpu.scalar;

import static dev.activations.cpu.scalar.Arithmetic.quiet;
import static dev.activations.cpu.scalar.Arithmetic.twoProduct;
import static dev.activations.cpu.scalar.DoubleArithmetic.quiet;
import static dev.activations.cpu.scalar.DoubleArithmetic.twoProduct;

/**
 * prelu(x) = x &gt; 0 ? x : weight·x; derivative x &gt; 0 ? 1 : weight. The weight is one for all
 * elements, or one for each channel.
 *
 * <p>Source: He, Zhang, Ren, Sun 2015, Delving Deep into Rectifiers, arXiv:1502.01852.
 *
 * <p>Backward needs: input or output. Bound: 0.5 ULP; derivative exact.
 */
public final class Prelu {
  private Prelu() {}

  /**
   * Returns prelu(x).
   *
   * @param x any float; NaN gives NaN
   * @param weight slope of the negative side; a NaN among learned weights shows where it is used
   */
  public static float forward(float x, float weight) {
    // Weight 0 is relu: its limit at -∞ is 0, where the product would be NaN.
    float negative = weight == 0.0f ? 0.0f : weight * x;
    float r = x > 0.0f ? x : negative;
    return quiet(x, quiet(r, r));
  }

  /**
   * Returns the derivative of prelu at x.
   *
   * @param x any float; NaN gives NaN
   * @param weight slope of the negative side
   */
  public static float derivative(float x, float weight) {
    float r = x > 0.0f ? 1.0f : weight;
    return quiet(x, quiet(r, r));
  }

  /**
   * Returns the derivative of prelu where its value is y: 1 if y &gt; 0, else weight.
   *
   * @param y an output; beyond the range it counts as its end; NaN gives NaN
   * @param weight slope of the negative side, not negative
   */
  public static float derivativeFromOutput(float y, float weight) {
    return derivative(y, weight);
  }

  /** What an element adds to the gradient of its weight: x &gt; 0 ? 0 : x·dy, exactly. */
  public static Pair weightTerm(float x, float dy) {
    Pair product = twoProduct(x, dy);
    return new Pair(x > 0.0f ? 0.0f : product.hi(), x > 0.0f ? 0.0f : product.lo());
  }

  // ---- float64 ----

  /**
   * Returns prelu(x).
   *
   * @param x any double; NaN gives NaN
   * @param weight slope of the negative side; a NaN among learned weights shows where it is used
   */
  public static double forward(double x, double weight) {
    // Weight 0 is relu: its limit at -∞ is 0, where the product would be NaN.
    double negative = weight == 0.0 ? 0.0 : weight * x;
    double r = x > 0.0 ? x : negative;
    return quiet(x, quiet(r, r));
  }

  /**
   * Returns the derivative of prelu at x.
   *
   * @param x any double; NaN gives NaN
   * @param weight slope of the negative side
   */
  public static double derivative(double x, double weight) {
    double r = x > 0.0 ? 1.0 : weight;
    return quiet(x, quiet(r, r));
  }

  /**
   * Returns the derivative of prelu where its value is y: 1 if y &gt; 0, else weight.
   *
   * @param y an output; beyond the range it counts as its end; NaN gives NaN
   * @param weight slope of the negative side, not negative
   */
  public static double derivativeFromOutput(double y, double weight) {
    return derivative(y, weight);
  }

  /** What an element adds to the gradient of its weight: x &gt; 0 ? 0 : x·dy, exactly. */
  public static DoublePair weightTerm(double x, double dy) {
    DoublePair product = twoProduct(x, dy);
    return new DoublePair(x > 0.0 ? 0.0 : product.hi(), x > 0.0 ? 0.0 : product.lo());
  }
}
