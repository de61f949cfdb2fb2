package dev.activations.cpu.scalar;

import static dev.activations.cpu.scalar.Arithmetic.expCurve;
import static dev.activations.cpu.scalar.Arithmetic.fastTwoSum;
import static dev.activations.cpu.scalar.Arithmetic.pairScale;
import static dev.activations.cpu.scalar.Arithmetic.quiet;
import static dev.activations.cpu.scalar.Arithmetic.reciprocalOfPair;
import static dev.activations.cpu.scalar.Arithmetic.twoProduct;
import static dev.activations.cpu.scalar.Arithmetic.twoSum;

/**
 * The arithmetic of rows: sums that are exact, and shares of exponentials.
 *
 * <p>A term of a sum is an integer: high·2^-21 + mid·2^-43 + low·2^-65. Adding integers is exact,
 * so that any split, width and order of a reduction gives the same bits. Rows have at most 2^32
 * elements, which together lose less than 2^-33.
 */
public final class RowArithmetic {
  private RowArithmetic() {}

  // ---- Folds ----

  /** The larger of the two; NaN once any is NaN. */
  public static float maximum(float m, float x) {
    return x > m ? x : (x == x ? m : x);
  }

  /** The larger of m and |dy|; NaN once anything is NaN, or y infinite. */
  public static float magnitude(float m, float y, float dy) {
    return maximum(m, Math.abs(Math.fma(y, 0.0f, dy)));
  }

  // ---- Sums ----

  /** The limbs of a normalised pair below 2; 0 for what is no number. */
  public static Limbs limbsOf(Pair value) {
    boolean valid = Math.abs(value.hi()) < 2.0f;
    return limbsIn(new Pair(valid ? value.hi() : 0.0f, valid ? value.lo() : 0.0f), 1.0f, 1.0f);
  }

  /**
   * The limbs of value·power/unit for a normalised pair and powers of two, if that is below 2.
   *
   * <p>Adding 1.5·2^k to less than half of 2^k rounds to a multiple of 2^(k - 23), which then
   * stands in the low bits. Each limb is cut off so; what is left of it is exact, but for the last.
   */
  private static Limbs limbsIn(Pair value, float power, float unit) {
    float first = 0x1.8p2f * unit;
    float second = 0x1.8p-20f * unit;
    float third = 0x1.8p-42f * unit;
    float high = Math.fma(value.hi(), power, first);
    float rest = Math.fma(value.hi(), power, first - high);
    float mid = Math.fma(value.lo(), power, rest + second);
    float low = Math.fma(value.lo(), power, rest + (second - mid)) + third;
    return new Limbs(bitsAbove(high, first), bitsAbove(mid, second), bitsAbove(low, third));
  }

  private static int bitsAbove(float sum, float start) {
    return Float.floatToRawIntBits(sum) - Float.floatToRawIntBits(start);
  }

  /** The value of added limbs, as a normalised pair. */
  public static Pair sumOfLimbs(long high, long mid, long low) {
    long carriedMid = mid + (low >> 22);
    long carried = high + (carriedMid >> 22);
    float hi = (float) carried;
    long rest = ((carried - (long) hi) << 22) + (carriedMid & 0x3FFFFF);
    float lo = (float) rest;
    float last = (float) (((rest - (long) lo) << 22) + (low & 0x3FFFFF));
    Pair sum = fastTwoSum(hi * 0x1p-21f, lo * 0x1p-43f);
    return fastTwoSum(sum.hi(), Math.fma(last, 0x1p-65f, sum.lo()));
  }

  /** The power of two below m, kept where its reciprocal is a normal float too. */
  public static float powerBelow(float m) {
    int exponent = Float.floatToRawIntBits(m) >> 23;
    exponent = exponent < 1 ? 1 : exponent > 253 ? 253 : exponent;
    return Float.intBitsToFloat(exponent << 23);
  }

  /** 1/power, exactly. */
  public static float inversePower(float power) {
    return Float.intBitsToFloat((254 << 23) - Float.floatToRawIntBits(power));
  }

  // ---- Shares of exponentials: e^(x - m)/Σ e^(x - m), m the largest x ----

  /**
   * x - m exactly, as a pair, clamped where e^(x - m) has vanished. Equal infinities differ by 0.
   */
  public static Pair difference(float x, float m) {
    Pair d = twoSum(x, -m);
    boolean counts = d.hi() > -109.0f;
    boolean top = x == m;
    return new Pair(top ? 0.0f : counts ? d.hi() : -109.0f, top ? 0.0f : counts ? d.lo() : 0.0f);
  }

