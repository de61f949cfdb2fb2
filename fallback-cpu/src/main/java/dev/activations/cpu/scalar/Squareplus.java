package dev.activations.cpu.scalar;

import static dev.activations.cpu.scalar.Arithmetic.addToPair;
import static dev.activations.cpu.scalar.Arithmetic.clampedMagnitude;
import static dev.activations.cpu.scalar.Arithmetic.pairMultiply;
import static dev.activations.cpu.scalar.Arithmetic.pairPlus;
import static dev.activations.cpu.scalar.Arithmetic.pairScale;
import static dev.activations.cpu.scalar.Arithmetic.quiet;
import static dev.activations.cpu.scalar.Arithmetic.quotient;
import static dev.activations.cpu.scalar.Arithmetic.quotientPair;
import static dev.activations.cpu.scalar.Arithmetic.rootOfPair;
import static dev.activations.cpu.scalar.Arithmetic.twoProduct;
import static dev.activations.cpu.scalar.DoubleArithmetic.addToPair;
import static dev.activations.cpu.scalar.DoubleArithmetic.clampedMagnitude;
import static dev.activations.cpu.scalar.DoubleArithmetic.pairMultiply;
import static dev.activations.cpu.scalar.DoubleArithmetic.pairPlus;
import static dev.activations.cpu.scalar.DoubleArithmetic.pairScale;
import static dev.activations.cpu.scalar.DoubleArithmetic.quiet;
import static dev.activations.cpu.scalar.DoubleArithmetic.quotient;
import static dev.activations.cpu.scalar.DoubleArithmetic.quotientPair;
import static dev.activations.cpu.scalar.DoubleArithmetic.rootOfPair;
import static dev.activations.cpu.scalar.DoubleArithmetic.twoProduct;

/**
 * squareplus(x) = (x + √(x² + b))/2; derivative (1 + x/√(x² + b))/2.
 *
 * <p>Source: Barron 2021, Squareplus, arXiv:2112.11687.
 *
 * <p>Backward needs: input. Bound: 1 ULP for every b.
 *
 * <p>With a = |x|, w = √(a² + b) and h = (w + a)/2 it is h on the right of zero and b/(4h) on the
 * left, and the derivative is 1 - b/(4hw) and b/(4hw): nothing cancels. From 2^40 on all is scaled
 * by 2^-80, where the square of a would overflow and b is nothing beside it.
 */
public final class Squareplus {
  private Squareplus() {}

  /** √(m² + b) for m &gt;= 0. */
  private static Pair root(float m, float b) {
    Pair square = twoProduct(m, m);
    return rootOfPair(pairPlus(square, b));
  }

  /** (w + m)/2. */
  private static Pair mean(Pair w, float m) {
    return pairScale(pairPlus(w, m), 0.5f);
  }

  /**
   * Returns squareplus(x).
   *
   * @param x any float; NaN gives NaN
   * @param b size of the bend, in [2^-32, 2^32]
   */
  public static float forward(float x, float b) {
    float a = clampedMagnitude(x, 0x1.fffffep127f);
    float scale = a > 0x1p40f ? 0x1p-80f : 1.0f;
    float m = a * scale;
    Pair h = mean(root(m, b * scale * scale), m);
    float right = a > 0x1p40f ? x : h.hi() + h.lo();
    float left = quotient(new Pair(b * 0.25f, 0.0f), h) * scale;
    // Where x is -∞.
    float least = x < -0x1.fffffep127f ? 0.0f : left;
    return quiet(x, x < 0.0f ? least : right);
  }

  /**
   * Returns the derivative of squareplus at x.
   *
   * @param x any float; NaN gives NaN
   * @param b size of the bend, in [2^-32, 2^32]
   */
  public static float derivative(float x, float b) {
    float a = clampedMagnitude(x, 0x1.fffffep127f);
    float scale = a > 0x1p40f ? 0x1p-80f : 1.0f;
    float m = a * scale;
    Pair w = root(m, b * scale * scale);
    Pair q = quotientPair(new Pair(b * 0.25f, 0.0f), pairMultiply(mean(w, m), w));
    Pair g = pairScale(pairScale(q, scale), scale);
    Pair right = addToPair(1.0f, new Pair(-g.hi(), -g.lo()));
    return quiet(x, x < 0.0f ? g.hi() : right.hi() + right.lo());
  }

  // ---- float64 ----

  /** √(m² + b) for m &gt;= 0. */
  private static DoublePair squareplusRoot(double m, double b) {
    DoublePair square = twoProduct(m, m);
    return rootOfPair(pairPlus(square, b));
  }

  /** (w + m)/2. */
  private static DoublePair squareplusMean(DoublePair w, double m) {
    return pairScale(pairPlus(w, m), 0.5);
  }

  /**
   * Returns squareplus(x).
   *
   * @param x any double; NaN gives NaN
   * @param b size of the bend, in [2^-32, 2^32]
   */
  public static double forward(double x, double b) {
    double a = clampedMagnitude(x, 0x1.fffffffffffffp1023);
    double scale = a > 0x1p200 ? 0x1p-600 : 1.0;
    double m = a * scale;
    DoublePair h = squareplusMean(squareplusRoot(m, b * scale * scale), m);
    double right = a > 0x1p200 ? x : h.hi() + h.lo();
    double left = quotient(new DoublePair(b * 0.25, 0.0), h) * scale;
    // Where x is -∞.
    double least = x < -0x1.fffffffffffffp1023 ? 0.0 : left;
    return quiet(x, x < 0.0 ? least : right);
  }

  /**
   * Returns the derivative of squareplus at x.
   *
   * @param x any double; NaN gives NaN
   * @param b size of the bend, in [2^-32, 2^32]
   */
  public static double derivative(double x, double b) {
    double a = clampedMagnitude(x, 0x1.fffffffffffffp1023);
    double scale = a > 0x1p200 ? 0x1p-600 : 1.0;
    double m = a * scale;
    DoublePair w = squareplusRoot(m, b * scale * scale);
    DoublePair q =
        quotientPair(new DoublePair(b * 0.25, 0.0), pairMultiply(squareplusMean(w, m), w));
    DoublePair g = pairScale(pairScale(q, scale), scale);
    DoublePair right = addToPair(1.0, new DoublePair(-g.hi(), -g.lo()));
    return quiet(x, x < 0.0 ? g.hi() : right.hi() + right.lo());
  }
}
