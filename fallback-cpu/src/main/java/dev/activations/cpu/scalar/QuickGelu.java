package dev.activations.cpu.scalar;

import static dev.activations.cpu.scalar.Arithmetic.clampedMagnitude;
import static dev.activations.cpu.scalar.Arithmetic.fastTwoSum;
import static dev.activations.cpu.scalar.Arithmetic.pairMultiply;
import static dev.activations.cpu.scalar.Arithmetic.pairProduct;
import static dev.activations.cpu.scalar.Arithmetic.quiet;
import static dev.activations.cpu.scalar.Arithmetic.timesSigmoid;
import static dev.activations.cpu.scalar.Arithmetic.timesSigmoidDerivative;

/**
 * quick_gelu(x) = x·σ(1.702·x); derivative σ(z) + z·σ(z)·(1 - σ(z)), z = 1.702·x.
 *
 * <p>Source: Hendrycks, Gimpel 2016, arXiv:1606.08415, section 2.
 *
 * <p>Backward needs: input. Bound: 1 ULP.
 */
public final class QuickGelu {
  private QuickGelu() {}

  /**
   * Returns quick_gelu(x).
   *
   * @param x any float; NaN gives NaN
   */
  public static float forward(float x) {
    float a = clampedMagnitude(x, 76.0f);
    Pair y = pairProduct(new Pair(-0x1.b3b646p0f, 0x1.78d4fep-26f), a);
    return quiet(x, a < 76.0f ? timesSigmoid(x, y) : x < 0.0f ? -0.0f : x);
  }

  /**
   * Returns the derivative of quick_gelu at x.
   *
   * <p>The root of timesSigmoidDerivative is at |x| = a0 = 0.751.
   *
   * @param x any float; NaN gives NaN
   */
  public static float derivative(float x) {
    float a = clampedMagnitude(x, 64.0f);

    // a0 - a, a0 = 0.75 + 0x1.2e94c6p-10 - 0x1.07085cp-35
    Pair first = fastTwoSum(0.75f, -a);
    Pair second = fastTwoSum(first.hi(), 0x1.2e94c6p-10f);
    Pair distance = new Pair(second.hi(), second.lo() + (first.lo() - 0x1.07085cp-35f));
    Pair d = pairMultiply(distance, new Pair(0x1.b3b646p0f, -0x1.78d4fep-26f));

    Pair root = new Pair(0x1.1d25dp-2f, -0x1.bdf6fap-27f); // e^(-1.702·a0)
    return quiet(x, timesSigmoidDerivative(x, d, d, root));
  }
}
