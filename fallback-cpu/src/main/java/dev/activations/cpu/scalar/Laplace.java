package dev.activations.cpu.scalar;

import static dev.activations.cpu.scalar.Arithmetic.addToPair;
import static dev.activations.cpu.scalar.Arithmetic.clampedMagnitude;
import static dev.activations.cpu.scalar.Arithmetic.expOfPair;
import static dev.activations.cpu.scalar.Arithmetic.expPower64;
import static dev.activations.cpu.scalar.Arithmetic.expScaled;
import static dev.activations.cpu.scalar.Arithmetic.normalExponent;
import static dev.activations.cpu.scalar.Arithmetic.pairMultiply;
import static dev.activations.cpu.scalar.Arithmetic.pairPlus;
import static dev.activations.cpu.scalar.Arithmetic.pairScale;
import static dev.activations.cpu.scalar.Arithmetic.pairScale64;
import static dev.activations.cpu.scalar.Arithmetic.pairSquare;
import static dev.activations.cpu.scalar.Arithmetic.pairSum;
import static dev.activations.cpu.scalar.Arithmetic.quiet;
import static dev.activations.cpu.scalar.Arithmetic.reciprocalOfPair;
import static dev.activations.cpu.scalar.Arithmetic.reciprocalPair;
import static dev.activations.cpu.scalar.Arithmetic.scale64;
import static dev.activations.cpu.scalar.Arithmetic.twoSum;
import static dev.activations.cpu.scalar.Arithmetic.withSign;
import static dev.activations.cpu.scalar.DoubleArithmetic.addToPair;
import static dev.activations.cpu.scalar.DoubleArithmetic.clampedMagnitude;
import static dev.activations.cpu.scalar.DoubleArithmetic.expOfPair;
import static dev.activations.cpu.scalar.DoubleArithmetic.expPower128;
import static dev.activations.cpu.scalar.DoubleArithmetic.expScaled;
import static dev.activations.cpu.scalar.DoubleArithmetic.normalExponent;
import static dev.activations.cpu.scalar.DoubleArithmetic.pairMultiply;
import static dev.activations.cpu.scalar.DoubleArithmetic.pairPlus;
import static dev.activations.cpu.scalar.DoubleArithmetic.pairScale;
import static dev.activations.cpu.scalar.DoubleArithmetic.pairScale128;
import static dev.activations.cpu.scalar.DoubleArithmetic.pairSquare;
import static dev.activations.cpu.scalar.DoubleArithmetic.pairSum;
import static dev.activations.cpu.scalar.DoubleArithmetic.quiet;
import static dev.activations.cpu.scalar.DoubleArithmetic.reciprocalOfPair;
import static dev.activations.cpu.scalar.DoubleArithmetic.reciprocalPair;
import static dev.activations.cpu.scalar.DoubleArithmetic.scale128;
import static dev.activations.cpu.scalar.DoubleArithmetic.twoSum;
import static dev.activations.cpu.scalar.DoubleArithmetic.withSign;

/**
 * laplace(x) = Φ(z) = (1 + erf(z/√2))/2, z = (x - mu)/sigma, Φ the normal distribution; derivative
 * φ(z)/sigma, φ its density.
 *
 * <p>Source: Ma et al. 2022, Mega, arXiv:2209.10655.
 *
 * <p>Backward needs: input. Bound: 1 ULP for every mu and sigma.
 *
 * <p>Φ(-a) = e^(-a²/2 + S)/(a + 2.5), S as in gelu, and Φ(a) = 1 - Φ(-a).
 */
public final class Laplace {
  private Laplace() {}

  /** min(|x - mu|/sigma, limit). */
  private static Pair distance(Pair n, float sigma, float limit) {
    boolean beyond = Math.abs(n.hi()) > sigma * limit;
    boolean left = n.hi() < 0.0f;
    Pair a =
        new Pair(
            beyond ? sigma * limit : left ? -n.hi() : n.hi(),
            beyond ? 0.0f : left ? -n.lo() : n.lo());
    return pairMultiply(a, reciprocalPair(sigma));
  }

