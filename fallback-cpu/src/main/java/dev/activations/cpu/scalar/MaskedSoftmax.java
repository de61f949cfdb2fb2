package dev.activations.cpu.scalar;

import static dev.activations.cpu.scalar.DoubleRowArithmetic.difference;
import static dev.activations.cpu.scalar.DoubleRowArithmetic.expShare;
import static dev.activations.cpu.scalar.DoubleRowArithmetic.expTerm;
import static dev.activations.cpu.scalar.DoubleRowArithmetic.magnitude;
import static dev.activations.cpu.scalar.DoubleRowArithmetic.maximum;
import static dev.activations.cpu.scalar.DoubleRowArithmetic.shareGradientDifference;
import static dev.activations.cpu.scalar.RowArithmetic.expShare;
import static dev.activations.cpu.scalar.RowArithmetic.expTerm;
import static dev.activations.cpu.scalar.RowArithmetic.exponent;
import static dev.activations.cpu.scalar.RowArithmetic.magnitude;
import static dev.activations.cpu.scalar.RowArithmetic.maximum;
import static dev.activations.cpu.scalar.RowArithmetic.shareGradientDifference;
import static dev.activations.cpu.scalar.RowArithmetic.withExpSum;

/**
 * masked_softmax(x, mask)[i] = mask[i] ≠ 0 ? e^x[i] / Σ e^x[j] : 0, the sum over all j with mask[j]
 * ≠ 0; backward dx[i] = y[i]·(dy[i] - Σ dy[j]·y[j]).
 *
 * <p>Source: Vaswani et al. 2017, arXiv:1706.03762, section 3.2.3.
 *
 * <p>Backward needs: output.
 *
 * <p>Bound: that of softmax.
 *
 * <p>Special rows: of the elements that are not masked out as of softmax. What is masked out is 0
 * whatever it is and whatever the others are, so that a row without any others is 0. On the way
 * back dx is 0 where y is 0, whatever dy is; NaN or infinity elsewhere makes the rest of the row
 * NaN.
 */
public final class MaskedSoftmax {
  private MaskedSoftmax() {}

  // ---- Forward: the largest x, Σ e^(x - m), the shares ----

  /** What has no share. */
  private static float counted(float x, float mask) {
    return mask != 0.0f ? x : Float.NEGATIVE_INFINITY;
  }

  /** The larger of m and x. */
  public static float fold(float m, float x, float mask) {
    return maximum(m, counted(x, mask));
  }

  /** e^(x - m). */
  public static Limbs term(float x, float mask, Row row) {
    return expTerm(exponent(counted(x, mask), row.m()));
  }

  /** The row, with 1/Σ e^(x - m). */
  public static Row solve(Row row, Pair sum) {
    return withExpSum(row, sum);
  }

  /** Returns the share of x. */
  public static float forward(float x, float mask, Row row) {
    float y = expShare(exponent(counted(x, mask), row.m()), row);
    return mask != 0.0f ? y : 0.0f;
  }

  // ---- Backward: the largest |dy|, Σ dy·y, the gradients ----

  /** dy where it counts. */
  private static float countedGradient(float y, float dy) {
    return y != 0.0f ? dy : 0.0f;
  }

  /** The larger of m and |dy|. */
  public static float gradientFold(float m, float y, float dy) {
    return magnitude(m, y, countedGradient(y, dy));
  }

  /** dy·y. */
  public static Limbs gradientTerm(float y, float dy, Row row) {
    return RowArithmetic.shareGradientTerm(y, countedGradient(y, dy), row);
  }

  /** The row, with Σ dy·y. */
  public static Row gradientSolve(Row row, Pair sum) {
    return row.with(sum, 0.0f);
  }

  /** Returns dx. */
  public static float gradient(float y, float dy, Row row) {
    float dx = RowArithmetic.shareGradient(y, shareGradientDifference(dy, row), row);
    return y != 0.0f ? dx : 0.0f;
  }

  // ---- float64, forward ----

  /** What has no share. */
  private static double counted(double x, double mask) {
    return mask != 0.0 ? x : Double.NEGATIVE_INFINITY;
  }

  /** The larger of m and x. */
  public static double fold(double m, double x, double mask) {
    return maximum(m, counted(x, mask));
  }

  /** e^(x - m). */
  public static DoubleLimbs term(double x, double mask, DoubleRow row) {
    return expTerm(difference(counted(x, mask), row.m()));
  }

  /** The row, with Σ e^(x - m). */
  public static DoubleRow solve(DoubleRow row, DoublePair sum) {
    return row.with(sum, 0.0);
  }

  /** Returns the share of x. */
  public static double forward(double x, double mask, DoubleRow row) {
    double y = expShare(difference(counted(x, mask), row.m()), row);
    return mask != 0.0 ? y : 0.0;
  }

  // ---- float64, backward ----

  /** dy where it counts. */
  private static double countedGradient(double y, double dy) {
    return y != 0.0 ? dy : 0.0;
  }

  /** The larger of m and |dy|. */
  public static double gradientFold(double m, double y, double dy) {
    return magnitude(m, y, countedGradient(y, dy));
  }

  /** dy·y. */
  public static DoubleLimbs gradientTerm(double y, double dy, DoubleRow row) {
    return DoubleRowArithmetic.shareGradientTerm(y, countedGradient(y, dy), row);
  }

  /** The row, with Σ dy·y. */
  public static DoubleRow gradientSolve(DoubleRow row, DoublePair sum) {
    return row.with(sum, 0.0);
  }

  /** Returns dx. */
  public static double gradient(double y, double dy, DoubleRow row) {
    double dx = DoubleRowArithmetic.shareGradient(y, shareGradientDifference(dy, row), row);
    return y != 0.0 ? dx : 0.0;
  }
}
