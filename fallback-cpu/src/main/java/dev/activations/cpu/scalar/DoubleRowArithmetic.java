package dev.activations.cpu.scalar;

import static dev.activations.cpu.scalar.DoubleArithmetic.addToPair;
import static dev.activations.cpu.scalar.DoubleArithmetic.expOfPair;
import static dev.activations.cpu.scalar.DoubleArithmetic.expPower128;
import static dev.activations.cpu.scalar.DoubleArithmetic.fastTwoSum;
import static dev.activations.cpu.scalar.DoubleArithmetic.pairScale;
import static dev.activations.cpu.scalar.DoubleArithmetic.pairScale128;
import static dev.activations.cpu.scalar.DoubleArithmetic.quiet;
import static dev.activations.cpu.scalar.DoubleArithmetic.quotient;
import static dev.activations.cpu.scalar.DoubleArithmetic.scale128;
import static dev.activations.cpu.scalar.DoubleArithmetic.twoProduct;
import static dev.activations.cpu.scalar.DoubleArithmetic.twoSum;

/**
 * The words of {@link RowArithmetic} for doubles: sums that are exact, and shares of exponentials.
 *
 * <p>A term of a sum is an integer: high·2^-28 + mid·2^-58 + low·2^-88. Rows have at most 2^32
 * elements.
 *
 * <p>With them every activation over an axis is within 2 ULP of a double; the bounds in the headers
 * are float32's, and {@code Kind.bound64} says what adds to it where a difference cancels.
 */
public final class DoubleRowArithmetic {
  private DoubleRowArithmetic() {}

  // ---- Folds ----

  /** The larger of the two; NaN once any is NaN. */
  public static double maximum(double m, double x) {
    return x > m ? x : (x == x ? m : x);
  }

  /** The larger of m and |dy|; NaN once anything is NaN, or y infinite. */
  public static double magnitude(double m, double y, double dy) {
    return maximum(m, Math.abs(Math.fma(y, 0.0, dy)));
  }

  // ---- Sums ----

  /** The limbs of a normalised pair below 2; 0 for what is no number. */
  public static DoubleLimbs limbsOf(DoublePair value) {
    boolean valid = Math.abs(value.hi()) < 2.0;
    double a = (valid ? value.hi() : 0.0) * 0x1p28;
    double b = (valid ? value.lo() : 0.0) * 0x1p58;
    int high = (int) a;
    double rest = (a - (double) high) * 0x1p30;
    int mid = (int) rest;
    // Both parts of the pair may reach into the middle limb.
    double tail = (rest - (double) mid) + b;
    int more = (int) tail;
    // What is left is rounded half away from zero: truncation alone would add up along a row.
    double last = (tail - (double) more) * 0x1p30;
    return new DoubleLimbs(high, mid + more, (int) (last + (last < 0.0 ? -0.5 : 0.5)));
  }

  /** The value of added limbs, as a normalised pair. */
  public static DoublePair sumOfLimbs(long high, long mid, long low) {
    long carriedMid = mid + (low >> 30);
    long carriedHigh = high + (carriedMid >> 30);
    double hi = (double) carriedHigh;
    // What a double drops of the high limb comes before the middle one.
    double middle =
        Math.fma(
            (double) (carriedHigh - (long) hi),
            0x1p-28,
            (double) (carriedMid & 0x3FFFFFFF) * 0x1p-58);
    DoublePair rest = fastTwoSum(middle, (double) (low & 0x3FFFFFFF) * 0x1p-88);
    DoublePair sum = addToPair(hi * 0x1p-28, rest);
    return fastTwoSum(sum.hi(), sum.lo());
  }

  /** The power of two below m, kept where its reciprocal is a normal double too. */
  public static double powerBelow(double m) {
    long exponent = Double.doubleToRawLongBits(m) >> 52;
    exponent = exponent < 1 ? 1 : exponent > 2045 ? 2045 : exponent;
    return Double.longBitsToDouble(exponent << 52);
  }

  /** 1/power, exactly. */
  public static double inversePower(double power) {
    return Double.longBitsToDouble((2046L << 52) - Double.doubleToRawLongBits(power));
  }

  // ---- Shares of exponentials: e^(x - m)/Σ e^(x - m), m the largest x ----

  /** x - m as a pair, clamped where e^(x - m) has vanished. Equal infinities differ by 0. */
  public static DoublePair difference(double x, double m) {
    DoublePair d = twoSum(x, -m);
    boolean counts = d.hi() > -750.0;
    boolean top = x == m;
    return new DoublePair(top ? 0.0 : counts ? d.hi() : -750.0, top ? 0.0 : counts ? d.lo() : 0.0);
  }

  /** e^d, for the sum. */
  public static DoubleLimbs expTerm(DoublePair d) {
    double power = expPower128(d.hi());
    return limbsOf(pairScale128(expOfPair(d), power));
  }

  /** e^d/value. */
  public static double expShare(DoublePair d, DoubleRow row) {
    double q = quotient(expOfPair(d), row.value());
    double y = scale128(q, expPower128(d.hi()));
    // No number is above -∞ in a row of -∞ alone, nor is NaN.
    return row.m() > Double.NEGATIVE_INFINITY ? y : Double.NaN;
  }

  // On the way back dx = y·(dy - Σ dy·y). The sum is one of units of 4·powerBelow(m), for m the
  // largest |dy|, which keeps it below 1.

  /** dy·y, for the sum. */
  public static DoubleLimbs shareGradientTerm(double y, double dy, DoubleRow row) {
    double scaled = dy * inversePower(powerBelow(row.m()));
    return limbsOf(twoProduct(scaled * 0.25, y));
  }

  /** dy - value, in units of powerBelow(m), as a pair. */
  public static DoublePair shareGradientDifference(double dy, DoubleRow row) {
    DoublePair mean = pairScale(row.value(), 4.0);
    DoublePair d = twoSum(dy * inversePower(powerBelow(row.m())), -mean.hi());
    return fastTwoSum(d.hi(), d.lo() - mean.lo());
  }

  /** y·d, d in units of powerBelow(m). */
  public static double shareGradient(double y, DoublePair d, DoubleRow row) {
    double power = powerBelow(row.m());
    // A power above 1 goes to y, which it may lift out of the subnormals; one below to the product.
    boolean large = power > 1.0;
    double weight = y * (large ? power : 1.0);
    double r = Math.fma(weight, d.hi(), weight * d.lo()) * (large ? 1.0 : power);
    return row.m() < Double.POSITIVE_INFINITY ? quiet(r, r) : Double.NaN;
  }
}
