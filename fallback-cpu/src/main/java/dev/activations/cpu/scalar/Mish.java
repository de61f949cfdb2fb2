package dev.activations.cpu.scalar;

import static dev.activations.cpu.scalar.Arithmetic.expInverse;
import static dev.activations.cpu.scalar.Arithmetic.expPower64;
import static dev.activations.cpu.scalar.Arithmetic.fastTwoSum;
import static dev.activations.cpu.scalar.Arithmetic.leanExpPair;
import static dev.activations.cpu.scalar.Arithmetic.pairMultiply;
import static dev.activations.cpu.scalar.Arithmetic.pairProduct;
import static dev.activations.cpu.scalar.Arithmetic.pairSum;
import static dev.activations.cpu.scalar.Arithmetic.quiet;
import static dev.activations.cpu.scalar.Arithmetic.reciprocal;
import static dev.activations.cpu.scalar.Arithmetic.remainderOf;
import static dev.activations.cpu.scalar.Arithmetic.scale64;
import static dev.activations.cpu.scalar.DoubleArithmetic.addToPair;
import static dev.activations.cpu.scalar.DoubleArithmetic.clampedMagnitude;
import static dev.activations.cpu.scalar.DoubleArithmetic.expLessOne;
import static dev.activations.cpu.scalar.DoubleArithmetic.expPair;
import static dev.activations.cpu.scalar.DoubleArithmetic.expPower;
import static dev.activations.cpu.scalar.DoubleArithmetic.expPower128;
import static dev.activations.cpu.scalar.DoubleArithmetic.expRestOfPair;
import static dev.activations.cpu.scalar.DoubleArithmetic.fastTwoSum;
import static dev.activations.cpu.scalar.DoubleArithmetic.onePlus;
import static dev.activations.cpu.scalar.DoubleArithmetic.pairAdd;
import static dev.activations.cpu.scalar.DoubleArithmetic.pairLine;
import static dev.activations.cpu.scalar.DoubleArithmetic.pairMultiply;
import static dev.activations.cpu.scalar.DoubleArithmetic.pairScale;
import static dev.activations.cpu.scalar.DoubleArithmetic.pairScale128;
import static dev.activations.cpu.scalar.DoubleArithmetic.pairSquare;
import static dev.activations.cpu.scalar.DoubleArithmetic.pairSum;
import static dev.activations.cpu.scalar.DoubleArithmetic.quiet;
import static dev.activations.cpu.scalar.DoubleArithmetic.quotient;
import static dev.activations.cpu.scalar.DoubleArithmetic.quotientPair;
import static dev.activations.cpu.scalar.DoubleArithmetic.scale128;
import static dev.activations.cpu.scalar.DoubleArithmetic.scaledLessOne;
import static dev.activations.cpu.scalar.DoubleArithmetic.withSign;

/**
 * mish(x) = x·tanh(ln(1 + e^x)); derivative t + x·(1 - t²)·σ(x), t = tanh(ln(1 + e^x)).
 *
 * <p>Source: Misra 2019, arXiv:1908.08681.
 *
 * <p>Backward needs: input.
 *
 * <p>Bound: 1 ULP.
 *
 * <p>With e = e^x the tanh is (e² + 2e)/(e² + 2e + 2). As e = s/t, t = 2^-n, this is N/D, N = s² +
 * 2st and D = N + 2t² = (s + t)² + t², on both sides of zero.
 */
public final class Mish {
  private Mish() {}

  /**
   * Returns mish(x).
   *
   * @param x any float; NaN gives NaN
   */
  public static float forward(float x) {
    return Math.abs(x) < 14.0f ? value(x, true) : value(x, false);
  }

