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
 * softmax(x)[i] = e^x[i] / Σ e^x[j]; backward dx[i] = y[i]·(dy[i] - Σ dy[j]·y[j]).
 *
 * <p>Source: Bridle 1990, Probabilistic Interpretation of Feedforward Networks.
 *
 * <p>Backward needs: output.
 *
 * <p>Bound: 1 ULP. Backward, for the y given, 1 ULP and y[i]·max|dy|·(n·2^-53 + 2^-47), which shows
 * only where dy[i] meets the sum.
 *
 * <p>The pieces of a pass over rows of at most 2^32 elements; the loops stand elsewhere:
 *
 * <ul>
 *   <li>Forward: {@link #maximum} over the row, from -∞; {@link #sum} of the added limbs of {@link
 *       #term}; then {@link #forward}.
 *   <li>Backward: {@link #magnitude} over the row, from 0; {@link #sum} of the added limbs of
 *       {@link #product}; then {@link #gradient}.
 * </ul>
 *
 * <p>A term is an integer: high·2^-24 + low·2^-54. Adding integers is exact, so that any split,
 * width and order of the reduction gives the same bits.
 *
 * <p>Special rows: a NaN anywhere, or -∞ everywhere, makes the row NaN; +∞ entries share the row
 * equally; -∞ entries are 0. On the way back NaN or infinity anywhere makes the row NaN.
 */
public final class Softmax {
  private Softmax() {}

  /** The larger of the two; NaN once any is NaN. */
  public static float maximum(float m, float x) {
    return x > m ? x : (x == x ? m : x);
  }

  /** The limbs of a normalised pair below 2; 0 for what is no number. */
  public static Limbs limbs(Pair value) {
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

  /** x - m as a pair, clamped where e^(x - m) has vanished. Equal infinities differ by 0. */
  public static Pair difference(float x, float m) {
    Pair d = twoSum(x, -m);
    boolean counts = d.hi() > -109.0f;
    boolean top = x == m;
    return new Pair(top ? 0.0f : counts ? d.hi() : -109.0f, top ? 0.0f : counts ? d.lo() : 0.0f);
  }

  /** e^(x - m), for the sum. */
  public static Limbs term(float x, float m) {
    Pair d = difference(x, m);
    float power = expPower64(d.hi());
    return limbs(pairScale64(expOfPair(d), power));
  }

  /** The value of added limbs, as a normalised pair. */
  public static Pair sum(long high, long low) {
    long carried = high + (low >> 30);
    float hi = (float) carried;
    float mid = (float) (carried - (long) hi);
    float lo = (float) (low & 0x3FFFFFFF);
    return fastTwoSum(hi * 0x1p-24f, Math.fma(lo, 0x1p-54f, mid * 0x1p-24f));
  }

  /** e^(x - m)/total. */
  public static float forward(float x, float m, Pair total) {
    Pair d = difference(x, m);
    float q = quotient(expOfPair(d), total);
    float y = scale64(q, expPower64(d.hi()));
    // No number is above -∞ in a row of -∞ alone, nor is NaN.
    return m > Float.NEGATIVE_INFINITY ? y : Float.NaN;
  }

  /** The larger of m and |dy|; NaN once anything is NaN, or y infinite. */
  public static float magnitude(float m, float y, float dy) {
    return maximum(m, Math.abs(Math.fma(y, 0.0f, dy)));
  }

  /** The power of two below m, kept where its reciprocal is a normal float too. */
  public static float power(float m) {
    int exponent = Float.floatToRawIntBits(m) >> 23;
    exponent = exponent < 1 ? 1 : exponent > 253 ? 253 : exponent;
    return Float.intBitsToFloat(exponent << 23);
  }

  /** 1/power, exactly. */
  public static float inverse(float power) {
    return Float.intBitsToFloat((254 << 23) - Float.floatToRawIntBits(power));
  }

  /** dy·y in units of 4·power(m), which keeps it below 1, for the sum. */
  public static Limbs product(float y, float dy, float m) {
    float scaled = dy * inverse(power(m));
    return limbs(twoProduct(scaled * 0.25f, y));
  }

  /** y·(dy - dot), dot in units of 4·power(m). */
  public static float gradient(float y, float dy, float m, Pair dot) {
    float power = power(m);
    Pair mean = pairScale(dot, 4.0f);
    Pair d = twoSum(dy * inverse(power), -mean.hi());
    d = fastTwoSum(d.hi(), d.lo() - mean.lo());
    // A power above 1 goes to y, which it may lift out of the subnormals; one below to the product.
    boolean large = power > 1.0f;
    float weight = y * (large ? power : 1.0f);
    float r = Math.fma(weight, d.hi(), weight * d.lo()) * (large ? 1.0f : power);
    return m < Float.POSITIVE_INFINITY ? quiet(r, r) : Float.NaN;
  }
}
