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
 * softmin(x)[i] = e^-x[i] / Σ e^-x[j]; backward dx[i] = -y[i]·(dy[i] - Σ dy[j]·y[j]).
 *
 * <p>Source: softmax of -x.
 *
 * <p>Backward needs: output.
 *
 * <p>Bound: that of {@link Softmax}.
 *
 * <p>Special rows: a NaN anywhere, or +∞ everywhere, makes the row NaN; -∞ entries share the row
 * equally; +∞ entries are 0. On the way back NaN or infinity anywhere makes the row NaN.
 */
public final class Softmin {
  private Softmin() {}

  // ---- Forward: the largest -x, Σ e^(-x - m), the shares ----

  /** The larger of m and -x. */
  public static float fold(float m, float x) {
    return maximum(m, -x);
  }

  /** e^(-x - m). */
  public static Limbs term(float x, Row row) {
    return expTerm(exponent(-x, row.m()));
  }

  /** The row, with 1/Σ e^(-x - m). */
  public static Row solve(Row row, Pair sum) {
    return withExpSum(row, sum);
  }

  /** Returns the share of x. */
  public static float forward(float x, Row row) {
    return expShare(exponent(-x, row.m()), row);
  }

  // ---- Backward: the largest |dy|, Σ dy·y, the gradients ----

  /** The larger of m and |dy|. */
  public static float gradientFold(float m, float y, float dy) {
    return magnitude(m, y, dy);
  }

  /** dy·y. */
  public static Limbs gradientTerm(float y, float dy, Row row) {
    return RowArithmetic.shareGradientTerm(y, dy, row);
  }

  /** The row, with Σ dy·y. */
  public static Row gradientSolve(Row row, Pair sum) {
    return row.with(sum, 0.0f);
  }

  /** Returns dx. */
  public static float gradient(float y, float dy, Row row) {
    return RowArithmetic.shareGradient(-y, shareGradientDifference(dy, row), row);
  }

  // ---- float64, forward ----

  /** The larger of m and -x. */
  public static double fold(double m, double x) {
    return maximum(m, -x);
  }

  /** e^(-x - m). */
  public static DoubleLimbs term(double x, DoubleRow row) {
    return expTerm(difference(-x, row.m()));
  }

  /** The row, with Σ e^(-x - m). */
  public static DoubleRow solve(DoubleRow row, DoublePair sum) {
    return row.with(sum, 0.0);
  }

  /** Returns the share of x. */
  public static double forward(double x, DoubleRow row) {
    return expShare(difference(-x, row.m()), row);
  }

  // ---- float64, backward ----

  /** The larger of m and |dy|. */
  public static double gradientFold(double m, double y, double dy) {
    return magnitude(m, y, dy);
  }

  /** dy·y. */
  public static DoubleLimbs gradientTerm(double y, double dy, DoubleRow row) {
    return DoubleRowArithmetic.shareGradientTerm(y, dy, row);
  }

  /** The row, with Σ dy·y. */
  public static DoubleRow gradientSolve(DoubleRow row, DoublePair sum) {
    return row.with(sum, 0.0);
  }

  /** Returns dx. */
  public static double gradient(double y, double dy, DoubleRow row) {
    return DoubleRowArithmetic.shareGradient(-y, shareGradientDifference(dy, row), row);
  }
}