  private static float value(float x, boolean near) {
    float z = near ? x : x < -110.0f ? -110.0f : x;
    Pair s = leanExpPair(new Pair(z, 0.0f));
    float t = expInverse(z);
    float d = denominator(s, t);
    Pair n = numerator(s, t, d);
    Pair normalised = fastTwoSum(n.hi(), n.lo());
    float r = reciprocal(d);
    float q = normalised.hi() * r;
    float rest = remainderOf(normalised, new Pair(d, n.lo()), q) * r;
    // 2^64 keeps the product clear of the subnormal numbers until the last step.
    float lifted = x * 0x1p64f;
    float middle = Math.fma(lifted, q, lifted * rest) * 0x1p-64f;

    // Far to the left N/D is e - e²/2.
    float power = expPower64(z);
    float second = Math.fma(s.hi() * -0.5f, scale64(s.hi(), power), s.lo());
    float left = scale64(Math.fma(z, s.hi(), z * second), power);
    return near ? middle : quiet(x, x > 14.0f ? x : x < -14.0f ? left : middle);
  }

  /** D, rounded. */
  private static float denominator(Pair s, float t) {
    float sum = s.hi() + t;
    return Math.fma(sum, sum, t * t);
  }

  /** N as d - 2t² and what is left, which d lacks to D as well. */
  private static Pair numerator(Pair s, float t, float d) {
    float twice = t + t;
    float sum = s.hi() + t;
    float n = Math.fma(t, -twice, d);
    float low = Math.fma(s.hi(), s.hi(), Math.fma(s.hi(), twice, -n));
    return new Pair(n, Math.fma(s.lo(), sum + sum, low));
  }

  /**
   * Returns the derivative of mish at x.
   *
   * <p>With Q = N/D as above it is Q + 4x·t²·(s² + st)/D². Within 3/16 of its root x0 = -1.192,
   * where these terms cancel, it is a polynomial of degree 6 in x - x0 without a constant term,
   * fitted to the relative error (least squares in Chebyshev's points, the coefficients rounded one
   * after the other): within 2^-27.1.
   *
   * @param x any float; NaN gives NaN
   */
  public static float derivative(float x) {
    return Math.abs(x) < 12.0f ? slope(x, true) : slope(x, false);
  }

  private static float slope(float x, boolean near) {
    float z = near ? x : x < -110.0f ? -110.0f : x;
    Pair s = leanExpPair(new Pair(z, 0.0f));
    float t = expInverse(z);
    float square = t * (t + t);
    float d = denominator(s, t);
    Pair n = numerator(s, t, d);
    float lost = n.lo() + (square - (d - n.hi()));

    // 1/D, (s² + st)/D, and N + 4x·t²·(s² + st)/D
    float r = reciprocal(d);
    Pair inverse = new Pair(r, Math.fma(-r, lost, Math.fma(-r, d, 1.0f)) * r);
    float product = s.hi() * t;
    float hi = Math.fma(s.hi(), s.hi(), product);
    float lo = Math.fma(s.hi(), s.hi(), product - hi);
    Pair g = pairMultiply(new Pair(hi, Math.fma(s.lo(), s.hi() + (s.hi() + t), lo)), inverse);
    Pair bend = pairProduct(g, x * (square + square));
    Pair m = pairSum(n, bend);
    float general =
        Math.fma(m.hi(), inverse.hi(), Math.fma(m.hi(), inverse.lo(), m.lo() * inverse.hi()));

    float h = x + 0x1.31432cp0f;
    float p = -0x1.b4372p-9f;
    p = Math.fma(p, h, -0x1.0242dcp-6f);
    p = Math.fma(p, h, -0x1.4c212cp-6f);
    p = Math.fma(p, h, 0x1.574d76p-5f);
    p = Math.fma(p, h, 0x1.a34a24p-3f);
    // x0 and the first coefficient have low parts.
    float rest = Math.fma(h, -0x1.481714p-27f, 0x1.beb774p-31f);
    float root = Math.fma(h, 0x1.115accp-2f, Math.fma(h * h, p, rest));
    float middle = Math.abs(h) < 0.1875f ? root : general;

    // Far to the left it is e·(1 + x) - e²·(x + 1/2).
    float power = expPower64(z);
    float line = 1.0f + z;
    float second = (s.hi() * scale64(s.hi(), power)) * (z + 0.5f);
    float left = scale64(Math.fma(line, s.hi(), Math.fma(line, s.lo(), -second)), power);
    return near ? middle : quiet(x, x > 12.0f ? 1.0f : x < -12.0f ? left : middle);
  }

