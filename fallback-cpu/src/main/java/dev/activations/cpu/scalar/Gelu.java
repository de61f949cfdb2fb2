package dev.activations.cpu.scalar;

import static dev.activations.cpu.scalar.Arithmetic.addToPair;
import static dev.activations.cpu.scalar.Arithmetic.clampedMagnitude;
import static dev.activations.cpu.scalar.Arithmetic.expOfPair;
import static dev.activations.cpu.scalar.Arithmetic.expPower64;
import static dev.activations.cpu.scalar.Arithmetic.fastTwoSum;
import static dev.activations.cpu.scalar.Arithmetic.fineReciprocal;
import static dev.activations.cpu.scalar.Arithmetic.pairMultiply;
import static dev.activations.cpu.scalar.Arithmetic.pairScale;
import static dev.activations.cpu.scalar.Arithmetic.quiet;
import static dev.activations.cpu.scalar.Arithmetic.quotientPair;
import static dev.activations.cpu.scalar.Arithmetic.scale64;
import static dev.activations.cpu.scalar.Arithmetic.twoProduct;
import static dev.activations.cpu.scalar.Arithmetic.twoSum;

/**
 * gelu(x) = x·Φ(x), Φ the normal distribution; derivative Φ(x) + x·φ(x), φ its density.
 *
 * <p>Source: Hendrycks, Gimpel 2016, arXiv:1606.08415.
 *
 * <p>Backward needs: input.
 *
 * <p>Bound: 1 ULP; measured 0.89 (subnormal results 0.86), derivative 0.79 (0.87).
 *
 * <p>With a = |x| and v = 1/(a + 3) - 25/128 both are a simple factor times e^(-a²/2 + S(v)), S a
 * polynomial, on the left of zero; on the right gelu(a) = a + gelu(-a) and gelu'(a) = 1 -
 * gelu'(-a). S is a least-squares fit on 0 &lt;= a &lt;= 14.6, weighted towards equal errors
 * (Lawson), its coefficients rounded one after the other: within 2^-29 for gelu and 2^-31 for its
 * derivative.
 */
public final class Gelu {
  private Gelu() {}

  /** v as a float, of which S is taken, and what it lacks. */
  private static Pair variable(float a) {
    float d = a + 3.0f;
    float r = fineReciprocal(d);
    float rest = Math.fma(-(a - (d - 3.0f)), r, Math.fma(-d, r, 1.0f)); // 1 - (a + 3)·r
    return new Pair(r - 0.1953125f, rest * r);
  }

  /** -a²/2 + slope·v + low. */
  private static Pair exponent(float a, float v, float slope, float low) {
    Pair linear = twoProduct(v, slope);
    Pair s = fastTwoSum(linear.hi(), linear.lo() + low);
    Pair square = twoProduct(a, a * -0.5f);
    Pair sum = twoSum(square.hi(), s.hi());
    return new Pair(sum.hi(), sum.lo() + (square.lo() + s.lo()));
  }

  /**
   * Returns gelu(x).
   *
   * <p>gelu(-a) = -a·e^(-a²/2 + S(v))/d, d = (231·a + 308)/128 chosen for S(0) near 0.
   *
   * @param x any float; NaN gives NaN
   */
  public static float forward(float x) {
    float a = clampedMagnitude(x, 14.5f);
    Pair v = variable(a);
    float s = -0x1.ce742ep14f;
    s = Math.fma(s, v.hi(), -0x1.2a723p12f);
    s = Math.fma(s, v.hi(), 0x1.21a668p12f);
    s = Math.fma(s, v.hi(), -0x1.e9ac8ap3f);
    s = Math.fma(s, v.hi(), -0x1.580228p9f);
    s = Math.fma(s, v.hi(), 0x1.5592f8p1f);
    s = Math.fma(s, v.hi(), 0x1.a31a78p5f);
    s = Math.fma(s, v.hi(), -0x1.395058p4f);
    s = Math.fma(s, v.hi(), -0x1.f9e5bcp3f);
    s = Math.fma(s, v.hi(), -0x1.5701c8p0f);
    s = Math.fma(s, v.hi(), -0x1.bf6d3ap-25f);
    s = Math.fma(s, v.hi(), 0x1.4ff83ep-9f);
    float slope = Math.fma(Math.fma(v.hi(), -43.75f, -3.75f), v.hi(), 1.84375f); // S' to two digits
    Pair y = exponent(a, v.hi(), 0x1.d8105ep0f, Math.fma(slope, v.lo(), s));

    float line = Math.fma(a, 1.8046875f, 2.40625f);
    Pair d = new Pair(line, Math.fma(a, 1.8046875f, 2.40625f - line));
    Pair q = quotientPair(expOfPair(y), d);
    float g = scale64(Math.fma(a, q.hi(), a * q.lo()), expPower64(y.hi()));
    return quiet(x, x < 0.0f ? -g : x - g);
  }

  /**
   * Returns the derivative of gelu at x.
   *
   * <p>gelu'(-a) = (a0 - a)·½e^(-a²/2 + S(v)), a0 = 0.7518 its root.
   *
   * @param x any float; NaN gives NaN
   */
  public static float derivative(float x) {
    float a = clampedMagnitude(x, 14.6f);
    Pair v = variable(a);
    float s = 0x1.82020cp10f;
    s = Math.fma(s, v.hi(), -0x1.0fd26ap8f);
    s = Math.fma(s, v.hi(), -0x1.4bb9fep8f);
    s = Math.fma(s, v.hi(), 0x1.ff1d12p5f);
    s = Math.fma(s, v.hi(), 0x1.c932f6p5f);
    s = Math.fma(s, v.hi(), -0x1.28bc36p3f);
    s = Math.fma(s, v.hi(), -0x1.6853a4p3f);
    s = Math.fma(s, v.hi(), 0x1.db57e4p-3f);
    s = Math.fma(s, v.hi(), 0x1.7cafe4p1f);
    s = Math.fma(s, v.hi(), 0x1.576edap-33f);
    s = Math.fma(s, v.hi(), 0x1.2c5b3ep-10f);
    float slope = Math.fma(5.375f, v.hi(), 1.6875f); // S' to two digits
    Pair y = exponent(a, v.hi(), 0x1.ac802p0f, Math.fma(slope, v.lo(), s));

    // a0 - a, a0 = 0.75 + 0x1.d5a33p-10 - 0x1.fe9844p-38
    Pair first = fastTwoSum(0.75f, -a);
    Pair d = fastTwoSum(first.hi(), 0x1.d5a33p-10f);
    d = new Pair(d.hi(), d.lo() + (first.lo() - 0x1.fe9844p-38f));

    Pair n = pairMultiply(d, expOfPair(y));
    float power = expPower64(y.hi());
    float left = ((n.hi() + n.lo()) * power) * 0x1p-65f;
    Pair g = pairScale(pairScale(n, 0x1p-65f), power);
    Pair right = addToPair(1.0f, new Pair(-g.hi(), -g.lo()));
    return quiet(x, x < 0.0f ? left : right.hi() + right.lo());
  }
}
