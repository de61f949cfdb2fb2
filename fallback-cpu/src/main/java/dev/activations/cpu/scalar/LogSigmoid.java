package dev.activations.cpu.scalar;

import static dev.activations.cpu.scalar.Arithmetic.clampedMagnitude;
import static dev.activations.cpu.scalar.Arithmetic.expRest;
import static dev.activations.cpu.scalar.Arithmetic.logOnePlusExp;
import static dev.activations.cpu.scalar.Arithmetic.overOnePlusExp;
import static dev.activations.cpu.scalar.Arithmetic.quiet;
import static dev.activations.cpu.scalar.DoubleArithmetic.addToPair;
import static dev.activations.cpu.scalar.DoubleArithmetic.clampedMagnitude;
import static dev.activations.cpu.scalar.DoubleArithmetic.expPair;
import static dev.activations.cpu.scalar.DoubleArithmetic.expPower128;
import static dev.activations.cpu.scalar.DoubleArithmetic.logOnePlus;
import static dev.activations.cpu.scalar.DoubleArithmetic.pairScale;
import static dev.activations.cpu.scalar.DoubleArithmetic.pairScale128;
import static dev.activations.cpu.scalar.DoubleArithmetic.quiet;
import static dev.activations.cpu.scalar.DoubleArithmetic.quotient;
import static dev.activations.cpu.scalar.DoubleArithmetic.scale128;
import static dev.activations.cpu.scalar.DoubleArithmetic.twoSum;

/**
 * log_sigmoid(x) = -ln(1 + e^-x); derivative 1/(1 + e^x).
 *
 * <p>Source: the logarithm of the logistic function.
 *
 * <p>Backward needs: input. Bound: 1 ULP.
 *
 * <p>ln(1 + e^-x) = max(-x, 0) + ln(1 + e^-|x|), so that nothing overflows. The logarithm of the
 * rounded sigmoid would be 0 from 17 on.
 */
public final class LogSigmoid {
  private LogSigmoid() {}

  /**
   * Returns log_sigmoid(x).
   *
   * @param x any float; NaN gives NaN
   */
  public static float forward(float x) {
    return Math.abs(x) < 16.0f ? value(x, true) : quiet(x, value(x, false));
  }

  private static float value(float x, boolean near) {
    float a = near ? Math.abs(x) : clampedMagnitude(x, 128.0f);
    return -logOnePlusExp(-x, new Pair(-a, 0.0f), new Pair(1.0f, 0.0f), near);
  }

  /**
   * Returns the derivative of log_sigmoid at x.
   *
   * @param x any float; NaN gives NaN
   */
  public static float derivative(float x) {
    return Math.abs(x) < 16.0f ? slope(x, true) : slope(x, false);
  }

  private static float slope(float x, boolean near) {
    // Beyond these ends the derivative rounds to 1, or to 0.
    float y = near ? x : x < -40.0f ? -40.0f : x > 104.0f ? 104.0f : x;
    float r = overOnePlusExp(1.0f, y, expRest(y), near);
    return near ? r : quiet(x, r);
  }

  // ---- float64 ----

  /**
   * Returns log_sigmoid(x).
   *
   * @param x any double; NaN gives NaN
   */
  public static double forward(double x) {
    double y = -clampedMagnitude(x, 750.0);
    double power = expPower128(y);
    DoublePair e = expPair(y); // e^y = e·2^n
    DoublePair log = logOnePlus(pairScale128(e, power));
    double line = x < 0.0 ? x : -0.0;
    DoublePair sum = twoSum(line, -log.hi());
    double middle = sum.hi() + (sum.lo() - log.lo());
    // Far out the logarithm is e^y, which is kept above the subnormals until the end.
    return quiet(x, y < -40.0 ? line - scale128(e.hi() + e.lo(), power) : middle);
  }

  /**
   * Returns the derivative of log_sigmoid at x.
   *
   * @param x any double; NaN gives NaN
   */
  public static double derivative(double x) {
    double y = -clampedMagnitude(x, 750.0);
    double power = expPower128(y);
    DoublePair e = pairScale(expPair(y), 0x1p-128); // e^y = e·power
    DoublePair d = addToPair(1.0, pairScale(e, power));
    boolean right = x > 0.0;
    double q = quotient(new DoublePair(right ? e.hi() : 1.0, right ? e.lo() : 0.0), d);
    return quiet(x, q * (right ? power : 1.0));
  }
}
