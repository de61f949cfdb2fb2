package dev.activations.cpu.scalar;

import static dev.activations.cpu.scalar.Arithmetic.fastTwoSum;
import static dev.activations.cpu.scalar.Arithmetic.minusMagnitude;
import static dev.activations.cpu.scalar.Arithmetic.quiet;
import static dev.activations.cpu.scalar.Arithmetic.timesSigmoid;
import static dev.activations.cpu.scalar.Arithmetic.timesSigmoidDerivative;
import static dev.activations.cpu.scalar.Arithmetic.twoSum;

/**
 * silu(x) = x·σ(beta·x); derivative σ(z) + z·σ(z)·(1 - σ(z)), z = beta·x, σ(z) = 1/(1 + e^-z).
 *
 * <p>Source: Elfwing, Uchibe, Doya 2017, arXiv:1702.03118; Ramachandran et al. 2017.
 *
 * <p>Backward needs: input. Bound: 1 ULP for every beta.
 */
public final class Silu {
  private Silu() {}

  /**
   * Returns silu(x).
   *
   * @param x any float; NaN gives NaN
   * @param beta sharpness of the bend, in [2^-32, 2^32]
   */
  public static float forward(float x, float beta) {
    Pair y = minusMagnitude(x, beta, 132.0f);
    float r = timesSigmoid(x, y);
    return quiet(x, y.hi() > -132.0f ? r : x < 0.0f ? -0.0f : x);
  }

  /**
   * Returns the derivative of silu at x.
   *
   * <p>The root of timesSigmoidDerivative is where y = -|z| is z0 = -1.278.
   *
   * @param x any float; NaN gives NaN
   * @param beta sharpness of the bend, in [2^-32, 2^32]
   */
  public static float derivative(float x, float beta) {
    Pair y = minusMagnitude(x, beta, 110.0f);

    // d = y - z0, z0 = -1.25 - 0x1.d25cf2p-6 - 0x1.0482ep-34 + 0x1.ca2d0ep-60. Near the root the
    // leading parts cancel exactly, and then even the last counts.
    Pair first = fastTwoSum(1.25f, y.hi());
    Pair second = fastTwoSum(first.hi(), 0x1.d25cf2p-6f);
    Pair third = twoSum(second.hi(), y.lo());
    Pair last = twoSum(third.hi(), 0x1.0482ep-34f);
    Pair d =
        fastTwoSum(
            last.hi(), last.lo() + (third.lo() + ((second.lo() + first.lo()) - 0x1.ca2d0ep-60f)));

    Pair root = new Pair(0x1.1d25dp-2f, -0x1.bdf6fap-27f); // e^z0
    return quiet(x, timesSigmoidDerivative(x, d, d, root));
  }
}
