package dev.activations.cpu.scalar;

import static dev.activations.cpu.scalar.Arithmetic.quiet;
import static dev.activations.cpu.scalar.Arithmetic.twoProduct;
import static dev.activations.cpu.scalar.Arithmetic.twoSum;
import static dev.activations.cpu.scalar.DoubleArithmetic.quiet;
import static dev.activations.cpu.scalar.DoubleArithmetic.twoProduct;
import static dev.activations.cpu.scalar.DoubleArithmetic.twoSum;

/**
 * hard_sigmoid(x) = min(max(slope·x + offset, 0), 1); derivative 0 &lt; slope·x + offset &lt; 1 ?
 * slope : 0.
 *
 * <p>Source: Courbariaux, Bengio, David 2015, arXiv:1511.00363.
 *
 * <p>Backward needs: input or output. Bound: 0.5 ULP; derivative exact.
 */
public final class HardSigmoid {
  private HardSigmoid() {}

  /**
   * Returns hard_sigmoid(x).
   *
   * @param x any float; NaN gives NaN
   * @param slope factor of x, positive
   * @param offset value at zero, finite
   */
  public static float forward(float x, float slope, float offset) {
    float z = Math.fma(slope, x, offset);
    return quiet(x, z > 0.0f ? (z < 1.0f ? z : 1.0f) : 0.0f);
  }

  /**
   * Returns the derivative of hard_sigmoid at x.
   *
   * @param x any float; NaN gives NaN
   * @param slope factor of x, positive
   * @param offset value at zero, finite
   */
  public static float derivative(float x, float slope, float offset) {
    // Rounding keeps the sign of z, but may lift it to 1: the sign of z - 1 needs all of its
    // digits.
    // Beyond the limit the product might overflow, so all is scaled down; what offset and 1 lose by
    // that is nothing beside it.
    float scale = Math.abs(x) > 0x1p64f ? 0x1p-64f : 1.0f;
    float z = offset == 0.0f ? x : Math.fma(slope, x, offset);
    Pair product = twoProduct(slope, x * scale);
    Pair rest = twoSum(offset * scale, -scale);
    Pair sum = twoSum(product.hi(), rest.hi());
    float above = sum.hi() + (sum.lo() + (product.lo() + rest.lo()));
    return quiet(x, z > 0.0f ? (above < 0.0f ? slope : 0.0f) : 0.0f);
  }

  /**
   * Returns the derivative of hard_sigmoid where its value is y: slope if 0 &lt; y &lt; 1, else 0.
   *
   * @param y an output; beyond the range it counts as its end; NaN gives NaN
   * @param slope factor of x, positive
   * @param offset value at zero, finite
   */
  public static float derivativeFromOutput(float y, float slope, float offset) {
    return quiet(y, y > 0.0f ? (y < 1.0f ? slope : 0.0f) : 0.0f);
  }

  // ---- float64 ----

  /**
   * Returns hard_sigmoid(x).
   *
   * @param x any double; NaN gives NaN
   * @param slope factor of x, positive
   * @param offset value at zero, finite
   */
  public static double forward(double x, double slope, double offset) {
    double z = Math.fma(slope, x, offset);
    return quiet(x, z > 0.0 ? (z < 1.0 ? z : 1.0) : 0.0);
  }

  /**
   * Returns the derivative of hard_sigmoid at x.
   *
   * @param x any double; NaN gives NaN
   * @param slope factor of x, positive
   * @param offset value at zero, finite
   */
  public static double derivative(double x, double slope, double offset) {
    // As for floats.
    double scale = Math.abs(x) > 0x1p256 ? 0x1p-256 : 1.0;
    double z = offset == 0.0 ? x : Math.fma(slope, x, offset);
    DoublePair product = twoProduct(slope, x * scale);
    DoublePair rest = twoSum(offset * scale, -scale);
    DoublePair sum = twoSum(product.hi(), rest.hi());
    double above = sum.hi() + (sum.lo() + (product.lo() + rest.lo()));
    return quiet(x, z > 0.0 ? (above < 0.0 ? slope : 0.0) : 0.0);
  }

  /**
   * Returns the derivative of hard_sigmoid where its value is y: slope if 0 &lt; y &lt; 1, else 0.
   *
   * @param y an output; beyond the range it counts as its end; NaN gives NaN
   * @param slope factor of x, positive
   * @param offset value at zero, finite
   */
  public static double derivativeFromOutput(double y, double slope, double offset) {
    return quiet(y, y > 0.0 ? (y < 1.0 ? slope : 0.0) : 0.0);
  }
}
