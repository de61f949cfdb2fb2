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
 * rectified_tanh(x) = max(0, tanh x); derivative x &gt; 0 ? 1 - tanh² x : 0.
 *
 * <p>Source: ND4J's RectifiedTanh.
 *
 * <p>Backward needs: input or output. Bound: 1 ULP.
 *
 * <p>As tanh, to the right of zero.
 */
public final class RectifiedTanh {
  private RectifiedTanh() {}

  /**
   * Returns rectified_tanh(x).
   *
   * @param x any float; NaN gives NaN
   */
  public static float forward(float x) {
    // From 10 on tanh rounds to 1; below 2^-12 it rounds to x.
    float a = clampedMagnitude(x, 10.0f);
    Pair m = expMinusOne(a * -2.0f); // tanh(a) = -m/(2 + m)
    float t = quotient(new Pair(-m.hi(), -m.lo()), addToPair(2.0f, m));
    return quiet(x, x > 0.0f ? (a < 0x1p-12f ? x : t) : 0.0f);
  }

  /**
   * Returns the derivative of rectified_tanh at x.
   *
   * @param x any float; NaN gives NaN
   */
  public static float derivative(float x) {
    float y = -clampedMagnitude(x + x, 107.0f);
    float power = expPower64(y);
    Pair e = pairScale(expPair(y), 0x1p-64f); // e^y = e·power
    Pair d = addToPair(1.0f, pairScale(e, power));
    float r = (quotient(e, pairSquare(d)) * 4.0f) * power;
    return quiet(x, x > 0.0f ? r : 0.0f);
  }

  /**
   * Returns the derivative of rectified_tanh where its value is y: y &gt; 0 ? 1 - y² : 0, rounded
   * once.
   *
   * @param y an output; beyond the range it counts as its end; NaN gives NaN
   */
  public static float derivativeFromOutput(float y) {
    float r = Math.fma(-y, y, 1.0f);
    return quiet(y, y > 0.0f && r > 0.0f ? r : 0.0f);
  }

  // ---- float64 ----

  /**
   * Returns rectified_tanh(x).
   *
   * @param x any double; NaN gives NaN
   */
  public static double forward(double x) {
    // From 20 on tanh rounds to 1; below 2^-27 it rounds to x.
    double a = clampedMagnitude(x, 20.0);
    DoublePair m = expMinusOne(a * -2.0); // tanh(a) = -m/(2 + m)
    double t = quotient(new DoublePair(-m.hi(), -m.lo()), addToPair(2.0, m));
    return quiet(x, x > 0.0 ? (a < 0x1p-27 ? x : t) : 0.0);
  }

  /**
   * Returns the derivative of rectified_tanh at x.
   *
   * @param x any double; NaN gives NaN
   */
  public static double derivative(double x) {
    double y = -clampedMagnitude(x + x, 750.0);
    double power = expPower128(y);
    DoublePair e = pairScale(expPair(y), 0x1p-128); // e^y = e·power
    DoublePair d = addToPair(1.0, pairScale(e, power));
    double r = (quotient(e, pairSquare(d)) * 4.0) * power;
    return quiet(x, x > 0.0 ? r : 0.0);
  }

  /**
   * Returns the derivative of rectified_tanh where its value is y: y &gt; 0 ? 1 - y² : 0, rounded
   * once.
   *
   * @param y an output; beyond the range it counts as its end; NaN gives NaN
   */
  public static double derivativeFromOutput(double y) {
    double r = Math.fma(-y, y, 1.0);
    return quiet(y, y > 0.0 && r > 0.0 ? r : 0.0);
  }
}
