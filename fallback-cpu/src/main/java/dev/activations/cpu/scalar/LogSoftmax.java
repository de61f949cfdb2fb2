package dev.activations.cpu.scalar;

import static dev.activations.cpu.scalar.Arithmetic.expLessOneFine;
import static dev.activations.cpu.scalar.Arithmetic.expPower64;
import static dev.activations.cpu.scalar.Arithmetic.expRest;
import static dev.activations.cpu.scalar.Arithmetic.logOnePlusLarge;
import static dev.activations.cpu.scalar.Arithmetic.pairMultiply;
import static dev.activations.cpu.scalar.Arithmetic.pairScale;
import static dev.activations.cpu.scalar.Arithmetic.pairSum;
import static dev.activations.cpu.scalar.Arithmetic.quiet;
import static dev.activations.cpu.scalar.Arithmetic.twoSum;
import static dev.activations.cpu.scalar.Arithmetic.withSign;
import static dev.activations.cpu.scalar.DoubleArithmetic.expMinusOne;
import static dev.activations.cpu.scalar.DoubleArithmetic.expOfPair;
import static dev.activations.cpu.scalar.DoubleArithmetic.expPair;
import static dev.activations.cpu.scalar.DoubleArithmetic.expPower128;
import static dev.activations.cpu.scalar.DoubleArithmetic.expScaled;
import static dev.activations.cpu.scalar.DoubleArithmetic.fastTwoSum;
import static dev.activations.cpu.scalar.DoubleArithmetic.logOnePlusLarge;
import static dev.activations.cpu.scalar.DoubleArithmetic.pairMultiply;
import static dev.activations.cpu.scalar.DoubleArithmetic.pairPlus;
import static dev.activations.cpu.scalar.DoubleArithmetic.pairScale;
import static dev.activations.cpu.scalar.DoubleArithmetic.pairScale128;
import static dev.activations.cpu.scalar.DoubleArithmetic.pairSum;
import static dev.activations.cpu.scalar.DoubleArithmetic.quiet;
import static dev.activations.cpu.scalar.DoubleArithmetic.twoSum;
import static dev.activations.cpu.scalar.DoubleArithmetic.withSign;
import static dev.activations.cpu.scalar.DoubleRowArithmetic.inversePower;
import static dev.activations.cpu.scalar.DoubleRowArithmetic.limbsOf;
import static dev.activations.cpu.scalar.DoubleRowArithmetic.magnitude;
import static dev.activations.cpu.scalar.DoubleRowArithmetic.maximum;
import static dev.activations.cpu.scalar.DoubleRowArithmetic.powerBelow;
import static dev.activations.cpu.scalar.RowArithmetic.expTerm;
import static dev.activations.cpu.scalar.RowArithmetic.exponent;
import static dev.activations.cpu.scalar.RowArithmetic.inversePower;
import static dev.activations.cpu.scalar.RowArithmetic.limbsOf;
import static dev.activations.cpu.scalar.RowArithmetic.magnitude;
import static dev.activations.cpu.scalar.RowArithmetic.maximum;
import static dev.activations.cpu.scalar.RowArithmetic.powerBelow;

/**
 * log_softmax(x)[i] = x[i] - log Σ e^x[j]; backward dx[i] = dy[i] - e^y[i]·Σ dy[j].
 *
 * <p>Source: the logarithm of softmax.
 *
 * <p>Backward needs: output.
 *
 * <p>Bound: 1 ULP. Backward, for the y given, 1 ULP and 2^-26·e^y[i]·|Σ dy| + n·2^-52·max|dy|,
 * which shows only where the two sides of the difference meet.
 *
 * <p>Special rows: a NaN anywhere, or -∞ everywhere, makes the row NaN; k entries of +∞ are -log k,
 * the others beside them -∞; -∞ entries stay. On the way back NaN anywhere, or an infinite dy,
 * makes the row NaN. A zero is -0, as of log_sigmoid.
 *
 * <p>Beside a dominant entry the result is -log(1 + rest), where the rest may be small, and is the
 * result itself then. A first sum is one of all terms. Where the rest turns out to be below 2^-20
 * of the unit of the sum, another adds up the others alone, scaled by 2^20, and so on, until it is
 * not.
 */
public final class LogSoftmax {
  private LogSoftmax() {}

  // ---- Forward: the largest x, Σ e^(x - m), the differences ----

