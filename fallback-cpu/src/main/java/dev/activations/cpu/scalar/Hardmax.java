package dev.activations.cpu.scalar;

import static dev.activations.cpu.scalar.Arithmetic.quiet;
import static dev.activations.cpu.scalar.DoubleArithmetic.quiet;
import static dev.activations.cpu.scalar.DoubleRowArithmetic.limbsOf;
import static dev.activations.cpu.scalar.DoubleRowArithmetic.maximum;
import static dev.activations.cpu.scalar.RowArithmetic.limbsOf;
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
    return limbsOf(new Pair(0.0f, 0.0f));
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
    return limbsOf(new Pair(0.0f, 0.0f));
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

  // ---- float64, forward ----

  /** The larger of m and x. */
  public static double fold(double m, double x) {
    return maximum(m, x);
  }

  /** Nothing: there is no sum. */
  public static DoubleLimbs term(double x, DoubleRow row) {
    return limbsOf(new DoublePair(0.0, 0.0));
  }

  /** The row as it is. */
  public static DoubleRow solve(DoubleRow row, DoublePair sum) {
    return row.with(sum, 0.0);
  }

  /** Returns whether x is the largest. */
  public static double forward(double x, DoubleRow row) {
    return quiet(row.m(), x == row.m() ? 1.0 : 0.0);
  }

  /** Returns the result of an element after the first that is the largest. */
  public static double later(double x, DoubleRow row) {
    return quiet(row.m(), 0.0);
  }

  // ---- float64, backward ----

  /** Nothing: there is no fold. */
  public static double gradientFold(double m, double y, double dy) {
    return m;
  }

  /** Nothing: there is no sum. */
  public static DoubleLimbs gradientTerm(double y, double dy, DoubleRow row) {
    return limbsOf(new DoublePair(0.0, 0.0));
  }

  /** The row as it is. */
  public static DoubleRow gradientSolve(DoubleRow row, DoublePair sum) {
    return row.with(sum, 0.0);
  }

  /** Returns dx. */
  public static double gradient(double y, double dy, DoubleRow row) {
    double r = dy * (y * 0.0);
    return quiet(r, r);
  }
}
