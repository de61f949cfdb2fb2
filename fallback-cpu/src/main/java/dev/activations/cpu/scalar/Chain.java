package dev.activations.cpu.scalar;

import static dev.activations.cpu.scalar.Arithmetic.quiet;
import static dev.activations.cpu.scalar.DoubleArithmetic.quiet;

/** The chain rule, which makes the derivative of a pointwise function its backward pass. */
public final class Chain {
  private Chain() {}

  /** derivative·dy, rounded once; the one NaN of this library where the product is none. */
  public static float multiply(float derivative, float dy) {
    float product = derivative * dy;
    return quiet(product, product);
  }

  /** derivative·dy, rounded once; the one NaN of this library where the product is none. */
  public static double multiply(double derivative, double dy) {
    double product = derivative * dy;
    return quiet(product, product);
  }
}
