package dev.activations.cpu.scalar;

import static dev.activations.cpu.scalar.Arithmetic.clampedMagnitude;
import static dev.activations.cpu.scalar.Arithmetic.fastTwoSum;
import static dev.activations.cpu.scalar.Arithmetic.quiet;
import static dev.activations.cpu.scalar.Arithmetic.roughReciprocal;
import static dev.activations.cpu.scalar.Arithmetic.withSign;
import static dev.activations.cpu.scalar.DoubleArithmetic.addToPair;
import static dev.activations.cpu.scalar.DoubleArithmetic.clampedMagnitude;
import static dev.activations.cpu.scalar.DoubleArithmetic.expOfPair;
import static dev.activations.cpu.scalar.DoubleArithmetic.expPower128;
import static dev.activations.cpu.scalar.DoubleArithmetic.fastTwoSum;
import static dev.activations.cpu.scalar.DoubleArithmetic.normalCorrection;
import static dev.activations.cpu.scalar.DoubleArithmetic.normalExponent;
import static dev.activations.cpu.scalar.DoubleArithmetic.normalVariable;
import static dev.activations.cpu.scalar.DoubleArithmetic.pairMultiply;
import static dev.activations.cpu.scalar.DoubleArithmetic.pairScale;
import static dev.activations.cpu.scalar.DoubleArithmetic.pairScale128;
import static dev.activations.cpu.scalar.DoubleArithmetic.pairSum;
import static dev.activations.cpu.scalar.DoubleArithmetic.quiet;
import static dev.activations.cpu.scalar.DoubleArithmetic.reciprocalOfPair;
import static dev.activations.cpu.scalar.DoubleArithmetic.scale128;
import static dev.activations.cpu.scalar.DoubleArithmetic.twoProduct;
import static dev.activations.cpu.scalar.DoubleArithmetic.twoSum;

/**
 * gelu(x) = x·Φ(x), Φ the normal distribution; derivative Φ(x) + x·φ(x), φ its density.
 *
 * <p>Source: Hendrycks, Gimpel 2016, arXiv:1606.08415. Backward needs: input.
 *
 * <p>Bound: 1 ULP.
 *
 * <p>With a = |x| both are a simple factor times e^(-a²/2 + S) on the left of zero; on the right
 * gelu(a) = a + gelu(-a) and gelu'(a) = 1 - gelu'(-a).
 *
 * <p>In float32 S is a polynomial in z = a/(s·a + 2), s about 3/4. It is nearly straight: c·z, with
 * a short c, joins a² in a pair, and for the rest, which is small, a float is enough. The rest is a
 * minimax fit of absolute error on 0 &lt;= a &lt;= 13.2; its coefficients were rounded one after
 * the other, lowest first, and the others fitted anew each time. It stays within 2^-27.5 for gelu,
 * 2^-28.7 for its derivative.
 *
 * <p>In float64 S is a polynomial in u = c - 1/(a + k): normalExponent for gelu; its derivative has
 * one of its own.
 */
public final class Gelu {
  /** Added to an integer n it leaves n + 126 in the lowest bits: an exponent of a float. */
  private static final float VALUE_ORIGIN = 0x1.8p23f + 126.0f;

  /** The same for the derivative, which is to be halved. */
  private static final float SLOPE_ORIGIN = 0x1.8p23f + 125.0f;

  private Gelu() {}

  /**
   * Returns gelu(x).
   *
   * @param x any float; NaN gives NaN
   */
  public static float forward(float x) {
    return Math.abs(x) < 13.0f ? value(x, true) : value(x, false);
  }

  /** gelu(-a) = -z·e^((-a² - 1.875·z + z·Q(z))/2). */
  private static float value(float x, boolean near) {
    float a = near ? Math.abs(x) : clampedMagnitude(x, 14.5f);
    Pair z = ratio(a, 0.75f, 0.0f);
    float t = z.hi() + z.lo();
    float q = -0x1.5292c4p-6f;
    q = Math.fma(q, t, 0x1.abe6c4p-4f);
    q = Math.fma(q, t, -0x1.83b0ep-3f);
    q = Math.fma(q, t, 0x1.3b01c2p-3f);
    q = Math.fma(q, t, -0x1.b8c984p-4f);
    q = Math.fma(q, t, 0x1.2adfa2p-4f);
    q = Math.fma(q, t, 0x1.a0695p-4f);
    q = Math.fma(q, t, 0x1.5fe3e6p-4f);
    q = Math.fma(q, t, -0x1.82c23ap-2f);
    q = Math.fma(q, t, 0x1.77bb7cp-3f);
    Pair y = exponent(a, z, -1.875f);
    float n = halfShifted(y.hi(), VALUE_ORIGIN);
    Pair e = twiceExp(y.hi(), Math.fma(q, t, y.lo()), n - VALUE_ORIGIN);
    float g = Math.fma(z.hi(), e.hi(), Math.fma(t, e.lo(), z.lo() * e.hi()));
    float right = x < 0.0f ? 0.0f : x;
    float scale = near ? power(n) : power64(n);
    float r = near ? Math.fma(-g, scale, right) : Math.fma(g * scale, -0x1p-64f, right);
    r = withSign(r, x);
    return near ? r : quiet(x, r);
  }

