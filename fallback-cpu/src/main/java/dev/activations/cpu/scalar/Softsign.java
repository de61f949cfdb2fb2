package dev.activations.cpu.scalar;

import static dev.activations.cpu.scalar.Arithmetic.clampedMagnitude;
import static dev.activations.cpu.scalar.Arithmetic.pairScale;
import static dev.activations.cpu.scalar.Arithmetic.pairSquare;
import static dev.activations.cpu.scalar.Arithmetic.quiet;
import static dev.activations.cpu.scalar.Arithmetic.quotient;
import static dev.activations.cpu.scalar.Arithmetic.twoSum;
import static dev.activations.cpu.scalar.Arithmetic.withSign;
import static dev.activations.cpu.scalar.DoubleArithmetic.clampedMagnitude;
import static dev.activations.cpu.scalar.DoubleArithmetic.pairScale;
import static dev.activations.cpu.scalar.DoubleArithmetic.pairSquare;
import static dev.activations.cpu.scalar.DoubleArithmetic.quiet;
import static dev.activations.cpu.scalar.DoubleArithmetic.quotient;
import static dev.activations.cpu.scalar.DoubleArithmetic.twoSum;
import static dev.activations.cpu.scalar.DoubleArithmetic.withSign;

/**
 * softsign(x) = x/(1 + |x|); derivative 1/(1 + |x|)².
 *
 * <p>Source: Bergstra et al. 2009, Quadratic Polynomials Learn Better Image Features, TR 1337.
 *
 * <p>Backward needs: input or output. Bound: 1 ULP.
 */
public final class Softsign {
  private Softsign() {}

  /**
   * Returns softsign(x).
   *
   * @param x any float; NaN gives NaN
   */
  public static float forward(float x) {
    // From 2^60 on the quotient is 1.
    float a = clampedMagnitude(x, 0x1p60f);
    return quiet(x, withSign(quotient(new Pair(a, 0.0f), twoSum(1.0f, a)), x));
  }

  /**
   * Returns the derivative of softsign at x.
   *
   * @param x any float; NaN gives NaN
   */
  public static float derivative(float x) {
    // From 2^76 on the result is 0. Before, it is kept above the subnormals until the end.
    float a = clampedMagnitude(x, 0x1p76f);
    boolean large = a > 0x1p30f;
    Pair d = pairScale(twoSum(1.0f, a), large ? 0x1p-40f : 1.0f);
    float q = quotient(new Pair(1.0f, 0.0f), pairSquare(d));
    return quiet(x, q * (large ? 0x1p-80f : 1.0f));
  }

  /**
   * Returns the derivative of softsign where its value is y: (1 - |y|)².
   *
   * @param y an output; beyond the range it counts as its end; NaN gives NaN
   */
  public static float derivativeFromOutput(float y) {
    float a = Math.abs(y);
    float d = 1.0f - a;
    float rest = (1.0f - d) - a; // 1 - |y| = d + rest, exactly
    float r = Math.fma(d, d, (d + d) * rest);
    return quiet(y, d > 0.0f ? r : 0.0f);
  }

  // ---- float64 ----

  /**
   * Returns softsign(x).
   *
   * @param x any double; NaN gives NaN
   */
  public static double forward(double x) {
    // From 2^60 on the quotient is 1.
    double a = clampedMagnitude(x, 0x1p60);
    return quiet(x, withSign(quotient(new DoublePair(a, 0.0), twoSum(1.0, a)), x));
  }

  /**
   * Returns the derivative of softsign at x.
   *
   * @param x any double; NaN gives NaN
   */
  public static double derivative(double x) {
    double a = clampedMagnitude(x, 0x1p540);
    boolean large = a > 0x1p200;
    DoublePair d = pairScale(twoSum(1.0, a), large ? 0x1p-300 : 1.0);
    double q = quotient(new DoublePair(1.0, 0.0), pairSquare(d));
    return quiet(x, q * (large ? 0x1p-600 : 1.0));
  }

  /**
   * Returns the derivative of softsign where its value is y: (1 - |y|)².
   *
   * @param y an output; beyond the range it counts as its end; NaN gives NaN
   */
  public static double derivativeFromOutput(double y) {
    double a = Math.abs(y);
    double d = 1.0 - a;
    double rest = (1.0 - d) - a; // 1 - |y| = d + rest, exactly
    double r = Math.fma(d, d, (d + d) * rest);
    return quiet(y, d > 0.0 ? r : 0.0);
  }
}
