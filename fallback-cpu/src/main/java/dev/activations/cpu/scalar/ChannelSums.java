package dev.activations.cpu.scalar;

import static dev.activations.cpu.scalar.Arithmetic.pairScale;
import static dev.activations.cpu.scalar.Arithmetic.quiet;
import static dev.activations.cpu.scalar.DoubleArithmetic.pairScale;
import static dev.activations.cpu.scalar.DoubleArithmetic.quiet;

/**
 * The sum of the terms of a channel, in any order: {@link #magnitude} over the terms, from 0;
 * {@link RowArithmetic#sumOfLimbs} of the added limbs of {@link #limbs}; then {@link #total}. A
 * limb is an integer, and adding integers is exact.
 *
 * <p>Bound: for n terms, at most 2^32, 1 ULP of the exact sum and max|term|·n·2^-53, of doubles
 * max|term|·n·2^-87. A NaN or an infinity among the terms makes the sum NaN.
 */
public final class ChannelSums {
  private ChannelSums() {}

  /** The larger of m and |term|; NaN once any is NaN. */
  public static float magnitude(float m, float term) {
    return RowArithmetic.maximum(m, Math.abs(term));
  }

  /** The larger of m and the magnitude of an element's term for its weight. */
  public static float weightMagnitude(float m, float x, float dy) {
    return magnitude(m, Prelu.weightTerm(x, dy).hi());
  }

  /** A term in units of 4·powerBelow(m), which keeps it below 1. */
  public static Limbs limbs(float term, float m) {
    return pairLimbs(new Pair(term, 0.0f), m);
  }

  /** The same of an element's term for its weight. */
  public static Limbs weightLimbs(float x, float dy, float m) {
    return pairLimbs(Prelu.weightTerm(x, dy), m);
  }

  private static Limbs pairLimbs(Pair term, float m) {
    return RowArithmetic.limbsOf(
        pairScale(term, RowArithmetic.inversePower(RowArithmetic.powerBelow(m)) * 0.25f));
  }

  /** The sum, of added limbs as a pair. */
  public static float total(Pair sum, float m) {
    Pair four = pairScale(sum, 4.0f);
    float power = RowArithmetic.powerBelow(m);
    float r = Math.fma(four.hi(), power, four.lo() * power);
    // Of an infinite m the difference is no number.
    return quiet(m - m, quiet(r, r));
  }

  // ---- float64 ----

  /** The larger of m and |term|; NaN once any is NaN. */
  public static double magnitude(double m, double term) {
    return DoubleRowArithmetic.maximum(m, Math.abs(term));
  }

  /** The larger of m and the magnitude of an element's term for its weight. */
  public static double weightMagnitude(double m, double x, double dy) {
    return magnitude(m, Prelu.weightTerm(x, dy).hi());
  }

  /** A term in units of 4·powerBelow(m), which keeps it below 1. */
  public static DoubleLimbs limbs(double term, double m) {
    return pairLimbs(new DoublePair(term, 0.0), m);
  }

  /** The same of an element's term for its weight. */
  public static DoubleLimbs weightLimbs(double x, double dy, double m) {
    return pairLimbs(Prelu.weightTerm(x, dy), m);
  }

  private static DoubleLimbs pairLimbs(DoublePair term, double m) {
    double power = DoubleRowArithmetic.powerBelow(m);
    return DoubleRowArithmetic.limbsOf(
        pairScale(term, DoubleRowArithmetic.inversePower(power) * 0.25));
  }

  /** The sum, of added limbs as a pair. */
  public static double total(DoublePair sum, double m) {
    DoublePair four = pairScale(sum, 4.0);
    double power = DoubleRowArithmetic.powerBelow(m);
    double r = Math.fma(four.hi(), power, four.lo() * power);
    return quiet(m - m, quiet(r, r));
  }
}
