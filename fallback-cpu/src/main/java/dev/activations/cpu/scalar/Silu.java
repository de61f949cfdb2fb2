package dev.activations.cpu.scalar;

import static dev.activations.cpu.scalar.Arithmetic.fastTwoSum;
import static dev.activations.cpu.scalar.Arithmetic.minusMagnitude;
import static dev.activations.cpu.scalar.Arithmetic.timesSigmoid;
import static dev.activations.cpu.scalar.Arithmetic.timesSigmoidSlope;
import static dev.activations.cpu.scalar.Arithmetic.twoProduct;
import static dev.activations.cpu.scalar.Arithmetic.twoSum;
import static dev.activations.cpu.scalar.DoubleArithmetic.addToPair;
import static dev.activations.cpu.scalar.DoubleArithmetic.expLessOne;
import static dev.activations.cpu.scalar.DoubleArithmetic.expOfPair;
import static dev.activations.cpu.scalar.DoubleArithmetic.expPower;
import static dev.activations.cpu.scalar.DoubleArithmetic.expPower128;
import static dev.activations.cpu.scalar.DoubleArithmetic.expRestOfPair;
import static dev.activations.cpu.scalar.DoubleArithmetic.fastTwoSum;
import static dev.activations.cpu.scalar.DoubleArithmetic.minusMagnitude;
import static dev.activations.cpu.scalar.DoubleArithmetic.onePlus;
import static dev.activations.cpu.scalar.DoubleArithmetic.pairAdd;
import static dev.activations.cpu.scalar.DoubleArithmetic.pairMultiply;
import static dev.activations.cpu.scalar.DoubleArithmetic.pairScale128;
import static dev.activations.cpu.scalar.DoubleArithmetic.pairSquare;
import static dev.activations.cpu.scalar.DoubleArithmetic.quiet;
import static dev.activations.cpu.scalar.DoubleArithmetic.quotientPair;
import static dev.activations.cpu.scalar.DoubleArithmetic.scale128;
import static dev.activations.cpu.scalar.DoubleArithmetic.scaledLessOne;
import static dev.activations.cpu.scalar.DoubleArithmetic.twoSum;
import static dev.activations.cpu.scalar.DoubleArithmetic.withSign;

/**
 * silu(x) = x·σ(beta·x); derivative σ(z) + z·σ(z)·(1 - σ(z)), z = beta·x, σ(z) = 1/(1 + e^-z).
 *
 * <p>Source: Elfwing, Uchibe, Doya 2017, arXiv:1702.03118; Ramachandran et al. 2017.
 *
 * <p>Backward needs: input. Bound: 1 ULP for every beta.
 */
public final class Silu {
  private Silu() {}

  /**
   * Returns silu(x).
   *
   * @param x any float; NaN gives NaN
   * @param beta sharpness of the bend, in [2^-32, 2^32]
   */
  public static float forward(float x, float beta) {
    return timesSigmoid(x, twoProduct(-beta, x));
  }

  /**
   * Returns the derivative of silu at x.
   *
   * <p>The root of timesSigmoidDerivative is where y = -|z| is z0 = -1.278.
   *
   * @param x any float; NaN gives NaN
   * @param beta sharpness of the bend, in [2^-32, 2^32]
   */
  public static float derivative(float x, float beta) {
    // A product by a power of two is exact.
    boolean exact = (Float.floatToRawIntBits(beta) & 0x7FFFFF) == 0;
    return Math.abs(x) * beta < (exact ? 16.0f : 0.0f)
        ? slope(x, beta, exact, true)
        : slope(x, beta, exact, false);
  }

