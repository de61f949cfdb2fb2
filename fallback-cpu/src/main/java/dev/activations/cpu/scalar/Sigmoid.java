package dev.activations.cpu.scalar;

import static dev.activations.cpu.scalar.Arithmetic.addToPair;
import static dev.activations.cpu.scalar.Arithmetic.clampedMagnitude;
import static dev.activations.cpu.scalar.Arithmetic.expPair;
import static dev.activations.cpu.scalar.Arithmetic.expPower64;
import static dev.activations.cpu.scalar.Arithmetic.pairScale;
import static dev.activations.cpu.scalar.Arithmetic.pairSquare;
import static dev.activations.cpu.scalar.Arithmetic.quiet;
import static dev.activations.cpu.scalar.Arithmetic.quotient;
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
 * <p>With e = e^-|x| &lt;= 1 nothing overflows: 1/(1 + e) to the right of zero, e/(1 + e) to the
 * left. Both results stay accurate in the tails, into the subnormal numbers.
 */
public final class Sigmoid {
  private Sigmoid() {}

  /**
   * Returns sigmoid(x).
   *
   * @param x any float; NaN gives NaN
   */
  public static float forward(float x) {
    float y = -clampedMagnitude(x, 104.0f);
    float power = expPower64(y);
    Pair e = pairScale(expPair(y), 0x1p-64f); // e^y = e·power
    Pair d = addToPair(1.0f, pairScale(e, power));
    boolean left = x < 0.0f;
    float q = quotient(new Pair(left ? e.hi() : 1.0f, left ? e.lo() : 0.0f), d);
    return quiet(x, q * (left ? power : 1.0f));
  }

  /**
   * Returns the derivative of sigmoid at x.
   *
   * @param x any float; NaN gives NaN
   */
  public static float derivative(float x) {
    float y = -clampedMagnitude(x, 104.0f);
    float power = expPower64(y);
    Pair e = pairScale(expPair(y), 0x1p-64f); // e^y = e·power
    Pair d = addToPair(1.0f, pairScale(e, power));
    return quiet(x, quotient(e, pairSquare(d)) * power);
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