  // ---- float64 ----

  /**
   * Returns mish(x).
   *
   * @param x any double; NaN gives NaN
   */
  public static double forward(double x) {
    double y = -clampedMagnitude(x, 760.0);
    double power = expPower128(y);
    DoublePair e = expPair(y); // e^y = e·2^n
    DoublePair full = pairScale128(e, power);
    boolean right = x > 0.0;
    DoublePair b = pairScale(full, right ? 2.0 : 1.0);
    DoublePair g = pairMultiply(e, addToPair(2.0, b));
    DoublePair d = addToPair(right ? 1.0 : 2.0, pairScale128(g, power));
    DoublePair n = addToPair(1.0, b);
    DoublePair q =
        quotientPair(new DoublePair(right ? n.hi() : g.hi(), right ? n.lo() : g.lo()), d);
    // 2^128 keeps the product clear of the subnormal numbers until the last step.
    double lifted = (x < -760.0 ? -760.0 : x) * 0x1p128;
    double product = Math.fma(lifted, q.hi(), lifted * q.lo());
    double r = withSign((right ? product : scale128(product, power)) * 0x1p-128, x);
    return quiet(x, x > 760.0 ? x : r);
  }

  /**
   * Returns the derivative of mish at x.
   *
   * <p>To the left of zero, around the root x0 = -1.192, with d = x - x0 and m = e^d - 1: all terms
   * of e·(d·P2(m) + m·P1(m))/D² have one sign, so nothing cancels; D = 2 + g, g = 2e + e². To the
   * right (D + 2e·(D + x·g))/D², D = 1 + g, g = 2e + 2e².
   *
   * @param x any double; NaN gives NaN
   */
  public static double derivative(double x) {
    double a = clampedMagnitude(x, 760.0);
    boolean left = x < 0.0;

    // d = -a - x0, x0 = -1.25 + 0x1.d79a7e5da4f79p-5 + 0x1.9cdd564bbdf62p-64
    DoublePair first = fastTwoSum(1.25, -a);
    DoublePair d = fastTwoSum(first.hi(), -0x1.d79a7e5da4f79p-5);
    d = fastTwoSum(d.hi(), d.lo() + (first.lo() - 0x1.9cdd564bbdf62p-64));

    DoublePair r = expLessOne(expRestOfPair(d));
    double power = expPower128(d.hi());
    DoublePair e =
        pairMultiply(onePlus(r), new DoublePair(0x1.36c4202fc3eccp-2, 0x1.6d73a02f8d922p-56));
    DoublePair full = pairScale128(e, power); // e^-a

    DoublePair m = scaledLessOne(r, a < 80.0 ? expPower(d.hi()) : 0.0);
    DoublePair p1 =
        pairLine(
            0x1.31ac354e2a079p0, m, Math.fma(m.hi(), 0x1.c9f40193f744cp-6, 0x1.cf1d5480ba0e5p-2));
    DoublePair p2 = pairLine(0x1.4db1080bf0fb3p2, m, 0x1.36c4202fc3eccp0);
    DoublePair leftmost = pairMultiply(e, pairAdd(pairMultiply(d, p2), pairMultiply(m, p1)));

    DoublePair b = pairScale(full, left ? 1.0 : 2.0);
    DoublePair g = pairMultiply(full, addToPair(2.0, b));
    DoublePair denominator = addToPair(left ? 2.0 : 1.0, g);
    DoublePair line = pairLine(denominator.hi(), g, a);
    line = new DoublePair(line.hi(), line.lo() + denominator.lo());
    DoublePair rightmost = pairSum(denominator, pairMultiply(b, line));

    DoublePair n =
        new DoublePair(
            left ? leftmost.hi() : rightmost.hi(), left ? leftmost.lo() : rightmost.lo());
    double q = quotient(n, pairSquare(denominator));
    return quiet(x, left ? scale128(q, power) : q);
  }
}
