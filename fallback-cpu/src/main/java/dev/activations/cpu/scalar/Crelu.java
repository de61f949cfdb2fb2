package dev.activations.cpu.scalar;

import static dev.activations.cpu.scalar.Arithmetic.quiet;
import static dev.activations.cpu.scalar.DoubleArithmetic.quiet;

/**
 * crelu(x) = (relu(x), relu(-x)); gradient dy[0] right of zero, -dy[1] left of it, 0 at zero.
 *
 * <p>Source: Shang, Sohn, Almeida, Lee 2016, Understanding and Improving Convolutional Neural
 * Networks via Concatenated Rectified Linear Units, arXiv:1603.05201. Backward needs: input. Exact.
 */
public final class Crelu {
  private Crelu() {}

  /** Returns the first half of the result. */
  public static float forward(float x) {
    return quiet(x, x > 0.0f ? x : 0.0f);
  }

  /** Returns the second half of the result. */
  public static float negative(float x) {
    return forward(-x);
  }

  /** Returns the gradient of x from those of both halves. */
  public static float gradient(float x, float dy, float negativeDy) {
    float r = x > 0.0f ? dy : x < 0.0f ? -negativeDy : 0.0f;
    return quiet(x, quiet(r, r));
  }

  // ---- float64 ----

  /** Returns the first half of the result. */
  public static double forward(double x) {
    return quiet(x, x > 0.0 ? x : 0.0);
  }

  /** Returns the second half of the result. */
  public static double negative(double x) {
    return forward(-x);
  }

  /** Returns the gradient of x from those of both halves. */
  public static double gradient(double x, double dy, double negativeDy) {
    double r = x > 0.0 ? dy : x < 0.0 ? -negativeDy : 0.0;
    return quiet(x, quiet(r, r));
  }
}
