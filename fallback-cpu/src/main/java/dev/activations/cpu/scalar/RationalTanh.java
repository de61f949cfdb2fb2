package dev.activations.cpu.scalar;

import static dev.activations.cpu.scalar.Arithmetic.clampedMagnitude;
import static dev.activations.cpu.scalar.Arithmetic.pairMultiply;
import static dev.activations.cpu.scalar.Arithmetic.pairPlus;
import static dev.activations.cpu.scalar.Arithmetic.pairProduct;
import static dev.activations.cpu.scalar.Arithmetic.pairScale;
import static dev.activations.cpu.scalar.Arithmetic.pairSquare;
import static dev.activations.cpu.scalar.Arithmetic.pairSum;
import static dev.activations.cpu.scalar.Arithmetic.quiet;
import static dev.activations.cpu.scalar.Arithmetic.quotient;
import static dev.activations.cpu.scalar.Arithmetic.withSign;
import static dev.activations.cpu.scalar.DoubleArithmetic.clampedMagnitude;
import static dev.activations.cpu.scalar.DoubleArithmetic.pairMultiply;
import static dev.activations.cpu.scalar.DoubleArithmetic.pairPlus;
import static dev.activations.cpu.scalar.DoubleArithmetic.pairProduct;
import static dev.activations.cpu.scalar.DoubleArithmetic.pairScale;
import static dev.activations.cpu.scalar.DoubleArithmetic.pairSquare;
import static dev.activations.cpu.scalar.DoubleArithmetic.pairSum;
import static dev.activations.cpu.scalar.DoubleArithmetic.quiet;
import static dev.activations.cpu.scalar.DoubleArithmetic.quotient;
import static dev.activations.cpu.scalar.DoubleArithmetic.withSign;

/**
 * rational_tanh(x) = 1.7159·t(2/3·x), t(y) = sign(y)·(1 - 1/(1 + s)), s = |y| + y² + 1.41645·y⁴;
 * derivative 1.7159·2/3·s'/(1 + s)².
 *
 * <p>Source: ND4J's RationalTanh, after LeCun et al. 1998, doi:10.1007/3-540-49430-8_2.
 *
 * <p>Backward needs: input. Bound: 1 ULP.
 */
public final class RationalTanh {
  private RationalTanh() {}

  /**
   * Returns rational_tanh(x).
   *
   * @param x any float; NaN gives NaN
   */
  public static float forward(float x) {
    // From 2^10 on the result rounds to 1.7159; below 2^-14 it is 1.7159·2/3·x.
    float a = clampedMagnitude(x, 0x1p10f);
    Pair y = pairProduct(new Pair(0x1.555556p-1f, -0x1.555556p-26f), a);
    Pair square = pairSquare(y);
    Pair cubic = pairMultiply(pairMultiply(square, y), new Pair(0x1.6a9c78p0f, -0x1.9652bep-26f));
    Pair s = pairMultiply(y, pairSum(pairPlus(y, 1.0f), cubic));
    Pair n = pairMultiply(s, new Pair(0x1.b74538p0f, 0x1.de69aep-25f));
    float r = quotient(n, pairPlus(s, 1.0f));
    float lifted = a * 0x1p64f;
    float line = Math.fma(lifted, 0x1.24d8dp0f, lifted * 0x1.3ef11ep-25f) * 0x1p-64f;
    return quiet(x, withSign(a < 0x1p-14f ? line : r, x));
  }

  /**
   * Returns the derivative of rational_tanh at x.
   *
   * <p>From 2^10 on numerator and denominator are scaled by k³ and k⁴, k = 2^-20, and the quotient
   * by k⁵.
   *
   * @param x any float; NaN gives NaN
   */
  public static float derivative(float x) {
    // From 2^32 on the result is 0.
    float a = clampedMagnitude(x, 0x1p32f);
    float k = a > 0x1p10f ? 0x1p-20f : 1.0f;
    Pair y = pairProduct(new Pair(0x1.555556p-1f, -0x1.555556p-26f), a * k);
    Pair quadratic = pairMultiply(pairSquare(y), new Pair(0x1.6a9c78p0f, -0x1.9652bep-26f));
    Pair slope = pairPlus(pairScale(quadratic, 4.0f), k * k + k * k);
    Pair n = pairPlus(pairMultiply(y, slope), k * k * k);
    Pair inner = pairPlus(quadratic, k * k);
    Pair line = pairPlus(pairMultiply(y, inner), k * k * k);
    Pair d = pairPlus(pairMultiply(y, line), k * k * k * k);
    Pair scaled = pairMultiply(n, new Pair(0x1.24d8dp0f, 0x1.3ef11ep-25f));
    return quiet(x, quotient(scaled, pairSquare(d)) * (k * k * k * k * k));
  }

  // ---- float64 ----

  /**
   * Returns rational_tanh(x).
   *
   * @param x any double; NaN gives NaN
   */
  public static double forward(double x) {
    // From 2^15 on the result rounds to 1.7159; below 2^-28 it is 1.7159·2/3·x.
    double a = clampedMagnitude(x, 0x1p15);
    DoublePair y = pairProduct(new DoublePair(0x1.5555555555555p-1, 0x1.5555555555555p-55), a);
    DoublePair square = pairSquare(y);
    DoublePair cubic =
        pairMultiply(
            pairMultiply(square, y), new DoublePair(0x1.6a9c779a6b50bp0, 0x1.e4f765fd8adacp-57));
    DoublePair s = pairMultiply(y, pairSum(pairPlus(y, 1.0), cubic));
    DoublePair n = pairMultiply(s, new DoublePair(0x1.b74538ef34d6ap0, 0x1.61e4f765fd8aep-56));
    double r = quotient(n, pairPlus(s, 1.0));
    double lifted = a * 0x1p128;
    double line = Math.fma(lifted, 0x1.24d8d09f788f1p0, lifted * 0x1.9050d3e654ec8p-54) * 0x1p-128;
    return quiet(x, withSign(a < 0x1p-28 ? line : r, x));
  }

  /**
   * Returns the derivative of rational_tanh at x.
   *
   * <p>From 2^10 on numerator and denominator are scaled by k³ and k⁴, k = 2^-20, and the quotient
   * by k⁵.
   *
   * @param x any double; NaN gives NaN
   */
  public static double derivative(double x) {
    // From 2^216 on the result is 0.
    double a = clampedMagnitude(x, 0x1p216);
    double k = a > 0x1p20 ? 0x1p-120 : 1.0;
    DoublePair y = pairProduct(new DoublePair(0x1.5555555555555p-1, 0x1.5555555555555p-55), a * k);
    DoublePair quadratic =
        pairMultiply(pairSquare(y), new DoublePair(0x1.6a9c779a6b50bp0, 0x1.e4f765fd8adacp-57));
    DoublePair slope = pairPlus(pairScale(quadratic, 4.0), k * k + k * k);
    DoublePair n = pairPlus(pairMultiply(y, slope), k * k * k);
    DoublePair inner = pairPlus(quadratic, k * k);
    DoublePair line = pairPlus(pairMultiply(y, inner), k * k * k);
    DoublePair d = pairPlus(pairMultiply(y, line), k * k * k * k);
    DoublePair scaled = pairMultiply(n, new DoublePair(0x1.24d8d09f788f1p0, 0x1.9050d3e654ec8p-54));
    return quiet(x, quotient(scaled, pairSquare(d)) * (k * k * k * k * k));
  }
}
