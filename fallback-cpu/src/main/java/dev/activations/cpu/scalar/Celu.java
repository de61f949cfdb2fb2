package dev.activations.cpu.scalar;

import static dev.activations.cpu.scalar.Arithmetic.expLessOneFine;
import static dev.activations.cpu.scalar.Arithmetic.expOfPair;
import static dev.activations.cpu.scalar.Arithmetic.expPower;
import static dev.activations.cpu.scalar.Arithmetic.expRestOfPair;
import static dev.activations.cpu.scalar.Arithmetic.expScaled;
import static dev.activations.cpu.scalar.Arithmetic.quiet;
import static dev.activations.cpu.scalar.Arithmetic.quotient;
import static dev.activations.cpu.scalar.Arithmetic.quotientPair;
import static dev.activations.cpu.scalar.Arithmetic.scaledLessOne;
import static dev.activations.cpu.scalar.Arithmetic.twoSum;
import static dev.activations.cpu.scalar.DoubleArithmetic.expLessOne;
import static dev.activations.cpu.scalar.DoubleArithmetic.expOfPair;
import static dev.activations.cpu.scalar.DoubleArithmetic.expPower;
import static dev.activations.cpu.scalar.DoubleArithmetic.expRestOfPair;
import static dev.activations.cpu.scalar.DoubleArithmetic.expScaled;
import static dev.activations.cpu.scalar.DoubleArithmetic.quiet;
import static dev.activations.cpu.scalar.DoubleArithmetic.quotient;
import static dev.activations.cpu.scalar.DoubleArithmetic.quotientPair;
import static dev.activations.cpu.scalar.DoubleArithmetic.scaledLessOne;
import static dev.activations.cpu.scalar.DoubleArithmetic.twoSum;

/**
 * celu(x) = x &gt; 0 ? x : alpha·(e^(x/alpha) - 1); derivative x &gt; 0 ? 1 : e^(x/alpha).
 *
 * <p>Source: Barron 2017, Continuously Differentiable Exponential Linear Units, arXiv:1704.07483.
 *
 * <p>Backward needs: input or output. Bound: 1 ULP for every alpha.
 */
public final class Celu {
  private Celu() {}

  /**
   * Returns celu(x).
   *
   * @param x any float; NaN gives NaN
   * @param alpha minus the limit at -∞, positive
   */
  public static float forward(float x, float alpha) {
    // From -32 on e^y - 1 is -1 by far more than a float can tell.
    float limit = -32.0f * alpha;
    Pair y = quotientPair(new Pair(x < limit ? limit : x, 0.0f), new Pair(alpha, 0.0f));
    Pair m = scaledLessOne(expLessOneFine(expRestOfPair(y)), expPower(y.hi()));
    float r = Math.fma(alpha, m.hi(), alpha * m.lo());
    // Near zero it is x, and x/alpha might vanish.
    return quiet(x, x < alpha * -0x1p-26f ? r : x);
  }

  /**
   * Returns the derivative of celu at x.
   *
   * @param x any float; NaN gives NaN
   * @param alpha minus the limit at -∞, positive
   */
  public static float derivative(float x, float alpha) {
    float limit = -110.0f * alpha;
    float negative = x < 0.0f ? (x < limit ? limit : x) : 0.0f;
    Pair y = quotientPair(new Pair(negative, 0.0f), new Pair(alpha, 0.0f));
    Pair e = expOfPair(y);
    return quiet(x, x < 0.0f ? expScaled(e.hi() + e.lo(), y.hi(), 0) : 1.0f);
  }

  /**
   * Returns the derivative of celu where its value is y: y &gt; 0 ? 1 : (y + alpha)/alpha.
   *
   * @param y an output; beyond the range it counts as its end; NaN gives NaN
   * @param alpha minus the limit at -∞, positive
   */
  public static float derivativeFromOutput(float y, float alpha) {
    Pair sum = twoSum(y, alpha);
    float r = quotient(sum, new Pair(alpha, 0.0f));
    return quiet(y, y > 0.0f ? 1.0f : (sum.hi() > 0.0f ? r : 0.0f));
  }

  // ---- float64 ----

  /**
   * Returns celu(x).
   *
   * @param x any double; NaN gives NaN
   * @param alpha minus the limit at -∞, positive
   */
  public static double forward(double x, double alpha) {
    // From -64 on e^y - 1 is -1 by far more than a double can tell.
    double limit = -64.0 * alpha;
    DoublePair y =
        quotientPair(new DoublePair(x < limit ? limit : x, 0.0), new DoublePair(alpha, 0.0));
    DoublePair m = scaledLessOne(expLessOne(expRestOfPair(y)), expPower(y.hi()));
    double r = Math.fma(alpha, m.hi(), alpha * m.lo());
    // Near zero it is x, and x/alpha might vanish.
    return quiet(x, x < alpha * -0x1p-55 ? r : x);
  }

  /**
   * Returns the derivative of celu at x.
   *
   * @param x any double; NaN gives NaN
   * @param alpha minus the limit at -∞, positive
   */
  public static double derivative(double x, double alpha) {
    double limit = -760.0 * alpha;
    double negative = x < 0.0 ? (x < limit ? limit : x) : 0.0;
    DoublePair y = quotientPair(new DoublePair(negative, 0.0), new DoublePair(alpha, 0.0));
    DoublePair e = expOfPair(y);
    return quiet(x, x < 0.0 ? expScaled(e.hi() + e.lo(), y.hi()) : 1.0);
  }

  /**
   * Returns the derivative of celu where its value is y: y &gt; 0 ? 1 : (y + alpha)/alpha.
   *
   * @param y an output; beyond the range it counts as its end; NaN gives NaN
   * @param alpha minus the limit at -∞, positive
   */
  public static double derivativeFromOutput(double y, double alpha) {
    DoublePair sum = twoSum(y, alpha);
    double r = quotient(sum, new DoublePair(alpha, 0.0));
    return quiet(y, y > 0.0 ? 1.0 : (sum.hi() > 0.0 ? r : 0.0));
  }
}
