package dev.activations.cpu.scalar;

import static dev.activations.cpu.scalar.Arithmetic.fastTwoSum;
import static dev.activations.cpu.scalar.Arithmetic.fineQuotientPair;
import static dev.activations.cpu.scalar.Arithmetic.pairMultiply;
import static dev.activations.cpu.scalar.Arithmetic.pairScale;
import static dev.activations.cpu.scalar.Arithmetic.pairSquare;
import static dev.activations.cpu.scalar.Arithmetic.pairSum;
import static dev.activations.cpu.scalar.Arithmetic.quiet;
import static dev.activations.cpu.scalar.Arithmetic.rootOfPair;
import static dev.activations.cpu.scalar.DoubleArithmetic.fastTwoSum;
import static dev.activations.cpu.scalar.DoubleArithmetic.fineQuotientPair;
import static dev.activations.cpu.scalar.DoubleArithmetic.pairMultiply;
import static dev.activations.cpu.scalar.DoubleArithmetic.pairScale;
import static dev.activations.cpu.scalar.DoubleArithmetic.pairSquare;
import static dev.activations.cpu.scalar.DoubleArithmetic.pairSum;
import static dev.activations.cpu.scalar.DoubleArithmetic.quiet;
import static dev.activations.cpu.scalar.DoubleArithmetic.rootOfPair;
import static dev.activations.cpu.scalar.DoubleRowArithmetic.difference;
import static dev.activations.cpu.scalar.DoubleRowArithmetic.inversePower;
import static dev.activations.cpu.scalar.DoubleRowArithmetic.limbsOf;
import static dev.activations.cpu.scalar.DoubleRowArithmetic.magnitude;
import static dev.activations.cpu.scalar.DoubleRowArithmetic.maximum;
import static dev.activations.cpu.scalar.DoubleRowArithmetic.powerBelow;
import static dev.activations.cpu.scalar.DoubleRowArithmetic.shareGradientDifference;
import static dev.activations.cpu.scalar.RowArithmetic.difference;
import static dev.activations.cpu.scalar.RowArithmetic.inversePower;
import static dev.activations.cpu.scalar.RowArithmetic.limbsOf;
import static dev.activations.cpu.scalar.RowArithmetic.magnitude;
import static dev.activations.cpu.scalar.RowArithmetic.maximum;
import static dev.activations.cpu.scalar.RowArithmetic.powerBelow;
import static dev.activations.cpu.scalar.RowArithmetic.shareGradientDifference;

/**
 * entmax15(x)[i] = max(x[i]/2 - tau, 0)² with the tau that makes their sum 1; backward dx[i] =
 * g[i]·(dy[i] - Σ g[j]·dy[j]/Σ g[j]), g = √y.
 *
 * <p>Source: Peters, Niculae, Martins 2019, arXiv:1905.05702.
 *
 * <p>Backward needs: output.
 *
 * <p>Bound: 1 ULP and 2^-44·√y[i], which shows only where x[i]/2 meets tau. Backward, for the y
 * given, 1 ULP and 2^-44·√y[i]·max|dy|, which shows only where dy[i] meets the mean.
 *
 * <p>Special rows: a NaN anywhere, or -∞ everywhere, makes the row NaN; +∞ entries share the row
 * equally. On the way back NaN or infinity anywhere makes the row NaN.
 */
public final class Entmax15 {
  private Entmax15() {}

  // ---- Forward: the largest x, Σ t² and Σ t until Newton's iteration ends, the squares ----

  /** t = max((x - m)/2 - tau, 0), at most 1. */
  private static Pair excess(float x, Row row) {
    Pair z = pairScale(difference(x, row.m()), 0.5f);
    Pair sum = pairSum(z, pairScale(row.value(), -1.0f));
    Pair t = fastTwoSum(sum.hi(), sum.lo());
    boolean in = t.hi() > 0.0f;
    return new Pair(in ? t.hi() : 0.0f, in ? t.lo() : 0.0f);
  }

  /** The larger of m and x. */
  public static float fold(float m, float x) {
    return maximum(m, x);
  }

  /** t². */
  public static Limbs term(float x, Row row) {
    return limbsOf(pairSquare(excess(x, row)));
  }

  /** t. */
  public static Limbs weight(float x, Row row) {
    return limbsOf(excess(x, row));
  }

  /**
   * Σ t² - 1 is convex in tau and falls with the slope -2·Σ t, so that Newton's steps from -1 all
   * go up. After one below 2^-40 what is left is below its square times n/2.
   */
  public static Row solve(Row row, Pair sum, Pair weight) {
    Pair less = pairSum(sum, new Pair(-1.0f, 0.0f));
    Pair step = fineQuotientPair(less, pairScale(weight, 2.0f));
    Pair tau = pairSum(row.value(), step);
    return row.with(fastTwoSum(tau.hi(), tau.lo()), step.hi() > 0x1p-40f ? 1.0f : 0.0f);
  }

  /** Returns t². */
  public static float forward(float x, Row row) {
    Pair square = pairSquare(excess(x, row));
    // No number is above -∞ in a row of -∞ alone, nor is NaN.
    return row.m() > Float.NEGATIVE_INFINITY ? square.hi() + square.lo() : Float.NaN;
  }

  // ---- Backward: the largest |dy| of the support, Σ g·dy and Σ g, the gradients ----