  /**
   * Returns the derivative of gelu at x.
   *
   * @param x any float; NaN gives NaN
   */
  public static float derivative(float x) {
    return Math.abs(x) < 13.0f ? slope(x, true) : slope(x, false);
  }

  /**
   * gelu'(-a) = (a0 - a)·½e^((-a² - 0.875·z + C + z·Q(z))/2), a0 = 0.7518 its root. C has few bits,
   * and z is shifted by what it lacks: without that Q(0) would not do.
   */
  private static float slope(float x, boolean near) {
    float a = near ? Math.abs(x) : clampedMagnitude(x, 14.6f);
    Pair z = ratio(a, 0x1.9p-1f, 0x1.8e7552p-16f);
    float t = z.hi() + z.lo();
    float q = -0x1.bfbb9p-8f;
    q = Math.fma(q, t, 0x1.ba8aa4p-6f);
    q = Math.fma(q, t, -0x1.cc975ep-6f);
    q = Math.fma(q, t, 0x1.302304p-10f);
    q = Math.fma(q, t, -0x1.c7c0bp-6f);
    q = Math.fma(q, t, 0x1.bda71cp-6f);
    q = Math.fma(q, t, 0x1.12ccccp-3f);
    q = Math.fma(q, t, 0x1.f62bacp-5f);
    q = Math.fma(q, t, -0x1.7fe8a6p-3f);
    Pair y = exponent(a, z, -0.875f);
    float hi = y.hi() + 0x1.2428p-1f;
    float n = halfShifted(hi, SLOPE_ORIGIN);
    Pair e = twiceExp(hi, Math.fma(q, t, y.lo()), n - SLOPE_ORIGIN);

    // a0 - a, a0 = 0.75 + 0x1.d5a33p-10 - 0x1.fe9844p-38
    Pair first = fastTwoSum(0.75f, -a);
    Pair d = fastTwoSum(first.hi(), 0x1.d5a33p-10f);
    d = new Pair(d.hi(), d.lo() + (first.lo() - 0x1.fe9844p-38f));

    float g = Math.fma(d.hi(), e.hi(), Math.fma(d.lo(), e.hi() + e.lo(), d.hi() * e.lo()));
    float left = near ? g * power(n) : (g * power64(n)) * 0x1p-64f;
    float r = x < 0.0f ? left : 1.0f - left;
    return near ? r : quiet(x, r);
  }

  /**
   * a/(slope·a + 2) + shift for a short slope. The high part has 14 bits, without the shift, so
   * that its products by short factors are exact.
   */
  private static Pair ratio(float a, float slope, float shift) {
    float r = roughReciprocal(Math.fma(a, slope, 2.0f));
    float hi = Float.intBitsToFloat(Float.floatToRawIntBits(a * r) & 0xFFFFFC00);
    float rest = Math.fma(-(hi * slope), a, Math.fma(-2.0f, hi, a));
    return new Pair(hi, Math.fma(rest, r, shift));
  }

  /**
   * factor·z - a² for a factor of three or four bits. The high part is a multiple of 2^-21: then so
   * is what twiceExp adds to 2, which therefore is exact.
   */
  private static Pair exponent(float a, Pair z, float factor) {
    float hi = Math.fma(factor, z.hi(), Math.fma(-a, a, -4.0f)) + 4.0f;
    float rest = Math.fma(-a, a, Math.fma(factor, z.hi(), -hi));
    return new Pair(hi, Math.fma(factor, z.lo(), rest));
  }

  /** n + origin, n the integer nearest to y/2·log2(e). */
  private static float halfShifted(float y, float origin) {
    return Math.fma(y, 0x1.715476p-1f, origin);
  }

  /**
   * 2e^((hi + lo)/2 - n·ln(2)), not normalised: with r = hi + lo - 2n·ln(2) it is 2 + r + r²·P(r),
   * P of degree 4, within 2^-27.6.
   */
  private static Pair twiceExp(float hi, float lo, float n) {
    float high = Math.fma(n, -0x1.62e43p0f, hi);
    float low = Math.fma(n, 0x1.05c61p-28f, lo);
    float r = high + low;
    float p = 0x1.667674p-15f;
    p = Math.fma(p, r, 0x1.125a38p-11f);
    p = Math.fma(p, r, 0x1.555deap-8f);
    p = Math.fma(p, r, 0x1.555464p-5f);
    p = Math.fma(p, r, 0x1.fffff6p-3f);
    return new Pair(high + 2.0f, Math.fma(r * r, p, low));
  }