  /** x - m as a pair. */
  private static Pair difference(float x, float m) {
    Pair d = twoSum(x, -m);
    boolean top = x == m;
    boolean finite = d.hi() > Float.NEGATIVE_INFINITY;
    return new Pair(top ? 0.0f : d.hi(), top ? 0.0f : finite ? d.lo() : 0.0f);
  }

  /** The larger of m and x. */
  public static float fold(float m, float x) {
    return maximum(m, x);
  }

  /** e^(x - m), scaled. */
  public static Limbs term(float x, Row row) {
    Pair d = exponent(x, row.m());
    int shift = (int) row.pending() - 1;
    // Beyond that, all the terms of a row together are below the smallest float.
    return expTerm(d, shift, d.hi() > -128.0f && (x < row.m() || shift == 0));
  }

  /** The row, with log Σ e^(x - m). */
  public static Row solve(Row row, Pair sum) {
    int shift = (int) row.pending() - 1;
    Pair rest = pairSum(sum, new Pair(shift == 0 ? -1.0f : 0.0f, 0.0f));
    boolean small = rest.hi() < 0x1p-20f;
    // Half of 2^-shift, so that neither half leaves the floats.
    float halfPower = Float.intBitsToFloat((127 - (shift >> 1)) << 23);
    Pair unscaled = pairScale(pairScale(rest, halfPower), halfPower);
    return row.with(logOnePlusLarge(unscaled), small && shift < 140 ? row.pending() + 20.0f : 0.0f);
  }

  /** Returns the difference. */
  public static float forward(float x, Row row) {
    Pair d = difference(x, row.m());
    Pair s = twoSum(d.hi(), -row.hi());
    float y = s.hi() + (s.lo() + (d.lo() - row.lo()));
    boolean infinite = d.hi() == Float.NEGATIVE_INFINITY;
    // No number is above -∞ in a row of -∞ alone, nor is NaN.
    return row.m() > Float.NEGATIVE_INFINITY ? (infinite ? d.hi() : withSign(y, -1.0f)) : Float.NaN;
  }

  // ---- Backward: the largest |dy|, Σ dy in units of 4·powerBelow(m), the gradients ----

  /** y, or a number where e^y has vanished. */
  private static float clamped(float y) {
    return y < -109.0f ? -109.0f : y;
  }

  /** power·(1 + a) - less, not normalised, for a power from less/2 on or no less at all. */
  private static Pair scaledLess(Pair a, float power, float less) {
    float m = power - less;
    float hi = Math.fma(power, a.hi(), m);
    return new Pair(hi, Math.fma(power, a.lo(), Math.fma(power, a.hi(), m - hi)));
  }

  /** The larger of m and |dy|. */
  public static float gradientFold(float m, float y, float dy) {
    return magnitude(m, clamped(y), dy);
  }

  /** dy. */
  public static Limbs gradientTerm(float y, float dy, Row row) {
    return limbsOf(new Pair(dy * inversePower(powerBelow(row.m())) * 0.25f, 0.0f));
  }

  /** The row, with Σ dy. */
  public static Row gradientSolve(Row row, Pair sum) {
    return row.with(pairScale(sum, 4.0f), 0.0f);
  }

  /** Returns dx. */
  public static float gradient(float y, float dy, Row row) {
    float power = powerBelow(row.m());
    Pair sum = row.value();
    float z = clamped(y);
    // dy - sum·e^z, or where e^z is near 1, (dy - sum) - sum·(e^z - 1): exact for a row with one
    // dy.
    boolean near = z > -0.6931472f;
    Pair rest = twoSum(dy * inversePower(power), near ? -sum.hi() : 0.0f);
    rest = new Pair(rest.hi(), rest.lo() - (near ? sum.lo() : 0.0f));
    Pair e = expLessOneFine(expRest(z));
    Pair factor = scaledLess(e, expPower64(z), near ? 0x1p64f : 0.0f);
    Pair d = pairSum(rest, pairMultiply(pairScale(sum, -0x1p-64f), factor));
    float r = Math.fma(d.hi(), power, d.lo() * power);
    return row.m() < Float.POSITIVE_INFINITY ? quiet(r, r) : Float.NaN;
  }

  // ---- float64, forward ----

  /** x - m as a pair. */
  private static DoublePair difference(double x, double m) {
    DoublePair d = twoSum(x, -m);
    boolean top = x == m;
    boolean finite = d.hi() > Double.NEGATIVE_INFINITY;
    return new DoublePair(top ? 0.0 : d.hi(), top ? 0.0 : finite ? d.lo() : 0.0);
  }

