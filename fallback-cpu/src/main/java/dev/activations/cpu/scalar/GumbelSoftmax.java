package dev.activations.cpu.scalar;

import static dev.activations.cpu.scalar.Arithmetic.fastTwoSum;
import static dev.activations.cpu.scalar.Arithmetic.fineQuotientPair;
import static dev.activations.cpu.scalar.Arithmetic.pairAdd;
import static dev.activations.cpu.scalar.Arithmetic.pairLine;
import static dev.activations.cpu.scalar.Arithmetic.pairMultiply;
import static dev.activations.cpu.scalar.Arithmetic.pairScale;
import static dev.activations.cpu.scalar.Arithmetic.pairSquare;
import static dev.activations.cpu.scalar.Arithmetic.pairSum;
import static dev.activations.cpu.scalar.Arithmetic.reciprocalPair;
import static dev.activations.cpu.scalar.Arithmetic.twoProduct;
import static dev.activations.cpu.scalar.Arithmetic.twoSum;
import static dev.activations.cpu.scalar.DoubleArithmetic.fastTwoSum;
import static dev.activations.cpu.scalar.DoubleArithmetic.fineQuotientPair;
import static dev.activations.cpu.scalar.DoubleArithmetic.pairAdd;
import static dev.activations.cpu.scalar.DoubleArithmetic.pairLine;
import static dev.activations.cpu.scalar.DoubleArithmetic.pairMultiply;
import static dev.activations.cpu.scalar.DoubleArithmetic.pairScale;
import static dev.activations.cpu.scalar.DoubleArithmetic.pairSquare;
import static dev.activations.cpu.scalar.DoubleArithmetic.pairSum;
import static dev.activations.cpu.scalar.DoubleArithmetic.reciprocalPair;
import static dev.activations.cpu.scalar.DoubleArithmetic.twoProduct;
import static dev.activations.cpu.scalar.DoubleArithmetic.twoSum;
import static dev.activations.cpu.scalar.DoubleRowArithmetic.expShare;
import static dev.activations.cpu.scalar.DoubleRowArithmetic.expTerm;
import static dev.activations.cpu.scalar.DoubleRowArithmetic.magnitude;
import static dev.activations.cpu.scalar.DoubleRowArithmetic.maximum;
import static dev.activations.cpu.scalar.DoubleRowArithmetic.shareGradientDifference;
import static dev.activations.cpu.scalar.RowArithmetic.expShare;
import static dev.activations.cpu.scalar.RowArithmetic.expTerm;
import static dev.activations.cpu.scalar.RowArithmetic.exponentOf;
import static dev.activations.cpu.scalar.RowArithmetic.magnitude;
import static dev.activations.cpu.scalar.RowArithmetic.maximum;
import static dev.activations.cpu.scalar.RowArithmetic.shareGradientDifference;
import static dev.activations.cpu.scalar.RowArithmetic.withExpSum;

/**
 * gumbel_softmax(x)[i] = e^((x[i] + g[i])/tau) / Σ e^((x[j] + g[j])/tau), g = -log(-log u) for a
 * random u of each element; backward dx[i] = y[i]·(dy[i] - Σ dy[j]·y[j])/tau.
 *
 * <p>Source: Jang, Gu, Poole 2016, arXiv:1611.01144; Maddison, Mnih, Teh 2016, arXiv:1611.00712.
 *
 * <p>Backward needs: output.
 *
 * <p>Bound: 1 ULP for the u drawn, an odd multiple of 2^-24 below 1, as long as the largest x + g
 * is below 2^23·tau in magnitude; beyond that x + g is rounded to float first. Backward, for the y
 * given, 1 ULP and y[i]·max|dy|/tau·(n·2^-53 + 2^-47), which shows only where dy[i] meets the sum.
 *
 * <p>Special rows: those of softmax.
 */
public final class GumbelSoftmax {
  private GumbelSoftmax() {}

  // ---- The noise ----

