package dev.activations.cpu.scalar;

import static dev.activations.cpu.scalar.Arithmetic.addToPair;
import static dev.activations.cpu.scalar.Arithmetic.clampedMagnitude;
import static dev.activations.cpu.scalar.Arithmetic.expMinusOne;
import static dev.activations.cpu.scalar.Arithmetic.pairMultiply;
import static dev.activations.cpu.scalar.Arithmetic.pairSquare;
import static dev.activations.cpu.scalar.Arithmetic.pairSum;
import static dev.activations.cpu.scalar.Arithmetic.quiet;
import static dev.activations.cpu.scalar.Arithmetic.quotient;
import static dev.activations.cpu.scalar.Arithmetic.quotientPair;
import static dev.activations.cpu.scalar.Arithmetic.withSign;
import static dev.activations.cpu.scalar.DoubleArithmetic.addToPair;
import static dev.activations.cpu.scalar.DoubleArithmetic.clampedMagnitude;
import static dev.activations.cpu.scalar.DoubleArithmetic.expMinusOne;
import static dev.activations.cpu.scalar.DoubleArithmetic.pairMultiply;
import static dev.activations.cpu.scalar.DoubleArithmetic.pairSquare;
import static dev.activations.cpu.scalar.DoubleArithmetic.pairSum;
import static dev.activations.cpu.scalar.DoubleArithmetic.quiet;
import static dev.activations.cpu.scalar.DoubleArithmetic.quotient;
import static dev.activations.cpu.scalar.DoubleArithmetic.quotientPair;
import static dev.activations.cpu.scalar.DoubleArithmetic.withSign;

/**
 * lisht(x) = x·tanh x; derivative tanh x + x·(1 - tanh² x).
 *
 * <p>Source: Roy, Manna, Dubey, Chaudhuri 2019, arXiv:1901.05894.
 *
 * <p>Backward needs: input. Bound: 1 ULP.
 *
 * <p>With m = e^(-2|x|) - 1, tanh |x| = -m/(2 + m) and 1 - tanh² x = 4·(1 + m)/(2 + m)²; all that
 * is added has one sign.
 */
public final class Lisht {
  private Lisht() {}

  /**
   * Returns lisht(x).
   *
   * @param x any float; NaN gives NaN
   */
  public static float forward(float x) {
    // From 20 on tanh rounds to 1; below 2^-13 it rounds to x.
    float a = clampedMagnitude(x, 20.0f);
    Pair m = expMinusOne(a * -2.0f);
    Pair t = quotientPair(new Pair(-m.hi(), -m.lo()), addToPair(2.0f, m));
    float r = a < 0x1p-13f ? a * a : Math.fma(a, t.hi(), a * t.lo());
    return quiet(x, a < 20.0f ? r : Math.abs(x));
  }

  /**
   * Returns the derivative of lisht at x.
   *
   * @param x any float; NaN gives NaN
   */
  public static float derivative(float x) {
    float a = clampedMagnitude(x, 20.0f);
    Pair m = expMinusOne(a * -2.0f);
    Pair d = addToPair(2.0f, m);
    Pair rise = pairMultiply(new Pair(-m.hi(), -m.lo()), d);
    Pair e = addToPair(1.0f, m);
    Pair bend = pairMultiply(e, new Pair(a * 4.0f, 0.0f));
    float r = quotient(pairSum(rise, bend), pairSquare(d));
    return quiet(x, withSign(a < 0x1p-13f ? a + a : r, x));
  }

  // ---- float64 ----

  /**
   * Returns lisht(x).
   *
   * @param x any double; NaN gives NaN
   */
  public static double forward(double x) {
    // From 24 on tanh rounds to 1; below 2^-28 it rounds to x.
    double a = clampedMagnitude(x, 24.0);
    DoublePair m = expMinusOne(a * -2.0);
    DoublePair t = quotientPair(new DoublePair(-m.hi(), -m.lo()), addToPair(2.0, m));
    double r = a < 0x1p-28 ? a * a : Math.fma(a, t.hi(), a * t.lo());
    return quiet(x, a < 24.0 ? r : Math.abs(x));
  }

  /**
   * Returns the derivative of lisht at x.
   *
   * @param x any double; NaN gives NaN
   */
  public static double derivative(double x) {
    double a = clampedMagnitude(x, 24.0);
    DoublePair m = expMinusOne(a * -2.0);
    DoublePair d = addToPair(2.0, m);
    DoublePair rise = pairMultiply(new DoublePair(-m.hi(), -m.lo()), d);
    DoublePair e = addToPair(1.0, m);
    DoublePair bend = pairMultiply(e, new DoublePair(a * 4.0, 0.0));
    double r = quotient(pairSum(rise, bend), pairSquare(d));
    return quiet(x, withSign(a < 0x1p-28 ? a + a : r, x));
  }
}
