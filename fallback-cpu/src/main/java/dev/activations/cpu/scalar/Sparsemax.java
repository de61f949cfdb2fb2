package dev.activations.cpu.scalar;

import static dev.activations.cpu.scalar.Arithmetic.fineQuotientPair;
import static dev.activations.cpu.scalar.Arithmetic.pairScale;
import static dev.activations.cpu.scalar.Arithmetic.pairSum;
import static dev.activations.cpu.scalar.Arithmetic.quiet;
import static dev.activations.cpu.scalar.DoubleArithmetic.fineQuotientPair;
import static dev.activations.cpu.scalar.DoubleArithmetic.pairScale;
import static dev.activations.cpu.scalar.DoubleArithmetic.pairSum;
import static dev.activations.cpu.scalar.DoubleArithmetic.quiet;
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
 * sparsemax(x)[i] = max(x[i] - tau, 0) with the tau that makes their sum 1; backward dx[i] = y[i]
 * &gt; 0 ? dy[i] - mean of dy where y &gt; 0 : 0.
 *
 * <p>Source: Martins, Astudillo 2016, arXiv:1602.02068; the iteration: Michelot 1986,
 * doi:10.1007/BF00938486.
 *
 * <p>Backward needs: output.
 *
 * <p>Bound: 1 ULP and 2^-45, which shows only where x[i] meets tau. Backward, for the y given, 1
 * ULP and 2^-45·max|dy|, which shows only where dy[i] meets the mean.
 *
 * <p>Special rows: a NaN anywhere, or -∞ everywhere, makes the row NaN; +∞ entries share the row
 * equally. On the way back NaN or infinity anywhere makes the row NaN.
 */
public final class Sparsemax {
  private Sparsemax() {}

  // ---- Forward: the largest x, Σ (x - m) over the support until it is the same, the excesses ----

  /** x - m - tau. What is more than 1 below the largest is never in the support. */
  private static Pair excess(float x, Row row) {
    return pairSum(difference(x, row.m()), pairScale(row.value(), -1.0f));
  }

  /** The larger of m and x. */
  public static float fold(float m, float x) {
    return maximum(m, x);
  }

  /** x - m, where x is in the support. */
  public static Limbs term(float x, Row row) {
    Pair excess = excess(x, row);
    Pair d = difference(x, row.m());
    boolean in = excess.hi() + excess.lo() > 0.0f;
    return limbsOf(new Pair(in ? d.hi() : 0.0f, in ? d.lo() : 0.0f));
  }

  /** One, where x is in the support. */
  public static Limbs weight(float x, Row row) {
    Pair excess = excess(x, row);
    return limbsOf(new Pair(excess.hi() + excess.lo() > 0.0f ? 1.0f : 0.0f, 0.0f));
  }

  /** tau of a support grows as the support shrinks. As long as it does there is another sum. */
  public static Row solve(Row row, Pair sum, Pair weight) {
    Pair less = pairSum(sum, new Pair(-1.0f, 0.0f));
    Pair tau = fineQuotientPair(less, weight);
    boolean grows = tau.hi() > row.hi() || (tau.hi() == row.hi() && tau.lo() > row.lo());
    Pair larger = new Pair(grows ? tau.hi() : row.hi(), grows ? tau.lo() : row.lo());
    return row.with(larger, grows ? 1.0f : 0.0f);
  }

  /** Returns what x exceeds tau by. */
  public static float forward(float x, Row row) {
    Pair excess = excess(x, row);
    float y = excess.hi() + excess.lo();
    // No number is above -∞ in a row of -∞ alone, nor is NaN.
    return row.m() > Float.NEGATIVE_INFINITY ? (y > 0.0f ? y : 0.0f) : Float.NaN;
  }

  // ---- Backward: the largest |dy| of the support, its Σ dy and size, the gradients ----

  /** The larger of m and |dy|, where y is in the support. */
  public static float gradientFold(float m, float y, float dy) {
    return magnitude(m, y, y > 0.0f ? dy : dy * 0.0f);
  }

  /** dy, where y is in the support. */
  public static Limbs gradientTerm(float y, float dy, Row row) {
    float scaled = dy * inversePower(powerBelow(row.m()));
    return limbsOf(new Pair(y > 0.0f ? scaled * 0.25f : 0.0f, 0.0f));
  }

