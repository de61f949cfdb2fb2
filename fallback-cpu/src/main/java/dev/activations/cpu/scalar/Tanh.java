package dev.activations.cpu.scalar;

import static dev.activations.cpu.scalar.Arithmetic.addToPair;
import static dev.activations.cpu.scalar.Arithmetic.clampedMagnitude;
import static dev.activations.cpu.scalar.Arithmetic.expMinusOne;
import static dev.activations.cpu.scalar.Arithmetic.expPair;
import static dev.activations.cpu.scalar.Arithmetic.expPower64;
import static dev.activations.cpu.scalar.Arithmetic.pairScale;
import static dev.activations.cpu.scalar.Arithmetic.pairSquare;
import static dev.activations.cpu.scalar.Arithmetic.quiet;
import static dev.activations.cpu.scalar.Arithmetic.quotient;
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
    // From 10 on tanh rounds to 1; below 2^-12 it rounds to x.
    float a = clampedMagnitude(x, 10.0f);
    Pair m = expMinusOne(a * -2.0f); // tanh(a) = -m/(2 + m)
    float t = quotient(m, addToPair(2.0f, m));
    return quiet(x, a < 0x1p-12f ? x : x < 0.0f ? t : -t);
  }

  /**
   * Returns the derivative of tanh at x.
   *
   * @param x any float; NaN gives NaN
   */
  public static float derivative(float x) {
    float y = -clampedMagnitude(x + x, 107.0f);
    float power = expPower64(y);
    Pair e = pairScale(expPair(y), 0x1p-64f); // e^y = e·power
    Pair d = addToPair(1.0f, pairScale(e, power));
    return quiet(x, (quotient(e, pairSquare(d)) * 4.0f) * power);
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
    DoublePair m = expMinusOne(a * -2.0); // forward(a) = -m/(2 + m)
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