  /** The larger of m and x. */
  public static double fold(double m, double x) {
    return maximum(m, x);
  }

  /** e^(x - m), scaled. */
  public static DoubleLimbs term(double x, DoubleRow row) {
    DoublePair d = difference(x, row.m());
    // Beyond that, all the terms of a row together are below the smallest double.
    boolean counts = d.hi() > -768.0;
    DoublePair y = new DoublePair(counts ? d.hi() : -768.0, counts ? d.lo() : 0.0);
    int shift = (int) row.pending() - 1;
    DoublePair e = pairScale(expOfPair(y), Double.longBitsToDouble((1023L + shift) << 52));
    DoublePair term = new DoublePair(expScaled(e.hi(), y.hi()), expScaled(e.lo(), y.hi()));
    boolean other = counts && (x < row.m() || shift == 0);
    return limbsOf(new DoublePair(other ? term.hi() : 0.0, other ? term.lo() : 0.0));
  }

  /** The row, with log Σ e^(x - m). */
  public static DoubleRow solve(DoubleRow row, DoublePair sum) {
    int shift = (int) row.pending() - 1;
    DoublePair less = pairPlus(sum, shift == 0 ? -1.0 : 0.0);
    DoublePair rest = fastTwoSum(less.hi(), less.lo());
    boolean small = rest.hi() >= 0.0 && rest.hi() < 0x1p-20;
    // What lifts the rest to 1/2, as far as the limbs have known it.
    int lift = 1022 - (int) (Double.doubleToRawLongBits(rest.hi()) >>> 52);
    int next = shift + (lift < 80 ? lift : 80);
    next = next < 1020 ? next : 1020;
    DoublePair unscaled = pairScale(rest, Double.longBitsToDouble((1023L - shift) << 52));
    return row.with(logOnePlusLarge(unscaled), small && shift < 1020 ? (double) next + 1.0 : 0.0);
  }

  /** Returns the difference. */
  public static double forward(double x, DoubleRow row) {
    DoublePair d = difference(x, row.m());
    DoublePair s = twoSum(d.hi(), -row.hi());
    double y = s.hi() + (s.lo() + (d.lo() - row.lo()));
    boolean infinite = d.hi() == Double.NEGATIVE_INFINITY;
    // No number is above -∞ in a row of -∞ alone, nor is NaN.
    return row.m() > Double.NEGATIVE_INFINITY
        ? (infinite ? d.hi() : withSign(y, -1.0))
        : Double.NaN;
  }

  // ---- float64, backward ----

  /** y, or a number where e^y has vanished. */
  private static double clamped(double y) {
    return y < -750.0 ? -750.0 : y;
  }

  /** The larger of m and |dy|. */
  public static double gradientFold(double m, double y, double dy) {
    return magnitude(m, clamped(y), dy);
  }

  /** dy. */
  public static DoubleLimbs gradientTerm(double y, double dy, DoubleRow row) {
    return limbsOf(new DoublePair(dy * inversePower(powerBelow(row.m())) * 0.25, 0.0));
  }

  /** The row, with Σ dy. */
  public static DoubleRow gradientSolve(DoubleRow row, DoublePair sum) {
    return row.with(pairScale(sum, 4.0), 0.0);
  }

  /** Returns dx. */
  public static double gradient(double y, double dy, DoubleRow row) {
    double power = powerBelow(row.m());
    DoublePair sum = row.value();
    double z = clamped(y);
    // dy - sum·e^z, or where e^z is near 1, (dy - sum) - sum·(e^z - 1): exact for a row with one
    // dy.
    boolean near = z > -0.6931471805599453;
    DoublePair rest = twoSum(dy * inversePower(power), near ? -sum.hi() : 0.0);
    rest = new DoublePair(rest.hi(), rest.lo() - (near ? sum.lo() : 0.0));
    DoublePair far = pairScale128(expPair(z), expPower128(z));
    DoublePair factor = expMinusOne(z);
    factor = new DoublePair(near ? factor.hi() : far.hi(), near ? factor.lo() : far.lo());
    DoublePair d = pairSum(rest, pairMultiply(pairScale(sum, -1.0), factor));
    double r = Math.fma(d.hi(), power, d.lo() * power);
    return row.m() < Double.POSITIVE_INFINITY ? quiet(r, r) : Double.NaN;
  }
}