  /**
   * ln v for a normalised pair v in [2^-100, 2^100], normalised, within 2^-42: v = 2^n·m, m in [√½,
   * √2), and ln m = 2·artanh s = 2·(s + s³/3 + s⁵/5 + ...) for s = (m - 1)/(m + 1).
   */
  private static Pair log(Pair v) {
    int n = (Float.floatToRawIntBits(v.hi()) - 0x3F3504F3) >> 23;
    Pair m = pairScale(v, Float.intBitsToFloat((127 - n) << 23));
    Pair more = twoSum(m.hi(), 1.0f);
    Pair s =
        fineQuotientPair(
            fastTwoSum(m.hi() - 1.0f, m.lo()), fastTwoSum(more.hi(), more.lo() + m.lo()));
    Pair w = pairSquare(s);
    // The terms weigh less and less: a float is enough from s⁷/7 on.
    float q = 0x1.e1e1e2p-5f;
    q = Math.fma(q, w.hi(), 0x1.111112p-4f);
    q = Math.fma(q, w.hi(), 0x1.3b13b2p-4f);
    q = Math.fma(q, w.hi(), 0x1.745d18p-4f);
    q = Math.fma(q, w.hi(), 0x1.c71c72p-4f);
    q = Math.fma(q, w.hi(), 0x1.24924ap-3f);
    Pair fifth = pairLine(0x1.99999ap-3f, w, q);
    fifth = new Pair(fifth.hi(), fifth.lo() - 0x1.99999ap-29f);
    Pair third = pairAdd(new Pair(0x1.555556p-2f, -0x1.555556p-27f), pairMultiply(w, fifth));
    Pair twice = pairScale(s, 2.0f);
    Pair log = pairAdd(twice, pairMultiply(twice, pairMultiply(w, third)));
    Pair whole = twoProduct((float) n, 0x1.62e43p-1f);
    whole = new Pair(whole.hi(), Math.fma((float) n, -0x1.05c61p-29f, whole.lo()));
    Pair sum = pairSum(whole, log);
    return fastTwoSum(sum.hi(), sum.lo());
  }

  /** -log(-log u). */
  private static Pair noise(float u) {
    return pairScale(log(pairScale(log(new Pair(u, 0.0f)), -1.0f)), -1.0f);
  }

  // ---- Forward: the largest x + g, rounded; Σ e^((x + g - m)/tau), the shares ----

  /** (x + g - m)/tau, clamped where its exponential has vanished. At most 1/2, as m is rounded. */
  private static Pair exponent(float x, float u, Row row) {
    Pair g = noise(u);
    float z = x + g.hi();
    float m = row.m();
    float tau = row.parameter();
    // Beyond that floats lie farther apart than tau.
    boolean fine = Math.abs(m) < tau * 0x1p23f;
    Pair d =
        pairSum(twoSum(fine ? x : z, -m), new Pair(fine ? g.hi() : 0.0f, fine ? g.lo() : 0.0f));
    d = pairMultiply(fastTwoSum(d.hi(), d.lo()), reciprocalPair(tau));
    boolean counts = d.hi() > -109.0f;
    boolean top = !fine && z == m;
    return exponentOf(
        new Pair(top ? 0.0f : counts ? d.hi() : -109.0f, top || !counts ? 0.0f : d.lo()));
  }

  /** The larger of m and x + g. */
  public static float fold(float m, float x, float u) {
    return maximum(m, x + noise(u).hi());
  }

  /** e^((x + g - m)/tau). */
  public static Limbs term(float x, float u, Row row) {
    return expTerm(exponent(x, u, row));
  }

  /** The row, with 1/Σ e^((x + g - m)/tau). */
  public static Row solve(Row row, Pair sum) {
    return withExpSum(row, sum);
  }

  /** Returns the share of x. */
  public static float forward(float x, float u, Row row) {
    return expShare(exponent(x, u, row), row);
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
    Pair d = pairMultiply(shareGradientDifference(dy, row), reciprocalPair(row.parameter()));
    return RowArithmetic.shareGradient(y, d, row);
  }

  // ---- float64, the noise ----

