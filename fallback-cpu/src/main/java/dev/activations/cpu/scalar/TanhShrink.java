package dev.activations.cpu.scalar;

import static dev.activations.cpu.scalar.Arithmetic.addToPair;
import static dev.activations.cpu.scalar.Arithmetic.clampedMagnitude;
import static dev.activations.cpu.scalar.Arithmetic.expMinusOne;
import static dev.activations.cpu.scalar.Arithmetic.fastTwoSum;
import static dev.activations.cpu.scalar.Arithmetic.pairMultiply;
import static dev.activations.cpu.scalar.Arithmetic.pairProduct;
import static dev.activations.cpu.scalar.Arithmetic.pairScale;
import static dev.activations.cpu.scalar.Arithmetic.pairSquare;
import static dev.activations.cpu.scalar.Arithmetic.quiet;
import static dev.activations.cpu.scalar.Arithmetic.quotientPair;
import static dev.activations.cpu.scalar.Arithmetic.twoProduct;
import static dev.activations.cpu.scalar.Arithmetic.withSign;
import static dev.activations.cpu.scalar.DoubleArithmetic.addToPair;
import static dev.activations.cpu.scalar.DoubleArithmetic.clampedMagnitude;
import static dev.activations.cpu.scalar.DoubleArithmetic.expMinusOne;
import static dev.activations.cpu.scalar.DoubleArithmetic.fastTwoSum;
import static dev.activations.cpu.scalar.DoubleArithmetic.pairMultiply;
import static dev.activations.cpu.scalar.DoubleArithmetic.pairProduct;
import static dev.activations.cpu.scalar.DoubleArithmetic.pairScale;
import static dev.activations.cpu.scalar.DoubleArithmetic.pairSquare;
import static dev.activations.cpu.scalar.DoubleArithmetic.quiet;
import static dev.activations.cpu.scalar.DoubleArithmetic.quotientPair;
import static dev.activations.cpu.scalar.DoubleArithmetic.twoProduct;
import static dev.activations.cpu.scalar.DoubleArithmetic.withSign;

/**
 * tanh_shrink(x) = x - tanh x; derivative tanh² x.
 *
 * <p>Source: PyTorch's Tanhshrink.
 *
 * <p>Backward needs: input. Bound: 1 ULP.
 *
 * <p>Below 0.625 x - tanh x = x³·P(x²), P a minimax fit of relative error, within 2^-33 (fpminimax
 * of Sollya, the first coefficient a pair). From there on tanh |x| = -m/(2 + m), m = e^(-2|x|) - 1.
 */
public final class TanhShrink {
  private TanhShrink() {}

  /**
   * 2^96·(a - tanh a) for 0 &lt;= a &lt;= 0.625: so that no part is lost among the subnormal
   * numbers.
   */
  private static Pair cubic(float a) {
    float u = a * a;
    float p = 0x1.ca6752p-11f;
    p = Math.fma(p, u, -0x1.b354a8p-9f);
    p = Math.fma(p, u, 0x1.204c24p-7f);
    p = Math.fma(p, u, -0x1.662dbep-6f);
    p = Math.fma(p, u, 0x1.ba1ab2p-5f);
    p = Math.fma(p, u, -0x1.11111p-3f);
    float lifted = a * 0x1p32f;
    Pair cube = pairProduct(twoProduct(lifted, lifted), lifted);
    float hi = Math.fma(p, u, 0x1.555556p-2f);
    return pairMultiply(cube, new Pair(hi, Math.fma(p, u, 0x1.555556p-2f - hi) - 0x1.558p-27f));
  }

  /** tanh a, for 0.625 &lt;= a &lt;= 43. */
  private static Pair tanh(float a) {
    Pair m = expMinusOne(a * -2.0f);
    return quotientPair(new Pair(-m.hi(), -m.lo()), addToPair(2.0f, m));
  }

  /**
   * Returns tanh_shrink(x).
   *
   * @param x any float; NaN gives NaN
   */
  public static float forward(float x) {
    float a = clampedMagnitude(x, 0x1p26f);
    Pair near = cubic(a < 0.625f ? a : 0.625f);
    Pair t = tanh(a < 20.0f ? a : 20.0f);
    Pair far = fastTwoSum(a, -t.hi());
    float r = a < 0.625f ? (near.hi() + near.lo()) * 0x1p-96f : far.hi() + (far.lo() - t.lo());
    // From 2^26 on x rounds to itself.
    return quiet(x, a < 0x1p26f ? withSign(r, x) : x);
  }

