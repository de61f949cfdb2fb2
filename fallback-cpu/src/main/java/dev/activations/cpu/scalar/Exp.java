package dev.activations.cpu.scalar;

import static dev.activations.cpu.scalar.Arithmetic.expPair;
import static dev.activations.cpu.scalar.Arithmetic.expScaled;
import static dev.activations.cpu.scalar.Arithmetic.quiet;

/**
 * exp(x) = e^x, its own derivative.
 *
 * <p>Source: the exponential function.
 *
 * <p>Backward needs: input. Bound: 1 ULP.
 */
public final class Exp {
  private Exp() {}

  /**
   * Returns exp(x).
   *
   * @param x any float; NaN gives NaN
   */
  public static float forward(float x) {
    // Beyond these the result is 0 or infinite.
    float y = x > -110.0f ? (x < 89.0f ? x : 89.0f) : -110.0f;
    Pair e = expPair(y);
    return quiet(x, expScaled(e.hi() + e.lo(), y, 0));
  }

  /**
   * Returns the derivative of exp at x.
   *
   * @param x any float; NaN gives NaN
   */
  public static float derivative(float x) {
    return forward(x);
  }
}