  private static float slope(float x, float beta, boolean exact, boolean near) {
    Pair y = near ? new Pair(Math.abs(x) * -beta, 0.0f) : minusMagnitude(x, beta, 110.0f);

    // d = y - z0, z0 = -1.25 - 0x1.d25cf2p-6 - 0x1.0482ep-34 + 0x1.ca2d0ep-60. Near the root the
    // leading parts cancel exactly, and then, if y has a low part, even the last counts.
    Pair first = fastTwoSum(1.25f, y.hi());
    Pair second = fastTwoSum(first.hi(), 0x1.d25cf2p-6f);
    float low = second.lo() + first.lo();
    Pair third = twoSum(second.hi(), y.lo());
    Pair last = twoSum(third.hi(), 0x1.0482ep-34f);
    Pair any = fastTwoSum(last.hi(), last.lo() + (third.lo() + (low - 0x1.ca2d0ep-60f)));
    Pair d = near || exact ? new Pair(second.hi(), low + 0x1.0482ep-34f) : any;

    Pair root = new Pair(0x1.1d25dp-2f, -0x1.bdf6fap-27f); // e^z0
    return timesSigmoidSlope(x, d, d, root, near);
  }

  // ---- float64 ----

  /**
   * Returns silu(x).
   *
   * @param x any double; NaN gives NaN
   * @param beta sharpness of the bend, in [2^-32, 2^32]
   */
  public static double forward(double x, double beta) {
    DoublePair y = minusMagnitude(x, beta, 780.0);
    double power = expPower128(y.hi());
    DoublePair e = expOfPair(y); // e^y = e·2^n
    DoublePair d = addToPair(1.0, pairScale128(e, power));
    boolean left = x < 0.0;
    DoublePair q = quotientPair(new DoublePair(left ? e.hi() : 1.0, left ? e.lo() : 0.0), d);
    double product = Math.fma(x, q.hi(), x * q.lo());
    double r = withSign(left ? scale128(product, power) : product, x);
    return quiet(x, y.hi() > -780.0 ? r : left ? -0.0 : x);
  }

  /**
   * Returns the derivative of silu at x.
   *
   * <p>With y = -|z| and e = e^y the derivative is e·(1 + y + e)/(1 + e)² on the left, and one
   * minus that on the right. Around its root z0 = -1.278, with d = y - z0, the factor 1 + y + e is
   * d + e^z0·(e^d - 1): two terms of one sign, so nothing cancels.
   *
   * @param x any double; NaN gives NaN
   * @param beta sharpness of the bend, in [2^-32, 2^32]
   */
  public static double derivative(double x, double beta) {
    DoublePair y = minusMagnitude(x, beta, 760.0);

    // d = y - z0, z0 = -1.25 - 0x1.d25cf210482ep-6 + 0x1.ca2d0d94faaecp-60 -
    // 0x1.2940602e9dfecp-114.
    DoublePair first = fastTwoSum(1.25, y.hi());
    DoublePair second = fastTwoSum(first.hi(), 0x1.d25cf210482ep-6);
    DoublePair third = twoSum(second.hi(), y.lo());
    DoublePair last = twoSum(third.hi(), -0x1.ca2d0d94faaecp-60);
    double low = third.lo() + ((second.lo() + first.lo()) + 0x1.2940602e9dfecp-114);
    DoublePair d = fastTwoSum(last.hi(), last.lo() + low);

    DoublePair root = new DoublePair(0x1.1d25cf210482ep-2, -0x1.ca2d0d94faaecp-60); // e^z0
    DoublePair a = expLessOne(expRestOfPair(d));
    double power = expPower128(d.hi());
    DoublePair e = pairMultiply(onePlus(a), root); // e^y = e·2^n
    DoublePair full = pairScale128(e, power);

    // Beyond -80 e^d is 0 beside 1.
    DoublePair m = scaledLessOne(a, y.hi() > -80.0 ? expPower(d.hi()) : 0.0);
    DoublePair factor = pairAdd(d, pairMultiply(m, root));
    DoublePair q = quotientPair(pairMultiply(e, factor), pairSquare(addToPair(1.0, full)));

    double left = scale128(q.hi(), power);
    DoublePair g = pairScale128(q, power);
    DoublePair right = addToPair(1.0, new DoublePair(-g.hi(), -g.lo()));
    return quiet(x, x < 0.0 ? left : right.hi() + right.lo());
  }
}