  /** The power of two that a shifted number has in its lowest bits. */
  private static float power(float shifted) {
    return Float.intBitsToFloat(Float.floatToRawIntBits(shifted) << 23);
  }

  /** The same times 2^64, above the subnormals. */
  private static float power64(float shifted) {
    return Float.intBitsToFloat((Float.floatToRawIntBits(shifted) << 23) + (64 << 23));
  }

  // ---- float64 ----

  /**
   * Returns gelu(x).
   *
   * <p>gelu(-a) = -a·e^(-a²/2 + S(u))/(a + 2.5).
   *
   * @param x any double; NaN gives NaN
   */
  public static double forward(double x) {
    double a = clampedMagnitude(x, 38.6);
    DoublePair r = reciprocalOfPair(twoSum(3.25, a));
    DoublePair y = pairSum(twoProduct(a, a * -0.5), normalExponent(r));
    DoublePair e = pairMultiply(expOfPair(y), r);
    // 2^128 keeps the product clear of the subnormal numbers until the last step.
    double lifted = a * 0x1p128;
    double g = (Math.fma(lifted, e.hi(), lifted * e.lo()) * expPower128(y.hi())) * 0x1p-256;
    return quiet(x, x < 0.0 ? -g : x - g);
  }

  /**
   * Returns the derivative of gelu at x.
   *
   * <p>gelu'(-a) = (a0 - a)·½e^(-a²/2 + S(u)), a0 = 0.7518 its root.
   *
   * @param x any double; NaN gives NaN
   */
  public static double derivative(double x) {
    double a = clampedMagnitude(x, 38.7);
    DoublePair r = reciprocalOfPair(twoSum(3.625, a));
    DoublePair u = normalVariable(r, new DoublePair(0x1.635e601c9fabcp-3, -0x1.4d94aed272eb5p-57));
    double q = 0x1.5c011219e72d1p32;
    q = Math.fma(q, u.hi(), -0x1.4cdfda19adbc2p31);
    q = Math.fma(q, u.hi(), -0x1.3a5cb52b6d234p28);
    q = Math.fma(q, u.hi(), 0x1.5c9379d832587p28);
    q = Math.fma(q, u.hi(), -0x1.49e16e84a9fbfp24);
    q = Math.fma(q, u.hi(), -0x1.91a6daa19468fp24);
    q = Math.fma(q, u.hi(), 0x1.eb7e5230dc98cp22);
    q = Math.fma(q, u.hi(), 0x1.78c187add4b31p19);
    q = Math.fma(q, u.hi(), -0x1.4b41481162c12p20);
    q = Math.fma(q, u.hi(), 0x1.22919cec26509p17);
    q = Math.fma(q, u.hi(), 0x1.4e3f0319cd0d2p17);
    q = Math.fma(q, u.hi(), -0x1.361ea4363b327p15);
    q = Math.fma(q, u.hi(), -0x1.0a623d0c8c8c3p14);
    q = Math.fma(q, u.hi(), 0x1.95f36253bd2b1p12);
    q = Math.fma(q, u.hi(), 0x1.2e7bfa273ace2p10);
    q = Math.fma(q, u.hi(), -0x1.b50d5f4cf6861p9);
    q = Math.fma(q, u.hi(), -0x1.3296b83c36b4dp3);
    q = Math.fma(q, u.hi(), 0x1.914dfdada83abp6);
    q = Math.fma(q, u.hi(), -0x1.35da26bdcb94p4);
    q = Math.fma(q, u.hi(), -0x1.04f3c10154d72p3);
    q = Math.fma(q, u.hi(), 0x1.8b77793e30ecep2);
    DoublePair s = normalCorrection(u, -0x1.0ce33e506e97dp1, q);
    DoublePair y = pairSum(twoProduct(a, a * -0.5), s);

    // a0 - a, a0 = 0x1.80ead197f00b4p-1 - 0x1.13e74c58cada8p-56
    DoublePair d = twoSum(0x1.80ead197f00b4p-1, -a);
    d = fastTwoSum(d.hi(), d.lo() - 0x1.13e74c58cada8p-56);

    DoublePair n = pairScale(pairMultiply(d, expOfPair(y)), 0.5);
    double power = expPower128(y.hi());
    DoublePair g = pairScale128(n, power);
    DoublePair right = addToPair(1.0, new DoublePair(-g.hi(), -g.lo()));
    return quiet(x, x < 0.0 ? scale128(n.hi() + n.lo(), power) : right.hi() + right.lo());
  }
}
