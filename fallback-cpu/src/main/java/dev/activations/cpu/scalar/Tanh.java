package dev.activations.cpu.scalar;

import static dev.activations.cpu.scalar.Arithmetic.addToPair;
import static dev.activations.cpu.scalar.Arithmetic.clampedMagnitude;
import static dev.activations.cpu.scalar.Arithmetic.expInverse;
import static dev.activations.cpu.scalar.Arithmetic.expLessOneFine;
import static dev.activations.cpu.scalar.Arithmetic.expRest;
import static dev.activations.cpu.scalar.Arithmetic.logisticSlope;
import static dev.activations.cpu.scalar.Arithmetic.logisticTail;
import static dev.activations.cpu.scalar.Arithmetic.quiet;
import static dev.activations.cpu.scalar.Arithmetic.reciprocal;
import static dev.activations.cpu.scalar.Arithmetic.remainderOf;
import static dev.activations.cpu.scalar.Arithmetic.withSign;
import static dev.activations.cpu.scalar.DoubleArithmetic.addToPair;
import static dev.activations.cpu.scalar.DoubleArithmetic.clampedMagnitude;
import static dev.activations.cpu.scalar.DoubleArithmetic.expMinusOne;
import static dev.activations.cpu.scalar.DoubleArithmetic.expPair;
import static dev.activations.cpu.scalar.DoubleArithmetic.expPower128;
import static dev.activations.cpu.scalar.DoubleArithmetic.pairScale;
import static dev.activations.cpu.scalar.DoubleArithmetic.pairSquare;
import static dev.activations.cpu.scalar.DoubleArithmetic.quiet;
import static dev.activations.cpu.scalar.DoubleArithmetic.quotient;

/**
 * tanh(x) = (1 - e^-2x)/(1 + e^-2x); derivative 4e^-2x/(1 + e^-2x)².
 *
 * <p>Source: LeCun et al. 1998, Efficient BackProp, doi:10.1007/3-540-49430-8_2.
 *
 * <p>Backward needs: input or output.
 *
 * <p>Bound: 1 ULP.
 */
public final class Tanh {
  private Tanh() {}

  /**
   * Returns tanh(x).
   *
   * @param x any float; NaN gives NaN
   */
  public static float forward(float x) {
    return Math.abs(x) < 8.0f ? value(x, true) : value(x, false);
  }

  /** With e^(-2|x|) = 2^n·e^rest and T = 2^-n it is (T - e^rest)/(T + e^rest). */
  private static float value(float x, boolean near) {
    // From 10 on tanh rounds to 1.
    float y = (near ? Math.abs(x) : clampedMagnitude(x, 10.0f)) * -2.0f;
    Pair growth = expLessOneFine(expRest(y));
    float power = expInverse(y);
    float less = power - 1.0f;
    float more = power + 1.0f;
    Pair n = addToPair(less, new Pair(-growth.hi(), -growth.lo()));
    Pair d = addToPair(more, growth);
    // What the first sums have lost.
    n = near ? n : new Pair(n.hi(), n.lo() + ((power - less) - 1.0f));
    d = near ? d : new Pair(d.hi(), d.lo() + ((power - more) + 1.0f));
    float r = reciprocal(d.hi() + d.lo());
    float q = (n.hi() + n.lo()) * r;
    float t = withSign(Math.fma(remainderOf(n, d, q), r, q), x);
    return near ? t : quiet(x, t);
  }

  /**
   * Returns the derivative of tanh at x.
   *
   * @param x any float; NaN gives NaN
   */
  public static float derivative(float x) {
    return Math.abs(x) < 8.0f ? slope(x, true) : slope(x, false);
  }

  private static float slope(float x, boolean near) {
    float y = (near ? Math.abs(x) : clampedMagnitude(x, 53.5f)) * -2.0f;
    float r = logisticSlope(y, near) * 4.0f;
    return near ? r : quiet(x, r * logisticTail(y));
  }

  /**
   * Returns the derivative of tanh where its value is y: 1 - y², rounded once.
   *
   * @param y an output; beyond the range it counts as its end; NaN gives NaN
   */
  public static float derivativeFromOutput(float y) {
    float r = Math.fma(-y, y, 1.0f);
    return quiet(y, r > 0.0f ? r : 0.0f);
  }

  // ---- float64 ----

  /**
   * Returns tanh(x).
   *
   * @param x any double; NaN gives NaN
   */
  public static double forward(double x) {
    // From 20 on tanh rounds to 1; below 2^-27 it rounds to x.
    double a = clampedMagnitude(x, 20.0);
    DoublePair m = expMinusOne(a * -2.0); // tanh(a) = -m/(2 + m)
    double t = quotient(m, addToPair(2.0, m));
    return quiet(x, a < 0x1p-27 ? x : x < 0.0 ? t : -t);
  }

  /**
   * Returns the derivative of tanh at x.
   *
   * @param x any double; NaN gives NaN
   */
  public static double derivative(double x) {
    double y = -clampedMagnitude(x + x, 750.0);
    double power = expPower128(y);
    DoublePair e = pairScale(expPair(y), 0x1p-128); // e^y = e·power
    DoublePair d = addToPair(1.0, pairScale(e, power));
    return quiet(x, (quotient(e, pairSquare(d)) * 4.0) * power);
  }

  /**
   * Returns the derivative of tanh where its value is y: 1 - y², rounded once.
   *
   * @param y an output; beyond the range it counts as its end; NaN gives NaN
   */
  public static double derivativeFromOutput(double y) {
    double r = Math.fma(-y, y, 1.0);
    return quiet(y, r > 0.0 ? r : 0.0);
  }
}
