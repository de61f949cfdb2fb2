package dev.activations.cpu.scalar;

import static dev.activations.cpu.scalar.Arithmetic.clampedMagnitude;
import static dev.activations.cpu.scalar.Arithmetic.expOfPair;
import static dev.activations.cpu.scalar.Arithmetic.expPower64;
import static dev.activations.cpu.scalar.Arithmetic.fastTwoSum;
import static dev.activations.cpu.scalar.Arithmetic.normalCorrection;
import static dev.activations.cpu.scalar.Arithmetic.normalExponent;
import static dev.activations.cpu.scalar.Arithmetic.normalVariable;
import static dev.activations.cpu.scalar.Arithmetic.pairAdd;
import static dev.activations.cpu.scalar.Arithmetic.pairMultiply;
import static dev.activations.cpu.scalar.Arithmetic.pairSum;
import static dev.activations.cpu.scalar.Arithmetic.quiet;
import static dev.activations.cpu.scalar.Arithmetic.reciprocalOfPair;
import static dev.activations.cpu.scalar.Arithmetic.scale64;
import static dev.activations.cpu.scalar.Arithmetic.twoProduct;
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
 * <p>With a = |x| and u = c - 1/(a + k) both are a simple factor times e^(-a²/2 + S(u)) on the left
 * of zero; on the right gelu(a) = a + gelu(-a) and gelu'(a) = 1 - gelu'(-a). S is normalExponent
 * for gelu; its derivative has one of its own, fitted in the same way on 0 &lt;= a &lt;= 14.6: it
 * stays within 2^-30.0.
 */
public final class Gelu {
  private Gelu() {}

  /**
   * Returns gelu(x).
   *
   * <p>gelu(-a) = -a·e^(-a²/2 + S(u))/(a + 2.5).
   *
   * @param x any float; NaN gives NaN
   */
  public static float forward(float x) {
    float a = clampedMagnitude(x, 14.5f);
    Pair r = reciprocalOfPair(fastTwoSum(2.5f, a));
    Pair s = normalExponent(r);
    // S(0) = 0.22 exceeds a²/2 near zero, where this sum may be off by 2^-27.
    Pair y = pairAdd(twoProduct(a, a * -0.5f), s);

    Pair e = pairMultiply(expOfPair(y), r);
    float g = scale64(Math.fma(a, e.hi(), a * e.lo()), expPower64(y.hi()));
    return quiet(x, x < 0.0f ? -g : x - g);
  }

  /**
   * Returns the derivative of gelu at x.
   *
   * <p>gelu'(-a) = (a0 - a)·½e^(-a²/2 + S(u)), a0 = 0.7518 its root.
   *
   * @param x any float; NaN gives NaN
   */
  public static float derivative(float x) {
    float a = clampedMagnitude(x, 14.6f);
    Pair r = reciprocalOfPair(fastTwoSum(3.0f, a));
    Pair u = normalVariable(r, new Pair(0x1.8e98aep-3f, -0x1.2fbcdcp-28f));
    float q = 0x1.8bc734p10f;
    q = Math.fma(q, u.hi(), 0x1.22e05ap8f);
    q = Math.fma(q, u.hi(), -0x1.4c1122p8f);
    q = Math.fma(q, u.hi(), -0x1.08559cp6f);
    q = Math.fma(q, u.hi(), 0x1.c704ecp5f);
    q = Math.fma(q, u.hi(), 0x1.306bbcp3f);
    q = Math.fma(q, u.hi(), -0x1.674e8p3f);
    q = Math.fma(q, u.hi(), -0x1.0d4578p-2f);
    q = Math.fma(q, u.hi(), 0x1.7c9f3ep1f);
    Pair s = normalCorrection(u, -0x1.ab74fap0f, q);
    Pair y = pairSum(twoProduct(a, a * -0.5f), s);

    // a0 - a, a0 = 0.75 + 0x1.d5a33p-10 - 0x1.fe9844p-38
    Pair first = fastTwoSum(0.75f, -a);
    Pair d = fastTwoSum(first.hi(), 0x1.d5a33p-10f);
    d = new Pair(d.hi(), d.lo() + (first.lo() - 0x1.fe9844p-38f));

    Pair n = pairMultiply(d, expOfPair(y));
    float left = ((n.hi() + n.lo()) * expPower64(y.hi())) * 0x1p-65f; // scaled and halved
    return quiet(x, x < 0.0f ? left : 1.0f - left);
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
