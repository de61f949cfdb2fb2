package dev.activations.cpu.scalar;

import static dev.activations.cpu.scalar.Arithmetic.fastTwoSum;
import static dev.activations.cpu.scalar.Arithmetic.quiet;
import static dev.activations.cpu.scalar.Arithmetic.twoSum;
import static dev.activations.cpu.scalar.Arithmetic.withSign;
import static dev.activations.cpu.scalar.DoubleArithmetic.fastTwoSum;
import static dev.activations.cpu.scalar.DoubleArithmetic.quiet;
import static dev.activations.cpu.scalar.DoubleArithmetic.twoSum;
import static dev.activations.cpu.scalar.DoubleArithmetic.withSign;

/**
 * hard_swish(x) = x·min(max(x + 3, 0), 6)/6; derivative x &lt;= -3 ? 0 : x &gt;= 3 ? 1 : (2·x +
 * 3)/6.
 *
 * <p>Source: Howard et al. 2019, Searching for MobileNetV3, arXiv:1905.02244.
 *
 * <p>Backward needs: input.
 *
 * <p>Bound: 1 ULP.
 */
public final class HardSwish {
  private HardSwish() {}

  /** a/6, normalised, with 1/6 in two parts. */
  public static Pair sixth(Pair a) {
    float low = Math.fma(a.hi(), -0x1.555556p-28f, a.lo() * 0x1.555556p-3f);
    float hi = Math.fma(a.hi(), 0x1.555556p-3f, low);
    return new Pair(hi, Math.fma(a.hi(), 0x1.555556p-3f, -hi) + low);
  }

  /**
   * Returns hard_swish(x).
   *
   * @param x any float; NaN gives NaN
   */
  public static float forward(float x) {
    Pair s = sixth(fastTwoSum(3.0f, x));
    float r = withSign(Math.fma(x, s.hi(), x * s.lo()), x);
    return quiet(x, x <= -3.0f ? -0.0f : x >= 3.0f ? x : r);
  }

  /**
   * Returns the derivative of hard_swish at x.
   *
   * @param x any float; NaN gives NaN
   */
  public static float derivative(float x) {
    float r = sixth(twoSum(3.0f, x + x)).hi();
    return quiet(x, x <= -3.0f ? 0.0f : x >= 3.0f ? 1.0f : r);
  }

  // ---- float64 ----

  /** a/6, normalised, with 1/6 in two parts. */
  private static DoublePair sixth(DoublePair a) {
    double low = Math.fma(a.hi(), 0x1.5555555555555p-57, a.lo() * 0x1.5555555555555p-3);
    double hi = Math.fma(a.hi(), 0x1.5555555555555p-3, low);
    return new DoublePair(hi, Math.fma(a.hi(), 0x1.5555555555555p-3, -hi) + low);
  }

  /**
   * Returns hard_swish(x).
   *
   * @param x any double; NaN gives NaN
   */
  public static double forward(double x) {
    DoublePair s = sixth(fastTwoSum(3.0, x));
    double r = withSign(Math.fma(x, s.hi(), x * s.lo()), x);
    return quiet(x, x <= -3.0 ? -0.0 : x >= 3.0 ? x : r);
  }

  /**
   * Returns the derivative of hard_swish at x.
   *
   * @param x any double; NaN gives NaN
   */
  public static double derivative(double x) {
    double r = sixth(twoSum(3.0, x + x)).hi();
    return quiet(x, x <= -3.0 ? 0.0 : x >= 3.0 ? 1.0 : r);
  }
}