  /**
   * x - m as an exponent, clamped where e^(x - m) has vanished: a pair within 2^-38 whose high part
   * is a multiple of 2^-16 and whose low part is below 2^-13. Equal infinities differ by 0.
   *
   * <p>Below 256 each side is cut at 2^-14 for that. From there on x - m is exact as a float where
   * it counts, and from 2^31 on all x below m have vanished.
   */
  public static Pair exponent(float x, float m) {
    float size = Math.abs(m);
    boolean huge = !(size < 0x1p31f);
    float b = huge ? 0.0f : m;
    float bottom = b - 128.0f;
    float kept = Float.intBitsToFloat(Float.floatToRawIntBits(x) & (huge ? 0 : -1));
    float a = x >= (huge ? m : bottom) ? kept : bottom;
    float cut = size < 256.0f ? 0x1.8p9f : 0.0f;
    float left = a + cut;
    float right = b + cut;
    return new Pair(left - right, (a - (left - cut)) - (b - (right - cut)));
  }

  /** An exponent of the form that {@link #exponent} returns. */
  public static Pair exponentOf(Pair d) {
    float hi = (d.hi() + 0x1.8p9f) - 0x1.8p9f;
    return new Pair(hi, (d.hi() - hi) + d.lo());
  }

  /** n + 191 in the lowest bits, n the integer nearest to d·log2(e). */
  private static float exponentShifted(Pair d) {
    return Math.fma(d.hi(), 0x1.715476p0f, 0x1.8p23f + 191.0f);
  }

  /** 2^(n + 64), for -190 &lt;= n &lt;= 63. */
  private static float exponentPower64(Pair d) {
    return Float.intBitsToFloat(Float.floatToRawIntBits(exponentShifted(d)) << 23);
  }

  /**
   * e^d/2^n, in [0.7, 1.42], within 2^-27, for an exponent d. The high part has few bits, so that
   * it takes part exactly; the low one is up to 0.07.
   */
  private static Pair expOfExponent(Pair d) {
    float n = exponentShifted(d) - (0x1.8p23f + 191.0f);
    float hi = Math.fma(n, -0x1.62e4p-1f, d.hi());
    float lo = Math.fma(n, -0x1.7f7d1cp-20f, d.lo());
    float r = hi + lo;
    return new Pair(1.0f + hi, Math.fma(r * r, expCurve(r), lo));
  }

  /** e^d for an exponent d, for the sum. */
  public static Limbs expTerm(Pair d) {
    return expTerm(d, exponentPower64(d));
  }

  /** e^d·2^shift for an exponent d, if it counts and is below 2; otherwise 0. */
  public static Limbs expTerm(Pair d, int shift, boolean counts) {
    float power = Float.intBitsToFloat((Float.floatToRawIntBits(exponentShifted(d)) + shift) << 23);
    return expTerm(d, counts ? power : 0.0f);
  }

  private static Limbs expTerm(Pair d, float power64) {
    Pair e = expOfExponent(d);
    return limbsIn(fastTwoSum(e.hi(), e.lo()), power64, 0x1p64f);
  }

  /** The row, with 2^-64/Σ e^d. */
  public static Row withExpSum(Row row, Pair sum) {
    return row.with(pairScale(reciprocalOfPair(sum), 0x1p-64f), 0.0f);
  }

  /** e^d/Σ e^d for an exponent d. */
  public static float expShare(Pair d, Row row) {
    Pair e = expOfExponent(d);
    float q = Math.fma(e.hi(), row.hi(), Math.fma(e.hi(), row.lo(), e.lo() * row.hi()));
    float y = q * exponentPower64(d);
    // No number is above -∞ in a row of -∞ alone, nor is NaN.
    return row.m() > Float.NEGATIVE_INFINITY ? y : Float.NaN;
  }

  // On the way back dx = y·(dy - Σ dy·y). The sum is one of units of 4·powerBelow(m), for m the
  // largest |dy|, which keeps it below 1.

  /** dy·y, for the sum. */
  public static Limbs shareGradientTerm(float y, float dy, Row row) {
    return limbsOf(twoProduct(dy * (inversePower(powerBelow(row.m())) * 0.25f), y));
  }

  /** dy - value, in units of powerBelow(m), as a pair within 2^-47, not normalised. */
  public static Pair shareGradientDifference(float dy, Row row) {
    Pair mean = pairScale(row.value(), 4.0f);
    Pair d = twoSum(dy * inversePower(powerBelow(row.m())), -mean.hi());
    return new Pair(d.hi(), d.lo() - mean.lo());
  }

  /** y·d, d in units of powerBelow(m). */
  public static float shareGradient(float y, Pair d, Row row) {
    float power = powerBelow(row.m());
    // A power above 1 goes to y, which it may lift out of the subnormals; one below to the product.
    boolean large = power > 1.0f;
    float weight = y * (large ? power : 1.0f);
    float r = Math.fma(weight, d.hi(), weight * d.lo()) * (large ? 1.0f : power);
    return row.m() < Float.POSITIVE_INFINITY ? quiet(r, r) : Float.NaN;
  }
}
