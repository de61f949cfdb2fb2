package dev.activations.cpu.scalar;

import static dev.activations.cpu.scalar.Arithmetic.quiet;
import static dev.activations.cpu.scalar.RowArithmetic.maximum;

/**
 * hardmax(x)[i] = x[i] is the first of the largest ? 1 : 0; backward 0, as of step.
 *
 * <p>Source: ONNX, operator Hardmax.
 *
 * <p>Backward needs: output. Exact.
 *
 * <p>Special rows: a NaN anywhere makes the row NaN; infinities are numbers like others. On the way
 * back NaN in y, and NaN or infinity in dy, is NaN in its own place.
 */
public final class Hardmax {
  private Hardmax() {}

  // ---- Forward: the largest x, no sum, the place of the largest ----

  /** The larger of m and x. */
  public static float fold(float m, float x) {
    return maximum(m, x);
  }

  /** Nothing: there is no sum. */
  public static Limbs term(float x, Row row) {
    return new Limbs(0, 0);
  }

  /** The row as it is. */
  public static Row solve(Row row, Pair sum) {
    return row.with(sum, 0.0f);
  }

  /** Returns whether x is the largest. */
  public static float forward(float x, Row row) {
    return quiet(row.m(), x == row.m() ? 1.0f : 0.0f);
  }

  /** Returns the result of an element after the first that is the largest. */
  public static float later(float x, Row row) {
    return quiet(row.m(), 0.0f);
  }

  // ---- Backward: neither fold nor sum, 0 ----

  /** Nothing: there is no fold. */
  public static float gradientFold(float m, float y, float dy) {
    return m;
  }

  /** Nothing: there is no sum. */
  public static Limbs gradientTerm(float y, float dy, Row row) {
    return new Limbs(0, 0);
  }

  /** The row as it is. */
  public static Row gradientSolve(Row row, Pair sum) {
    return row.with(sum, 0.0f);
  }

  /** Returns dx. */
  public static float gradient(float y, float dy, Row row) {
    float r = dy * (y * 0.0f);
    return quiet(r, r);
  }
}
