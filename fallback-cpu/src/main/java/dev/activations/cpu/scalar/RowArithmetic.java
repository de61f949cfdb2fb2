package dev.activations.cpu.scalar;

import static dev.activations.cpu.scalar.Arithmetic.expOfPair;
import static dev.activations.cpu.scalar.Arithmetic.expPower64;
import static dev.activations.cpu.scalar.Arithmetic.fastTwoSum;
import static dev.activations.cpu.scalar.Arithmetic.pairScale;
import static dev.activations.cpu.scalar.Arithmetic.pairScale64;
import static dev.activations.cpu.scalar.Arithmetic.quiet;
import static dev.activations.cpu.scalar.Arithmetic.quotient;
import static dev.activations.cpu.scalar.Arithmetic.scale64;
import static dev.activations.cpu.scalar.Arithmetic.twoProduct;
import static dev.activations.cpu.scalar.Arithmetic.twoSum;

/**
 * The arithmetic of rows: sums that are exact, and shares of exponentials.
 *
 * <p>A term of a sum is an integer: high·2^-24 + low·2^-54. Adding integers is exact, so that any
 * split, width and order of a reduction gives the same bits. Rows have at most 2^32 elements.
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
    float a = (valid ? value.hi() : 0.0f) * 0x1p24f;
    float b = (valid ? value.lo() : 0.0f) * 0x1p54f;
    int high = (int) a;
    float rest = (a - (float) high) * 0x1p30f;
    int low = (int) rest;
    // What is left is rounded half away from zero: truncation alone would add up along a row.
    float last = (rest - (float) low) + b;
    return new Limbs(high, low + (int) (last + (last < 0.0f ? -0.5f : 0.5f)));
  }

  /** The value of added limbs, as a normalised pair. */
  public static Pair sumOfLimbs(long high, long low) {
    long carried = high + (low >> 30);
    float hi = (float) carried;
    float mid = (float) (carried - (long) hi);
    float lo = (float) (low & 0x3FFFFFFF);
    return fastTwoSum(hi * 0x1p-24f, Math.fma(lo, 0x1p-54f, mid * 0x1p-24f));
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

  /** x - m as a pair, clamped where e^(x - m) has vanished. Equal infinities differ by 0. */
  public static Pair difference(float x, float m) {
    Pair d = twoSum(x, -m);
    boolean counts = d.hi() > -109.0f;
    boolean top = x == m;
    return new Pair(top ? 0.0f : counts ? d.hi() : -109.0f, top ? 0.0f : counts ? d.lo() : 0.0f);
  }

  /** e^d, for the sum. */
  public static Limbs expTerm(Pair d) {
    float power = expPower64(d.hi());
    return limbsOf(pairScale64(expOfPair(d), power));
  }

  /** e^d/value. */
  public static float expShare(Pair d, Row row) {
    float q = quotient(expOfPair(d), row.value());
    float y = scale64(q, expPower64(d.hi()));
    // No number is above -∞ in a row of -∞ alone, nor is NaN.
    return row.m() > Float.NEGATIVE_INFINITY ? y : Float.NaN;
  }

  // On the way back dx = y·(dy - Σ dy·y). The sum is one of units of 4·powerBelow(m), for m the
  // largest |dy|, which keeps it below 1.

  /** dy·y, for the sum. */
  public static Limbs shareGradientTerm(float y, float dy, Row row) {
    float scaled = dy * inversePower(powerBelow(row.m()));
    return limbsOf(twoProduct(scaled * 0.25f, y));
  }

  /** dy - value, in units of powerBelow(m), as a pair. */
  public static Pair shareGradientDifference(float dy, Row row) {
    Pair mean = pairScale(row.value(), 4.0f);
    Pair d = twoSum(dy * inversePower(powerBelow(row.m())), -mean.hi());
    return fastTwoSum(d.hi(), d.lo() - mean.lo());
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
