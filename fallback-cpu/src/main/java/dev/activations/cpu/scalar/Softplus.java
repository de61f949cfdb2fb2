package dev.activations.cpu.scalar;

import static dev.activations.cpu.scalar.Arithmetic.expRestOfPair;
import static dev.activations.cpu.scalar.Arithmetic.logOnePlusExp;
import static dev.activations.cpu.scalar.Arithmetic.minusMagnitude;
import static dev.activations.cpu.scalar.Arithmetic.overOnePlusExp;
import static dev.activations.cpu.scalar.Arithmetic.quiet;
import static dev.activations.cpu.scalar.Arithmetic.reciprocalPair;
import static dev.activations.cpu.scalar.Arithmetic.twoProduct;
import static dev.activations.cpu.scalar.DoubleArithmetic.addToPair;
import static dev.activations.cpu.scalar.DoubleArithmetic.expOfPair;
import static dev.activations.cpu.scalar.DoubleArithmetic.expPower128;
import static dev.activations.cpu.scalar.DoubleArithmetic.logOnePlus;
import static dev.activations.cpu.scalar.DoubleArithmetic.minusMagnitude;
import static dev.activations.cpu.scalar.DoubleArithmetic.pairMultiply;
import static dev.activations.cpu.scalar.DoubleArithmetic.pairScale;
import static dev.activations.cpu.scalar.DoubleArithmetic.pairScale128;
import static dev.activations.cpu.scalar.DoubleArithmetic.quiet;
import static dev.activations.cpu.scalar.DoubleArithmetic.quotient;
import static dev.activations.cpu.scalar.DoubleArithmetic.reciprocalPair;
import static dev.activations.cpu.scalar.DoubleArithmetic.scale128;
import static dev.activations.cpu.scalar.DoubleArithmetic.twoSum;

/**
 * softplus(x) = ln(1 + e^(beta·x))/beta; derivative 1/(1 + e^(-beta·x)).
 *
 * <p>Source: Dugas et al. 2000, Incorporating Second-Order Functional Knowledge, NIPS.
 *
 * <p>Backward needs: input.
 *
 * <p>Bound: 1 ULP for every beta.
 *
 * <p>ln(1 + e^z) = max(z, 0) + ln(1 + e^-|z|), so that nothing overflows and no threshold is
 * needed.
 */
public final class Softplus {
  private Softplus() {}

  /**
   * Returns softplus(x).
   *
   * @param x any float; NaN gives NaN
   * @param beta sharpness of the bend, in [2^-32, 2^32]
   */
  public static float forward(float x, float beta) {
    float a = Math.abs(x);
    return a < (beta == 1.0f ? 16.0f : 0.0f)
        ? logOnePlusExp(x, new Pair(-a, 0.0f), new Pair(1.0f, 0.0f), true)
        : quiet(x, logOnePlusExp(x, minusMagnitude(x, beta, 128.0f), reciprocalPair(beta), false));
  }

  /**
   * Returns the derivative of softplus at x.
   *
   * @param x any float; NaN gives NaN
   * @param beta sharpness of the bend, in [2^-32, 2^32]
   */
  public static float derivative(float x, float beta) {
    return Math.abs(x * beta) < 16.0f ? slope(x, beta, true) : slope(x, beta, false);
  }

  private static float slope(float x, float beta, boolean near) {
    Pair y = twoProduct(-beta, x);
    // Beyond these ends the derivative rounds to 1, or to 0.
    boolean right = y.hi() < -40.0f;
    boolean left = y.hi() > 104.0f;
    float hi = near ? y.hi() : right ? -40.0f : left ? 104.0f : y.hi();
    float lo = near ? y.lo() : right || left ? 0.0f : y.lo();
    float r = overOnePlusExp(1.0f, hi, expRestOfPair(new Pair(hi, lo)), near);
    return near ? r : quiet(x, r);
  }

  // ---- float64 ----

  /**
   * Returns softplus(x).
   *
   * @param x any double; NaN gives NaN
   * @param beta sharpness of the bend, in [2^-32, 2^32]
   */
  public static double forward(double x, double beta) {
    DoublePair y = minusMagnitude(x, beta, 780.0);
    double power = expPower128(y.hi());
    DoublePair e = expOfPair(y); // e^y = e·2^n
    DoublePair log = logOnePlus(pairScale128(e, power));
    DoublePair inverse = reciprocalPair(beta);
    DoublePair bend = pairMultiply(log, inverse);
    double line = x > 0.0 ? x : 0.0;
    DoublePair sum = twoSum(line, bend.hi());
    double middle = sum.hi() + (sum.lo() + bend.lo());
    // Far out the logarithm is e^y, which is kept above the subnormals until the end.
    double tail =
        Math.fma(e.hi(), inverse.hi(), Math.fma(e.hi(), inverse.lo(), e.lo() * inverse.hi()));
    return quiet(x, y.hi() < -40.0 ? line + scale128(tail, power) : middle);
  }

  /**
   * Returns the derivative of softplus at x.
   *
   * @param x any double; NaN gives NaN
   * @param beta sharpness of the bend, in [2^-32, 2^32]
   */
  public static double derivative(double x, double beta) {
    DoublePair y = minusMagnitude(x, beta, 750.0);
    double power = expPower128(y.hi());
    DoublePair e = pairScale(expOfPair(y), 0x1p-128); // e^y = e·power
    DoublePair d = addToPair(1.0, pairScale(e, power));
    boolean left = x < 0.0;
    double q = quotient(new DoublePair(left ? e.hi() : 1.0, left ? e.lo() : 0.0), d);
    return quiet(x, q * (left ? power : 1.0));
  }
}
