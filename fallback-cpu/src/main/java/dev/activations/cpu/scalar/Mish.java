package dev.activations.cpu.scalar;

import static dev.activations.cpu.scalar.Arithmetic.addToPair;
import static dev.activations.cpu.scalar.Arithmetic.clampedMagnitude;
import static dev.activations.cpu.scalar.Arithmetic.expLessOne;
import static dev.activations.cpu.scalar.Arithmetic.expPair;
import static dev.activations.cpu.scalar.Arithmetic.expPower;
import static dev.activations.cpu.scalar.Arithmetic.expPower64;
import static dev.activations.cpu.scalar.Arithmetic.expRestOfPair;
import static dev.activations.cpu.scalar.Arithmetic.fastTwoSum;
import static dev.activations.cpu.scalar.Arithmetic.onePlus;
import static dev.activations.cpu.scalar.Arithmetic.pairAdd;
import static dev.activations.cpu.scalar.Arithmetic.pairLine;
import static dev.activations.cpu.scalar.Arithmetic.pairMultiply;
import static dev.activations.cpu.scalar.Arithmetic.pairScale;
import static dev.activations.cpu.scalar.Arithmetic.pairScale64;
import static dev.activations.cpu.scalar.Arithmetic.pairSquare;
import static dev.activations.cpu.scalar.Arithmetic.pairSum;
import static dev.activations.cpu.scalar.Arithmetic.quiet;
import static dev.activations.cpu.scalar.Arithmetic.quotient;
import static dev.activations.cpu.scalar.Arithmetic.quotientPair;
import static dev.activations.cpu.scalar.Arithmetic.scale64;
import static dev.activations.cpu.scalar.Arithmetic.scaledLessOne;
import static dev.activations.cpu.scalar.Arithmetic.withSign;
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
 * <p>With e = e^-|x| the tanh is (1 + 2e)/(1 + 2e + 2e²) to the right of zero and (2e + e²)/(2 + 2e
 * + e²) to the left.
 */
public final class Mish {
  private Mish() {}

  /**
   * Returns mish(x).
   *
   * @param x any float; NaN gives NaN
   */
  public static float forward(float x) {
    float y = -clampedMagnitude(x, 110.0f);
    float power = expPower64(y);
    Pair e = expPair(y); // e^y = e·2^n
    Pair full = pairScale64(e, power);
    boolean right = x > 0.0f;
    Pair b = pairScale(full, right ? 2.0f : 1.0f);
    Pair g = pairMultiply(e, addToPair(2.0f, b));
    Pair d = addToPair(right ? 1.0f : 2.0f, pairScale64(g, power));
    Pair n = addToPair(1.0f, b);
    Pair q = quotientPair(new Pair(right ? n.hi() : g.hi(), right ? n.lo() : g.lo()), d);
    // 2^64 keeps the product clear of the subnormal numbers until the last step.
    float lifted = (x < -110.0f ? -110.0f : x) * 0x1p64f;
    float product = Math.fma(lifted, q.hi(), lifted * q.lo());
    float r = withSign((right ? product : scale64(product, power)) * 0x1p-64f, x);
    return quiet(x, x > 110.0f ? x : r);
  }

  /**
   * Returns the derivative of mish at x.
   *
   * <p>To the left of zero, around the root x0 = -1.192, with d = x - x0 and m = e^d - 1: all terms
   * of e·(d·P2(m) + m·P1(m))/D² have one sign, so nothing cancels; D = 2 + g, g = 2e + e². To the
   * right (D + 2e·(D + x·g))/D², D = 1 + g, g = 2e + 2e².
   *
   * @param x any float; NaN gives NaN
   */
  public static float derivative(float x) {
    float a = clampedMagnitude(x, 110.0f);
    boolean left = x < 0.0f;

    // d = -a - x0, x0 = -1.25 + 0x1.d79a7ep-5 + 0x1.7693dep-31
    Pair first = fastTwoSum(1.25f, -a);
    Pair d = fastTwoSum(first.hi(), -0x1.d79a7ep-5f);
    d = new Pair(d.hi(), d.lo() + (first.lo() - 0x1.7693dep-31f));

    Pair r = expLessOne(expRestOfPair(d));
    float power = expPower64(d.hi());
    Pair e = pairMultiply(onePlus(r), new Pair(0x1.36c42p-2f, 0x1.7e1f66p-29f));
    Pair full = pairScale64(e, power); // e^-a

    Pair m = scaledLessOne(r, a < 80.0f ? expPower(d.hi()) : 0.0f);
    Pair p1 = pairLine(0x1.31ac36p0f, m, Math.fma(m.hi(), 0x1.c9f402p-6f, 0x1.cf1d54p-2f));
    Pair p2 = pairLine(0x1.4db108p2f, m, 0x1.36c42p0f);
    Pair leftmost = pairMultiply(e, pairAdd(pairMultiply(d, p2), pairMultiply(m, p1)));

    Pair b = pairScale(full, left ? 1.0f : 2.0f);
    Pair g = pairMultiply(full, addToPair(2.0f, b));
    Pair denominator = addToPair(left ? 2.0f : 1.0f, g);
    Pair line = pairLine(denominator.hi(), g, a);
    line = new Pair(line.hi(), line.lo() + denominator.lo());
    Pair rightmost = pairSum(denominator, pairMultiply(b, line));

    Pair n = new Pair(left ? leftmost.hi() : rightmost.hi(), left ? leftmost.lo() : rightmost.lo());
    float q = quotient(n, pairSquare(denominator));
    return quiet(x, left ? scale64(q, power) : q);
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
