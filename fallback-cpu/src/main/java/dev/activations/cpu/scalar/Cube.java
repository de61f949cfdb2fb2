package dev.activations.cpu.scalar;

import static dev.activations.cpu.scalar.Arithmetic.clampedMagnitude;
import static dev.activations.cpu.scalar.Arithmetic.quiet;
import static dev.activations.cpu.scalar.Arithmetic.twoProduct;
import static dev.activations.cpu.scalar.Arithmetic.withSign;
import static dev.activations.cpu.scalar.DoubleArithmetic.clampedMagnitude;
import static dev.activations.cpu.scalar.DoubleArithmetic.quiet;
import static dev.activations.cpu.scalar.DoubleArithmetic.twoProduct;
import static dev.activations.cpu.scalar.DoubleArithmetic.withSign;

/**
 * cube(x) = x³; derivative 3·x².
 *
 * <p>Source: Chen, Manning 2014, A Fast and Accurate Dependency Parser, doi:10.3115/v1/D14-1082.
 *
 * <p>Backward needs: input. Bound: 1 ULP.
 *
 * <p>The square is taken exactly, in two parts, and so that neither it nor what follows leaves the
 * floats: small inputs are scaled, and from the limits on the results are infinite anyway.
 */
public final class Cube {
  private Cube() {}

  /**
   * Returns cube(x).
   *
   * @param x any float; NaN gives NaN
   */
  public static float forward(float x) {
    float a = clampedMagnitude(x, 0x1p43f);
    boolean small = a < 0x1p-30f;
    float b = small ? a * 0x1p40f : a;
    Pair square = twoProduct(b, b);
    float r = Math.fma(square.hi(), b, square.lo() * b);
    return quiet(x, withSign(small ? r * 0x1p-120f : r, x));
  }

  /**
   * Returns the derivative of cube at x.
   *
   * @param x any float; NaN gives NaN
   */
  public static float derivative(float x) {
    float a = clampedMagnitude(x, 0x1.8p63f);
    boolean small = a < 0x1p-40f;
    float b = small ? a * 0x1p48f : a;
    Pair square = twoProduct(b, b);
    float r = Math.fma(square.hi(), 3.0f, square.lo() * 3.0f);
    return quiet(x, small ? r * 0x1p-96f : r);
  }

  // ---- float64 ----

  /**
   * Returns cube(x).
   *
   * @param x any double; NaN gives NaN
   */
  public static double forward(double x) {
    double a = clampedMagnitude(x, 0x1p342);
    boolean small = a < 0x1p-240;
    double b = small ? a * 0x1p320 : a;
    DoublePair square = twoProduct(b, b);
    double r = Math.fma(square.hi(), b, square.lo() * b);
    return quiet(x, withSign(small ? r * 0x1p-960 : r, x));
  }

  /**
   * Returns the derivative of cube at x.
   *
   * @param x any double; NaN gives NaN
   */
  public static double derivative(double x) {
    double a = clampedMagnitude(x, 0x1.8p511);
    boolean small = a < 0x1p-300;
    double b = small ? a * 0x1p400 : a;
    DoublePair square = twoProduct(b, b);
    double r = Math.fma(square.hi(), 3.0, square.lo() * 3.0);
    return quiet(x, small ? r * 0x1p-800 : r);
  }
}
