package dev.activations.cpu.scalar;

import static dev.activations.cpu.scalar.Arithmetic.clampedMagnitude;
import static dev.activations.cpu.scalar.Arithmetic.expRest;
import static dev.activations.cpu.scalar.Arithmetic.logisticSlope;
import static dev.activations.cpu.scalar.Arithmetic.logisticTail;
import static dev.activations.cpu.scalar.Arithmetic.overOnePlusExp;
import static dev.activations.cpu.scalar.Arithmetic.quiet;
import static dev.activations.cpu.scalar.DoubleArithmetic.addToPair;
import static dev.activations.cpu.scalar.DoubleArithmetic.clampedMagnitude;
import static dev.activations.cpu.scalar.DoubleArithmetic.expPair;
import static dev.activations.cpu.scalar.DoubleArithmetic.expPower128;
import static dev.activations.cpu.scalar.DoubleArithmetic.pairScale;
import static dev.activations.cpu.scalar.DoubleArithmetic.pairSquare;
import static dev.activations.cpu.scalar.DoubleArithmetic.quiet;
import static dev.activations.cpu.scalar.DoubleArithmetic.quotient;

/**
 * sigmoid(x) = 1/(1 + e^-x); derivative e^-x/(1 + e^-x)².
 *
 * <p>Source: Verhulst 1845; Rumelhart, Hinton, Williams 1986, doi:10.1038/323533a0.
 *
 * <p>Backward needs: input or output.
 *
 * <p>Bound: 1 ULP.
 *
 * <p>In float64, with e = e^-|x| &lt;= 1 nothing overflows: 1/(1 + e) to the right of zero, e/(1 +
 * e) to the left. Both results stay accurate in the tails, into the subnormal numbers.
 */
public final class Sigmoid {
  private Sigmoid() {}

  /**
   * Returns sigmoid(x).
   *
   * @param x any float; NaN gives NaN
   */
  public static float forward(float x) {
    return Math.abs(x) < 16.0f ? value(x, true) : value(x, false);
  }

  private static float value(float x, boolean near) {
    // Beyond these ends sigmoid rounds to 1, or to 0.
    float y = near ? -x : x > 40.0f ? -40.0f : x < -104.0f ? 104.0f : -x;
    float r = overOnePlusExp(1.0f, y, expRest(y), near);
    return near ? r : quiet(x, r);
  }

  /**
   * Returns the derivative of sigmoid at x.
   *
   * @param x any float; NaN gives NaN
   */
  public static float derivative(float x) {
    return Math.abs(x) < 16.0f ? slope(x, true) : slope(x, false);
  }

  private static float slope(float x, boolean near) {
    float y = near ? -Math.abs(x) : -clampedMagnitude(x, 104.0f);
    float r = logisticSlope(y, near);
    return near ? r : quiet(x, r * logisticTail(y));
  }

  /**
   * Returns the derivative of sigmoid where its value is y: y·(1 - y), rounded once.
   *
   * @param y an output; beyond the range it counts as its end; NaN gives NaN
   */
  public static float derivativeFromOutput(float y) {
    float r = Math.fma(-y, y, y);
    return quiet(y, r > 0.0f ? r : 0.0f);
  }

  // ---- float64 ----

  /**
   * Returns sigmoid(x).
   *
   * @param x any double; NaN gives NaN
   */
  public static double forward(double x) {
    double y = -clampedMagnitude(x, 750.0);
    double power = expPower128(y);
    DoublePair e = pairScale(expPair(y), 0x1p-128); // e^y = e·power
    DoublePair d = addToPair(1.0, pairScale(e, power));
    boolean left = x < 0.0;
    double q = quotient(new DoublePair(left ? e.hi() : 1.0, left ? e.lo() : 0.0), d);
    return quiet(x, q * (left ? power : 1.0));
  }

  /**
   * Returns the derivative of sigmoid at x.
   *
   * @param x any double; NaN gives NaN
   */
  public static double derivative(double x) {
    double y = -clampedMagnitude(x, 750.0);
    double power = expPower128(y);
    DoublePair e = pairScale(expPair(y), 0x1p-128); // e^y = e·power
    DoublePair d = addToPair(1.0, pairScale(e, power));
    return quiet(x, quotient(e, pairSquare(d)) * power);
  }

  /**
   * Returns the derivative of sigmoid where its value is y: y·(1 - y), rounded once.
   *
   * @param y an output; beyond the range it counts as its end; NaN gives NaN
   */
  public static double derivativeFromOutput(double y) {
    double r = Math.fma(-y, y, y);
    return quiet(y, r > 0.0 ? r : 0.0);
  }
}