  /** √y, and 0 where y is not above 0. */
  private static Pair root(float y) {
    // Small ones are lifted by 2^64, and their roots brought back by 2^-32.
    boolean small = y < 0x1p-64f;
    Pair root = rootOfPair(new Pair(y * (small ? 0x1p64f : 1.0f), 0.0f));
    root = pairScale(root, small ? 0x1p-32f : 1.0f);
    boolean in = y > 0.0f;
    return new Pair(in ? root.hi() : 0.0f, in ? root.lo() : 0.0f);
  }

  /** The larger of m and |dy|, where y is in the support. */
  public static float gradientFold(float m, float y, float dy) {
    return magnitude(m, y, y > 0.0f ? dy : dy * 0.0f);
  }

  /** g·dy. */
  public static Limbs gradientTerm(float y, float dy, Row row) {
    float scaled = dy * inversePower(powerBelow(row.m())) * 0.25f;
    return limbsOf(pairMultiply(new Pair(y > 0.0f ? scaled : 0.0f, 0.0f), root(y)));
  }

  /** g. */
  public static Limbs gradientWeight(float y, float dy, Row row) {
    return limbsOf(root(y));
  }

  /** The row, with the mean of dy. */
  public static Row gradientSolve(Row row, Pair sum, Pair weight) {
    return row.with(fineQuotientPair(sum, weight), 0.0f);
  }

  /** Returns dx. */
  public static float gradient(float y, float dy, Row row) {
    float power = powerBelow(row.m());
    Pair d = pairMultiply(root(y), shareGradientDifference(dy, row));
    float r = y > 0.0f ? Math.fma(d.hi(), power, d.lo() * power) : 0.0f;
    return row.m() < Float.POSITIVE_INFINITY ? quiet(r, r) : Float.NaN;
  }

  // ---- float64, forward ----

  /** t = max((x - m)/2 - tau, 0), at most 1. */
  private static DoublePair excess(double x, DoubleRow row) {
    DoublePair z = pairScale(difference(x, row.m()), 0.5);
    DoublePair sum = pairSum(z, pairScale(row.value(), -1.0));
    DoublePair t = fastTwoSum(sum.hi(), sum.lo());
    boolean in = t.hi() > 0.0;
    return new DoublePair(in ? t.hi() : 0.0, in ? t.lo() : 0.0);
  }

  /** The larger of m and x. */
  public static double fold(double m, double x) {
    return maximum(m, x);
  }

  /** t². */
  public static DoubleLimbs term(double x, DoubleRow row) {
    return limbsOf(pairSquare(excess(x, row)));
  }

  /** t. */
  public static DoubleLimbs weight(double x, DoubleRow row) {
    return limbsOf(excess(x, row));
  }

  /**
   * Σ t² - 1 is convex in tau and falls with the slope -2·Σ t, so that Newton's steps from -1 all
   * go up. After one below 2^-50 what is left is below its square times n/2.
   */
  public static DoubleRow solve(DoubleRow row, DoublePair sum, DoublePair weight) {
    DoublePair less = pairSum(sum, new DoublePair(-1.0, 0.0));
    DoublePair step = fineQuotientPair(less, pairScale(weight, 2.0));
    DoublePair tau = pairSum(row.value(), step);
    return row.with(fastTwoSum(tau.hi(), tau.lo()), step.hi() > 0x1p-50 ? 1.0 : 0.0);
  }

  /** Returns t². */
  public static double forward(double x, DoubleRow row) {
    DoublePair square = pairSquare(excess(x, row));
    // No number is above -∞ in a row of -∞ alone, nor is NaN.
    return row.m() > Double.NEGATIVE_INFINITY ? square.hi() + square.lo() : Double.NaN;
  }

  // ---- float64, backward ----

  /** √y, and 0 where y is not above 0. */
  private static DoublePair root(double y) {
    // Small ones are lifted by 2^512, and their roots brought back by 2^-256.
    boolean small = y < 0x1p-512;
    DoublePair root = rootOfPair(new DoublePair(y * (small ? 0x1p512 : 1.0), 0.0));
    root = pairScale(root, small ? 0x1p-256 : 1.0);
    boolean in = y > 0.0;
    return new DoublePair(in ? root.hi() : 0.0, in ? root.lo() : 0.0);
  }

  /** The larger of m and |dy|, where y is in the support. */
  public static double gradientFold(double m, double y, double dy) {
    return magnitude(m, y, y > 0.0 ? dy : dy * 0.0);
  }

  /** g·dy. */
  public static DoubleLimbs gradientTerm(double y, double dy, DoubleRow row) {
    double scaled = dy * inversePower(powerBelow(row.m())) * 0.25;
    return limbsOf(pairMultiply(new DoublePair(y > 0.0 ? scaled : 0.0, 0.0), root(y)));
  }

  /** g. */
  public static DoubleLimbs gradientWeight(double y, double dy, DoubleRow row) {
    return limbsOf(root(y));
  }

  /** The row, with the mean of dy. */
  public static DoubleRow gradientSolve(DoubleRow row, DoublePair sum, DoublePair weight) {
    return row.with(fineQuotientPair(sum, weight), 0.0);
  }

  /** Returns dx. */
  public static double gradient(double y, double dy, DoubleRow row) {
    double power = powerBelow(row.m());
    DoublePair d = pairMultiply(root(y), shareGradientDifference(dy, row));
    double r = y > 0.0 ? Math.fma(d.hi(), power, d.lo() * power) : 0.0;
    return row.m() < Double.POSITIVE_INFINITY ? quiet(r, r) : Double.NaN;
  }
}
