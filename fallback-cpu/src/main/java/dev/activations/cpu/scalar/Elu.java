package dev.activations.cpu.scalar;

import static dev.activations.cpu.scalar.Arithmetic.expMinusOne;
import static dev.activations.cpu.scalar.Arithmetic.expPair;
import static dev.activations.cpu.scalar.Arithmetic.expScaled;
import static dev.activations.cpu.scalar.Arithmetic.quiet;
import static dev.activations.cpu.scalar.Arithmetic.withSign;
import static dev.activations.cpu.scalar.DoubleArithmetic.expMinusOne;
import static dev.activations.cpu.scalar.DoubleArithmetic.expPair;
import static dev.activations.cpu.scalar.DoubleArithmetic.expScaled;
import static dev.activations.cpu.scalar.DoubleArithmetic.quiet;
import static dev.activations.cpu.scalar.DoubleArithmetic.withSign;

/**
 * elu(x) = x &gt; 0 ? x : alpha·(e^x - 1); derivative x &gt; 0 ? 1 : alpha·e^x.
 *
 * <p>Source: Clevert, Unterthiner, Hochreiter 2015, arXiv:1511.07289. Backward needs: input or
 * output.
 *
 * <p>Bound: 1 ULP for every alpha.
 */
public final class Elu {
  private Elu() {}

  /**
   * Returns elu(x).
   *
   * @param x any float; NaN gives NaN
   * @param alpha minus the limit at -∞, finite
   */
  public static float forward(float x, float alpha) {
    // From -32 on e^x - 1 is -1 by far more than a float can tell.
    Pair m = expMinusOne(x < -32.0f ? -32.0f : x);
    float r = withSign(Math.fma(alpha, m.hi(), alpha * m.lo()), alpha * m.hi());
    return quiet(x, x < 0.0f ? r : x);
  }

  /**
   * Returns the derivative of elu at x.
   *
   * @param x any float; NaN gives NaN
   * @param alpha minus the limit at -∞, finite
   */
  public static float derivative(float x, float alpha) {
    // Beyond the limit alpha·e^x vanishes. A large alpha needs e^x from far below the smallest
    // float, hence the factor 2^-64 and the power 2^64.
    boolean large = Math.abs(alpha) >= 1.0f;
    float factor = large ? alpha * 0x1p-64f : alpha;
    float limit = large ? -200.0f : -110.0f;
    float y = x < 0.0f ? (x < limit ? limit : x) : 0.0f;
    Pair e = expPair(y);
    float r = expScaled(Math.fma(factor, e.hi(), factor * e.lo()), y, large ? 64 : 0);
    return quiet(x, x > 0.0f ? 1.0f : r);
  }

  /**
   * Returns the derivative of elu where its value is y: y &gt; 0 ? 1 : y + alpha, rounded once.
   *
   * @param y an output; beyond the range it counts as its end; NaN gives NaN
   * @param alpha minus the limit at -∞, finite, not negative
   */
  public static float derivativeFromOutput(float y, float alpha) {
    float r = y + alpha;
    return quiet(y, y > 0.0f ? 1.0f : (r > 0.0f ? r : 0.0f));
  }

  // ---- float64 ----

  /**
   * Returns elu(x).
   *
   * @param x any double; NaN gives NaN
   * @param alpha minus the limit at -∞, finite
   */
  public static double forward(double x, double alpha) {
    // From -64 on e^x - 1 is -1 by far more than a double can tell.
    DoublePair m = expMinusOne(x < -64.0 ? -64.0 : x);
    double r = withSign(Math.fma(alpha, m.hi(), alpha * m.lo()), alpha * m.hi());
    return quiet(x, x < 0.0 ? r : x);
  }

  /**
   * Returns the derivative of elu at x.
   *
   * @param x any double; NaN gives NaN
   * @param alpha minus the limit at -∞, finite
   */
  public static double derivative(double x, double alpha) {
    // A large alpha needs e^x from far below the smallest double.
    double y = x < 0.0 ? (x < -900.0 ? -900.0 : x) : 0.0;
    DoublePair e = expPair(y);
    double r = expScaled(Math.fma(alpha, e.hi(), alpha * e.lo()), y);
    return quiet(x, x > 0.0 ? 1.0 : r);
  }

  /**
   * Returns the derivative of elu where its value is y: y &gt; 0 ? 1 : y + alpha, rounded once.
   *
   * @param y an output; beyond the range it counts as its end; NaN gives NaN
   * @param alpha minus the limit at -∞, finite, not negative
   */
  public static double derivativeFromOutput(double y, double alpha) {
    double r = y + alpha;
    return quiet(y, y > 0.0 ? 1.0 : (r > 0.0 ? r : 0.0));
  }
}