  /**
   * Returns laplace(x).
   *
   * @param x any float; NaN gives NaN
   * @param mu the middle, in [-2^64, 2^64]
   * @param sigma the width, in [2^-32, 2^32]
   */
  public static float forward(float x, float mu, float sigma) {
    Pair n = twoSum(withSign(clampedMagnitude(x, 0x1p100f), x), -mu);
    Pair a = distance(n, sigma, 14.5f);
    Pair r = reciprocalOfPair(pairPlus(a, 2.5f));
    Pair y = pairSum(pairScale(pairSquare(a), -0.5f), normalExponent(r));
    Pair e = pairMultiply(expOfPair(y), r);
    float power = expPower64(y.hi());
    Pair g = pairScale64(e, power);
    Pair right = addToPair(1.0f, new Pair(-g.hi(), -g.lo()));
    return quiet(x, n.hi() < 0.0f ? scale64(e.hi() + e.lo(), power) : right.hi() + right.lo());
  }

  /**
   * Returns the derivative of laplace at x.
   *
   * @param x any float; NaN gives NaN
   * @param mu the middle, in [-2^64, 2^64]
   * @param sigma the width, in [2^-32, 2^32]
   */
  public static float derivative(float x, float mu, float sigma) {
    Pair n = twoSum(withSign(clampedMagnitude(x, 0x1p100f), x), -mu);
    // Even for the smallest sigma the result is 0 from here on.
    Pair a = distance(n, sigma, 17.0f);
    Pair y = pairScale(pairSquare(a), -0.5f);
    Pair top =
        pairMultiply(
            reciprocalPair(sigma), new Pair(0x1.988454p-2f, -0x1.857936p-27f)); // φ(0)/sigma
    Pair e = pairMultiply(expOfPair(y), top);
    return quiet(x, expScaled(e.hi() + e.lo(), y.hi(), 0));
  }

  // ---- float64 ----

  /** min(|x - mu|/sigma, limit). */
  private static DoublePair laplaceDistance(DoublePair n, double sigma, double limit) {
    boolean beyond = Math.abs(n.hi()) > sigma * limit;
    boolean left = n.hi() < 0.0;
    DoublePair a =
        new DoublePair(
            beyond ? sigma * limit : left ? -n.hi() : n.hi(),
            beyond ? 0.0 : left ? -n.lo() : n.lo());
    return pairMultiply(a, reciprocalPair(sigma));
  }

  /**
   * Returns laplace(x).
   *
   * @param x any double; NaN gives NaN
   * @param mu the middle, in [-2^64, 2^64]
   * @param sigma the width, in [2^-32, 2^32]
   */
  public static double forward(double x, double mu, double sigma) {
    DoublePair n = twoSum(withSign(clampedMagnitude(x, 0x1p200), x), -mu);
    DoublePair a = laplaceDistance(n, sigma, 38.6);
    DoublePair r = reciprocalOfPair(pairPlus(a, 3.25));
    DoublePair y = pairSum(pairScale(pairSquare(a), -0.5), normalExponent(r));
    DoublePair e = pairMultiply(expOfPair(y), r);
    double power = expPower128(y.hi());
    DoublePair g = pairScale128(e, power);
    DoublePair right = addToPair(1.0, new DoublePair(-g.hi(), -g.lo()));
    return quiet(x, n.hi() < 0.0 ? scale128(e.hi() + e.lo(), power) : right.hi() + right.lo());
  }

  /**
   * Returns the derivative of laplace at x.
   *
   * @param x any double; NaN gives NaN
   * @param mu the middle, in [-2^64, 2^64]
   * @param sigma the width, in [2^-32, 2^32]
   */
  public static double derivative(double x, double mu, double sigma) {
    DoublePair n = twoSum(withSign(clampedMagnitude(x, 0x1p200), x), -mu);
    // Even for the smallest sigma the result is 0 from here on.
    DoublePair a = laplaceDistance(n, sigma, 39.5);
    DoublePair y = pairScale(pairSquare(a), -0.5);
    // φ(0)/sigma
    DoublePair top =
        pairMultiply(
            reciprocalPair(sigma), new DoublePair(0x1.9884533d43651p-2, -0x1.cbc0d30ebfd15p-56));
    DoublePair e = pairMultiply(expOfPair(y), top);
    return quiet(x, expScaled(e.hi() + e.lo(), y.hi()));
  }
}