  /**
   * Returns the derivative of tanh_shrink at x.
   *
   * @param x any float; NaN gives NaN
   */
  public static float derivative(float x) {
    float a = clampedMagnitude(x, 20.0f);
    float small = a < 0.625f ? a : 0.625f;
    Pair near = pairScale(cubic(small), -0x1p-96f);
    Pair t = a < 0.625f ? addToPair(small, near) : tanh(a);
    Pair square = pairSquare(pairScale(t, 0x1p32f));
    return quiet(x, (square.hi() + square.lo()) * 0x1p-64f);
  }

  // ---- float64 ----

  /**
   * 2^900·(a - tanh a) for 0 &lt;= a &lt;= 1: so that no part is lost among the subnormal numbers.
   */
  private static DoublePair tanhShrinkCubic(double a) {
    double u = a * a;
    double p = 0x1.25b910c684a77p-27;
    p = Math.fma(p, u, -0x1.928cec864a429p-24);
    p = Math.fma(p, u, 0x1.1332351daf9eep-21);
    p = Math.fma(p, u, -0x1.020563711c9ep-19);
    p = Math.fma(p, u, 0x1.83cabfd5bb474p-18);
    p = Math.fma(p, u, -0x1.02a948766862p-16);
    p = Math.fma(p, u, 0x1.471804049e12dp-15);
    p = Math.fma(p, u, -0x1.95f91baf88e79p-14);
    p = Math.fma(p, u, 0x1.f567bdbb6b7a4p-13);
    p = Math.fma(p, u, -0x1.3556d38d9aa4dp-11);
    p = Math.fma(p, u, 0x1.7da346c379aedp-10);
    p = Math.fma(p, u, -0x1.d6d3cf11bc7b1p-9);
    p = Math.fma(p, u, 0x1.226e355506d36p-7);
    p = Math.fma(p, u, -0x1.664f488285c9p-6);
    p = Math.fma(p, u, 0x1.ba1ba1ba1adcdp-5);
    p = Math.fma(p, u, -0x1.1111111111109p-3);
    double lifted = a * 0x1p300;
    DoublePair cube = pairProduct(twoProduct(lifted, lifted), lifted);
    double hi = Math.fma(p, u, 0x1.5555555555555p-2);
    return pairMultiply(
        cube,
        new DoublePair(hi, Math.fma(p, u, 0x1.5555555555555p-2 - hi) + 0x1.4e6aef81032e3p-56));
  }

  /** tanh a, for 0.625 &lt;= a &lt;= 43. */
  private static DoublePair tanhShrinkTanh(double a) {
    DoublePair m = expMinusOne(a * -2.0);
    return quotientPair(new DoublePair(-m.hi(), -m.lo()), addToPair(2.0, m));
  }

  /**
   * Returns tanh_shrink(x).
   *
   * @param x any double; NaN gives NaN
   */
  public static double forward(double x) {
    double a = clampedMagnitude(x, 0x1p56);
    DoublePair near = tanhShrinkCubic(a < 1.0 ? a : 1.0);
    DoublePair t = tanhShrinkTanh(a < 20.0 ? a : 20.0);
    DoublePair far = fastTwoSum(a, -t.hi());
    double r = a < 1.0 ? (near.hi() + near.lo()) * 0x1p-900 : far.hi() + (far.lo() - t.lo());
    // From 2^56 on x rounds to itself.
    return quiet(x, a < 0x1p56 ? withSign(r, x) : x);
  }

  /**
   * Returns the derivative of tanh_shrink at x.
   *
   * @param x any double; NaN gives NaN
   */
  public static double derivative(double x) {
    double a = clampedMagnitude(x, 20.0);
    double small = a < 1.0 ? a : 1.0;
    DoublePair near = pairScale(tanhShrinkCubic(small), -0x1p-900);
    DoublePair t = a < 1.0 ? addToPair(small, near) : tanhShrinkTanh(a);
    DoublePair square = pairSquare(pairScale(t, 0x1p300));
    return quiet(x, (square.hi() + square.lo()) * 0x1p-600);
  }
}
