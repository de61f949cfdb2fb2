package dev.activations.cpu.scalar;

import static dev.activations.cpu.scalar.Arithmetic.quiet;
import static dev.activations.cpu.scalar.Arithmetic.twoSum;
import static dev.activations.cpu.scalar.DoubleArithmetic.quiet;
import static dev.activations.cpu.scalar.DoubleArithmetic.twoSum;

/**
 * rrelu(x) = x &gt; 0 ? x : (lower + upper)/2·x; derivative x &gt; 0 ? 1 : (lower + upper)/2. In
 * training the slope is drawn for each element, and takes the place of both.
 *
 * <p>Source: Xu, Wang, Chen, Li 2015, arXiv:1505.00853.
 *
 * <p>Backward needs: input or output. Bound: 1 ULP; derivative 0.5 ULP.
 */
public final class Rrelu {
  private Rrelu() {}

  /**
   * Returns rrelu(x).
   *
   * @param x any float; NaN gives NaN
   * @param lower the least slope, of magnitude at most 2^20
   * @param upper the largest slope, likewise
   */
  public static float forward(float x, float lower, float upper) {
    // Halves of subnormal slopes would be rounded.
    boolean tiny = Math.abs(lower) + Math.abs(upper) < 0x1p-64f;
    float lift = tiny ? 0x1p64f : 1.0f;
    Pair slope = twoSum(lower * lift * 0.5f, upper * lift * 0.5f);
    // What the slope lacks counts for numbers only: at -∞ its sign may be the other one.
    float rest = x < -Float.MAX_VALUE ? 0.0f : slope.lo() * x;
    // Slope 0 is relu: its limit at -∞ is 0, where the product would be NaN.
    float negative =
        slope.hi() == 0.0f ? 0.0f : Math.fma(slope.hi(), x, rest) * (tiny ? 0x1p-64f : 1.0f);
    return quiet(x, x > 0.0f ? x : negative);
  }

  /**
   * Returns the derivative of rrelu at x.
   *
   * @param x any float; NaN gives NaN
   * @param lower the least slope, of magnitude at most 2^20
   * @param upper the largest slope, likewise
   */
  public static float derivative(float x, float lower, float upper) {
    return quiet(x, x > 0.0f ? 1.0f : (lower + upper) * 0.5f);
  }

  /**
   * Returns the derivative of rrelu where its value is y: 1 if y &gt; 0, else (lower + upper)/2.
   *
   * @param y an output; beyond the range it counts as its end; NaN gives NaN
   * @param lower the least slope, of magnitude at most 2^20
   * @param upper the largest slope, likewise
   */
  public static float derivativeFromOutput(float y, float lower, float upper) {
    return derivative(y, lower, upper);
  }

  /** rrelu(x) with the slope that was drawn for the element. */
  public static float drawn(float x, float slope) {
    return forward(x, slope, slope);
  }

  /** The derivative of rrelu at x with the slope that was drawn for the element. */
  public static float drawnDerivative(float x, float slope) {
    return derivative(x, slope, slope);
  }

  // ---- float64 ----

  /**
   * Returns rrelu(x).
   *
   * @param x any double; NaN gives NaN
   * @param lower the least slope, of magnitude at most 2^20
   * @param upper the largest slope, likewise
   */
  public static double forward(double x, double lower, double upper) {
    // Halves of subnormal slopes would be rounded.
    boolean tiny = Math.abs(lower) + Math.abs(upper) < 0x1p-64;
    double lift = tiny ? 0x1p64 : 1.0;
    DoublePair slope = twoSum(lower * lift * 0.5, upper * lift * 0.5);
    // What the slope lacks counts for numbers only: at -∞ its sign may be the other one.
    double rest = x < -Double.MAX_VALUE ? 0.0 : slope.lo() * x;
    // Slope 0 is relu: its limit at -∞ is 0, where the product would be NaN.
    double negative =
        slope.hi() == 0.0 ? 0.0 : Math.fma(slope.hi(), x, rest) * (tiny ? 0x1p-64 : 1.0);
    return quiet(x, x > 0.0 ? x : negative);
  }

  /**
   * Returns the derivative of rrelu at x.
   *
   * @param x any double; NaN gives NaN
   * @param lower the least slope, of magnitude at most 2^20
   * @param upper the largest slope, likewise
   */
  public static double derivative(double x, double lower, double upper) {
    return quiet(x, x > 0.0 ? 1.0 : (lower + upper) * 0.5);
  }

  /**
   * Returns the derivative of rrelu where its value is y: 1 if y &gt; 0, else (lower + upper)/2.
   *
   * @param y an output; beyond the range it counts as its end; NaN gives NaN
   * @param lower the least slope, of magnitude at most 2^20
   * @param upper the largest slope, likewise
   */
  public static double derivativeFromOutput(double y, double lower, double upper) {
    return derivative(y, lower, upper);
  }

  /** rrelu(x) with the slope that was drawn for the element. */
  public static double drawn(double x, double slope) {
    return forward(x, slope, slope);
  }

  /** The derivative of rrelu at x with the slope that was drawn for the element. */
  public static double drawnDerivative(double x, double slope) {
    return derivative(x, slope, slope);
  }
}
