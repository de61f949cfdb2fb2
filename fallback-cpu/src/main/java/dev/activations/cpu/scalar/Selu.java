package dev.activations.cpu.scalar;

import static dev.activations.cpu.scalar.Arithmetic.expMinusOne;
import static dev.activations.cpu.scalar.Arithmetic.expPair;
import static dev.activations.cpu.scalar.Arithmetic.expScaled;
import static dev.activations.cpu.scalar.Arithmetic.pairScale;
import static dev.activations.cpu.scalar.Arithmetic.quiet;
import static dev.activations.cpu.scalar.Arithmetic.twoProduct;
import static dev.activations.cpu.scalar.Arithmetic.withSign;
import static dev.activations.cpu.scalar.DoubleArithmetic.expMinusOne;
import static dev.activations.cpu.scalar.DoubleArithmetic.expPair;
import static dev.activations.cpu.scalar.DoubleArithmetic.expScaled;
import static dev.activations.cpu.scalar.DoubleArithmetic.quiet;
import static dev.activations.cpu.scalar.DoubleArithmetic.twoProduct;
import static dev.activations.cpu.scalar.DoubleArithmetic.withSign;

/**
 * selu(x) = scale·(x &gt; 0 ? x : alpha·(e^x - 1)); derivative scale·(x &gt; 0 ? 1 : alpha·e^x).
 *
 * <p>Source: Klambauer, Unterthiner, Mayr, Hochreiter 2017, arXiv:1706.02515.
 *
 * <p>Backward needs: input or output. Bound: 1 ULP for every scale and alpha.
 */
public final class Selu {
  private Selu() {}

  /**
   * Returns selu(x).
   *
   * @param x any float; NaN gives NaN
   * @param scale factor of all, positive
   * @param alpha minus the limit at -∞ before scaling, finite
   */
  public static float forward(float x, float scale, float alpha) {
    // From -32 on e^x - 1 is -1 by far more than a float can tell.
    Pair m = expMinusOne(x < -32.0f ? -32.0f : x);
    // A small alpha is raised by 2^64, so that no digit of the product is lost.
    boolean small = Math.abs(alpha) < 0x1p-40f;
    Pair c = twoProduct(scale, small ? alpha * 0x1p64f : alpha);
    float product = Math.fma(c.hi(), m.hi(), Math.fma(c.hi(), m.lo(), c.lo() * m.hi()));
    float r = withSign(small ? product * 0x1p-64f : product, c.hi() * m.hi());
    return quiet(x, x < 0.0f ? r : scale * x);
  }

  /**
   * Returns the derivative of selu at x.
   *
   * @param x any float; NaN gives NaN
   * @param scale factor of all, positive
   * @param alpha minus the limit at -∞ before scaling, finite
   */
  public static float derivative(float x, float scale, float alpha) {
    // As in elu, a large factor needs e^x from far below the smallest float; a small one is raised.
    boolean small = Math.abs(alpha) < 0x1p-40f;
    Pair c = twoProduct(scale, small ? alpha * 0x1p64f : alpha);
    boolean large = Math.abs(c.hi()) >= 1.0f && !small;
    Pair factor = pairScale(c, large ? 0x1p-64f : 1.0f);
    float limit = large ? -200.0f : -110.0f;
    float y = x < 0.0f ? (x < limit ? limit : x) : 0.0f;
    Pair e = expPair(y);
    float v = Math.fma(factor.hi(), e.hi(), Math.fma(factor.hi(), e.lo(), factor.lo() * e.hi()));
    int shift = large ? 64 : (small ? -64 : 0);
    return quiet(x, x > 0.0f ? scale : expScaled(v, y, shift));
  }

  /**
   * Returns the derivative of selu where its value is y: y &gt; 0 ? scale : y + scale·alpha,
   * rounded once.
   *
   * @param y an output; beyond the range it counts as its end; NaN gives NaN
   * @param scale factor of all, positive
   * @param alpha minus the limit at -∞ before scaling, finite, not negative
   */
  public static float derivativeFromOutput(float y, float scale, float alpha) {
    float r = Math.fma(scale, alpha, y);
    return quiet(y, y > 0.0f ? scale : (r > 0.0f ? r : 0.0f));
  }

  // ---- float64 ----

  /**
   * Returns selu(x).
   *
   * @param x any double; NaN gives NaN
   * @param scale factor of all, positive
   * @param alpha minus the limit at -∞ before scaling, finite
   */
  public static double forward(double x, double scale, double alpha) {
    // From -64 on e^x - 1 is -1 by far more than a double can tell.
    DoublePair m = expMinusOne(x < -64.0 ? -64.0 : x);
    DoublePair c = twoProduct(scale, alpha);
    double product = Math.fma(c.hi(), m.hi(), Math.fma(c.hi(), m.lo(), c.lo() * m.hi()));
    double r = withSign(product, c.hi() * m.hi());
    return quiet(x, x < 0.0 ? r : scale * x);
  }

  /**
   * Returns the derivative of selu at x.
   *
   * @param x any double; NaN gives NaN
   * @param scale factor of all, positive
   * @param alpha minus the limit at -∞ before scaling, finite
   */
  public static double derivative(double x, double scale, double alpha) {
    // As in elu, a large factor needs e^x from far below the smallest double.
    DoublePair c = twoProduct(scale, alpha);
    double y = x < 0.0 ? (x < -900.0 ? -900.0 : x) : 0.0;
    DoublePair e = expPair(y);
    double v = Math.fma(c.hi(), e.hi(), Math.fma(c.hi(), e.lo(), c.lo() * e.hi()));
    return quiet(x, x > 0.0 ? scale : expScaled(v, y));
  }

  /**
   * Returns the derivative of selu where its value is y: y &gt; 0 ? scale : y + scale·alpha,
   * rounded once.
   *
   * @param y an output; beyond the range it counts as its end; NaN gives NaN
   * @param scale factor of all, positive
   * @param alpha minus the limit at -∞ before scaling, finite, not negative
   */
  public static double derivativeFromOutput(double y, double scale, double alpha) {
    double r = Math.fma(scale, alpha, y);
    return quiet(y, y > 0.0 ? scale : (r > 0.0 ? r : 0.0));
  }
}
