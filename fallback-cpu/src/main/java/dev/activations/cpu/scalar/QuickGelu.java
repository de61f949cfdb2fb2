package dev.activations.cpu.scalar;

import static dev.activations.cpu.scalar.Arithmetic.clampedMagnitude;
import static dev.activations.cpu.scalar.Arithmetic.fastTwoSum;
import static dev.activations.cpu.scalar.Arithmetic.pairMultiply;
import static dev.activations.cpu.scalar.Arithmetic.pairProduct;
import static dev.activations.cpu.scalar.Arithmetic.timesSigmoid;
import static dev.activations.cpu.scalar.Arithmetic.timesSigmoidDerivative;
import static dev.activations.cpu.scalar.DoubleArithmetic.clampedMagnitude;
import static dev.activations.cpu.scalar.DoubleArithmetic.fastTwoSum;
import static dev.activations.cpu.scalar.DoubleArithmetic.pairMultiply;
import static dev.activations.cpu.scalar.DoubleArithmetic.pairProduct;
import static dev.activations.cpu.scalar.DoubleArithmetic.quiet;
import static dev.activations.cpu.scalar.DoubleArithmetic.timesSigmoid;
import static dev.activations.cpu.scalar.DoubleArithmetic.timesSigmoidDerivative;
import static dev.activations.cpu.scalar.DoubleArithmetic.twoSum;

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
    return timesSigmoid(x, pairProduct(new Pair(-0x1.b3b646p0f, 0x1.78d4fep-26f), x));
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
    return timesSigmoidDerivative(x, d, d, root);
  }

  // ---- float64 ----

  /**
   * Returns quick_gelu(x).
   *
   * @param x any double; NaN gives NaN
   */
  public static double forward(double x) {
    double a = clampedMagnitude(x, 460.0);
    DoublePair y = pairProduct(new DoublePair(-0x1.b3b645a1cac08p0, -0x1.89374bc6a7efap-55), a);
    return quiet(x, a < 460.0 ? timesSigmoid(x, y) : x < 0.0 ? -0.0 : x);
  }

  /**
   * Returns the derivative of quick_gelu at x.
   *
   * <p>The root of timesSigmoidDerivative is at |x| = a0 = 0.751.
   *
   * @param x any double; NaN gives NaN
   */
  public static double derivative(double x) {
    double a = clampedMagnitude(x, 450.0);

    // a0 - a, a0 = 0x1.80974a62be3dfp-1 - 0x1.b12c858d26bfp-55
    DoublePair distance = twoSum(0x1.80974a62be3dfp-1, -a);
    distance = fastTwoSum(distance.hi(), distance.lo() - 0x1.b12c858d26bfp-55);
    DoublePair d =
        pairMultiply(distance, new DoublePair(0x1.b3b645a1cac08p0, 0x1.89374bc6a7efap-55));

    DoublePair root = new DoublePair(0x1.1d25cf210482ep-2, -0x1.ca2d0d94faaecp-60); // e^(-1.702·a0)
    return quiet(x, timesSigmoidDerivative(x, d, d, root));
  }
}
