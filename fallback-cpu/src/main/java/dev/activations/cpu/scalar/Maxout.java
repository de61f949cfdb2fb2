package dev.activations.cpu.scalar;

import static dev.activations.cpu.scalar.Arithmetic.quiet;
import static dev.activations.cpu.scalar.DoubleArithmetic.quiet;

/**
 * maxout(x[0], x[1], ...) = the largest; its gradient goes to the first of the largest.
 *
 * <p>Source: Goodfellow, Warde-Farley, Mirza, Courville, Bengio 2013, arXiv:1302.4389. Backward
 * needs: input. Exact.
 */
public final class Maxout {
  private Maxout() {}

  /**
   * Returns the larger one of a maximum so far and the next piece; the first where they are equal,
   * and NaN where either is.
   */
  public static float forward(float soFar, float next) {
    return quiet(soFar, quiet(next, next > soFar ? next : soFar));
  }

  /**
   * Returns the gradient of a piece: dy for the one that was largest first, unless the maximum is
   * NaN.
   */
  public static float gradient(float maximum, float dy, boolean first) {
    return quiet(maximum, first ? quiet(dy, dy) : 0.0f);
  }

  // ---- float64 ----

  /**
   * Returns the larger one of a maximum so far and the next piece; the first where they are equal,
   * and NaN where either is.
   */
  public static double forward(double soFar, double next) {
    return quiet(soFar, quiet(next, next > soFar ? next : soFar));
  }

  /**
   * Returns the gradient of a piece: dy for the one that was largest first, unless the maximum is
   * NaN.
   */
  public static double gradient(double maximum, double dy, boolean first) {
    return quiet(maximum, first ? quiet(dy, dy) : 0.0);
  }
}