  /** One, where y is in the support. */
  public static Limbs gradientWeight(float y, float dy, Row row) {
    return limbsOf(new Pair(y > 0.0f ? 1.0f : 0.0f, 0.0f));
  }

  /** The row, with the mean of dy. */
  public static Row gradientSolve(Row row, Pair sum, Pair weight) {
    return row.with(fineQuotientPair(sum, weight), 0.0f);
  }

  /** Returns dx. */
  public static float gradient(float y, float dy, Row row) {
    float power = powerBelow(row.m());
    Pair d = shareGradientDifference(dy, row);
    float r = y > 0.0f ? Math.fma(d.hi(), power, d.lo() * power) : 0.0f;
    return row.m() < Float.POSITIVE_INFINITY ? quiet(r, r) : Float.NaN;
  }

  // ---- float64, forward ----

  /** x - m - tau. What is more than 1 below the largest is never in the support. */
  private static DoublePair excess(double x, DoubleRow row) {
    return pairSum(difference(x, row.m()), pairScale(row.value(), -1.0));
  }

  /** The larger of m and x. */
  public static double fold(double m, double x) {
    return maximum(m, x);
  }

  /** x - m, where x is in the support. */
  public static DoubleLimbs term(double x, DoubleRow row) {
    DoublePair excess = excess(x, row);
    DoublePair d = difference(x, row.m());
    boolean in = excess.hi() + excess.lo() > 0.0;
    return limbsOf(new DoublePair(in ? d.hi() : 0.0, in ? d.lo() : 0.0));
  }

  /** One, where x is in the support. */
  public static DoubleLimbs weight(double x, DoubleRow row) {
    DoublePair excess = excess(x, row);
    return limbsOf(new DoublePair(excess.hi() + excess.lo() > 0.0 ? 1.0 : 0.0, 0.0));
  }

  /** tau of a support grows as the support shrinks. As long as it does there is another sum. */
  public static DoubleRow solve(DoubleRow row, DoublePair sum, DoublePair weight) {
    DoublePair less = pairSum(sum, new DoublePair(-1.0, 0.0));
    DoublePair tau = fineQuotientPair(less, weight);
    boolean grows = tau.hi() > row.hi() || (tau.hi() == row.hi() && tau.lo() > row.lo());
    DoublePair larger = new DoublePair(grows ? tau.hi() : row.hi(), grows ? tau.lo() : row.lo());
    return row.with(larger, grows ? 1.0 : 0.0);
  }

  /** Returns what x exceeds tau by. */
  public static double forward(double x, DoubleRow row) {
    DoublePair excess = excess(x, row);
    double y = excess.hi() + excess.lo();
    // No number is above -∞ in a row of -∞ alone, nor is NaN.
    return row.m() > Double.NEGATIVE_INFINITY ? (y > 0.0 ? y : 0.0) : Double.NaN;
  }

  // ---- float64, backward ----

  /** The larger of m and |dy|, where y is in the support. */
  public static double gradientFold(double m, double y, double dy) {
    return magnitude(m, y, y > 0.0 ? dy : dy * 0.0);
  }

  /** dy, where y is in the support. */
  public static DoubleLimbs gradientTerm(double y, double dy, DoubleRow row) {
    double scaled = dy * inversePower(powerBelow(row.m()));
    return limbsOf(new DoublePair(y > 0.0 ? scaled * 0.25 : 0.0, 0.0));
  }

  /** One, where y is in the support. */
  public static DoubleLimbs gradientWeight(double y, double dy, DoubleRow row) {
    return limbsOf(new DoublePair(y > 0.0 ? 1.0 : 0.0, 0.0));
  }

  /** The row, with the mean of dy. */
  public static DoubleRow gradientSolve(DoubleRow row, DoublePair sum, DoublePair weight) {
    return row.with(fineQuotientPair(sum, weight), 0.0);
  }

  /** Returns dx. */
  public static double gradient(double y, double dy, DoubleRow row) {
    double power = powerBelow(row.m());
    DoublePair d = shareGradientDifference(dy, row);
    double r = y > 0.0 ? Math.fma(d.hi(), power, d.lo() * power) : 0.0;
    return row.m() < Double.POSITIVE_INFINITY ? quiet(r, r) : Double.NaN;
  }
}