  /** The same of doubles, within 2^-70. */
  private static DoublePair log(DoublePair v) {
    int n = (int) ((Double.doubleToRawLongBits(v.hi()) - 0x3FE6A09E667F3BCDL) >> 52);
    DoublePair m = pairScale(v, Double.longBitsToDouble((1023L - n) << 52));
    DoublePair more = twoSum(m.hi(), 1.0);
    DoublePair s =
        fineQuotientPair(
            fastTwoSum(m.hi() - 1.0, m.lo()), fastTwoSum(more.hi(), more.lo() + m.lo()));
    DoublePair w = pairSquare(s);
    // The terms weigh less and less: a double is enough from s⁷/7 on.
    double q = 0x1.b639097e8c41dp-5;
    q = Math.fma(q, w.hi(), 0x1.ac99d036ca152p-5);
    q = Math.fma(q, w.hi(), 0x1.e1f4259a2252fp-5);
    q = Math.fma(q, w.hi(), 0x1.1110ec0968f77p-4);
    q = Math.fma(q, w.hi(), 0x1.3b13b190327abp-4);
    q = Math.fma(q, w.hi(), 0x1.745d1745699e2p-4);
    q = Math.fma(q, w.hi(), 0x1.c71c71c71caacp-4);
    q = Math.fma(q, w.hi(), 0x1.2492492492492p-3);
    DoublePair fifth = pairLine(0x1.999999999999ap-3, w, q);
    fifth = new DoublePair(fifth.hi(), fifth.lo() - 0x1.999999999999ap-57);
    DoublePair third =
        pairAdd(
            new DoublePair(0x1.5555555555555p-2, 0x1.5555555555555p-56), pairMultiply(w, fifth));
    DoublePair twice = pairScale(s, 2.0);
    DoublePair log = pairAdd(twice, pairMultiply(twice, pairMultiply(w, third)));
    DoublePair whole = twoProduct((double) n, 0x1.62e42fefa39efp-1);
    whole = new DoublePair(whole.hi(), Math.fma((double) n, 0x1.abc9e3b39803fp-56, whole.lo()));
    DoublePair sum = pairSum(whole, log);
    return fastTwoSum(sum.hi(), sum.lo());
  }

  /** -log(-log u). */
  private static DoublePair noise(double u) {
    return pairScale(log(pairScale(log(new DoublePair(u, 0.0)), -1.0)), -1.0);
  }

  // ---- float64, forward ----

  /** (x + g - m)/tau, clamped where its exponential has vanished. At most 1/2, as m is rounded. */
  private static DoublePair exponent(double x, double u, DoubleRow row) {
    DoublePair g = noise(u);
    double z = x + g.hi();
    double m = row.m();
    double tau = row.parameter();
    // Beyond that doubles lie farther apart than tau.
    boolean fine = Math.abs(m) < tau * 0x1p52;
    DoublePair d =
        pairSum(twoSum(fine ? x : z, -m), new DoublePair(fine ? g.hi() : 0.0, fine ? g.lo() : 0.0));
    d = pairMultiply(fastTwoSum(d.hi(), d.lo()), reciprocalPair(tau));
    boolean counts = d.hi() > -750.0;
    boolean top = !fine && z == m;
    return new DoublePair(top ? 0.0 : counts ? d.hi() : -750.0, top || !counts ? 0.0 : d.lo());
  }

  /** The larger of m and x + g. */
  public static double fold(double m, double x, double u) {
    return maximum(m, x + noise(u).hi());
  }

  /** e^((x + g - m)/tau). */
  public static DoubleLimbs term(double x, double u, DoubleRow row) {
    return expTerm(exponent(x, u, row));
  }

  /** The row, with Σ e^((x + g - m)/tau). */
  public static DoubleRow solve(DoubleRow row, DoublePair sum) {
    return row.with(sum, 0.0);
  }

  /** Returns the share of x. */
  public static double forward(double x, double u, DoubleRow row) {
    return expShare(exponent(x, u, row), row);
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
    DoublePair d = pairMultiply(shareGradientDifference(dy, row), reciprocalPair(row.parameter()));
    return DoubleRowArithmetic.shareGradient(y, d, row);
  }
}
