package dev.activations.cpu.scalar;

/**
 * The words of {@link Arithmetic} for doubles: pairs of doubles, quotients and exponentials, in the
 * same straight lines.
 *
 * <p>With them every pointwise activation is within 2 ULP of a double (but where the terms of xielu
 * cancel), and exact where it is exact for floats; the bounds in the headers are float32's.
 *
 * <p>Error-free transformations: Dekker 1971, doi:10.1007/BF01397083; Knuth, TAOCP 2, section
 * 4.2.2; Ogita, Rump, Oishi 2005, doi:10.1137/030601818.
 */
public final class DoubleArithmetic {
  private DoubleArithmetic() {}

  // ---- Special values and signs ----

  /** r, but the one NaN of this library where x is NaN: payloads differ between devices. */
  public static double quiet(double x, double r) {
    return x == x ? r : Double.NaN;
  }

  /**
   * r with the sign bit of x, for an r that is zero or has the sign of x already: it restores the
   * sign of zero, which fma and addition lose.
   */
  public static double withSign(double r, double x) {
    return Double.longBitsToDouble(
        Double.doubleToRawLongBits(r) | (Double.doubleToRawLongBits(x) & 0x8000000000000000L));
  }

  /** min(|x|, limit); NaN stays NaN, which fmin would drop. */
  public static double clampedMagnitude(double x, double limit) {
    double a = Math.abs(x);
    return limit < a ? limit : a;
  }

  // ---- Pairs ----

  /** a + b exactly (Knuth). */
  public static DoublePair twoSum(double a, double b) {
    double s = a + b;
    double t = s - a;
    return new DoublePair(s, (a - (s - t)) + (b - t));
  }

  /** a + b exactly if |a| &gt;= |b| or a = 0 (Dekker). */
  public static DoublePair fastTwoSum(double a, double b) {
    double s = a + b;
    return new DoublePair(s, (a - s) + b);
  }

  /** a·b exactly, short of underflow. */
  public static DoublePair twoProduct(double a, double b) {
    double p = a * b;
    return new DoublePair(p, Math.fma(a, b, -p));
  }

  /** a + b if |a| &gt;= |b.hi|. */
  public static DoublePair addToPair(double a, DoublePair b) {
    DoublePair s = fastTwoSum(a, b.hi());
    return new DoublePair(s.hi(), s.lo() + b.lo());
  }

  /** a + b if |a.hi| &gt;= |b.hi|; otherwise within half a unit in the last place of b.hi. */
  public static DoublePair pairAdd(DoublePair a, DoublePair b) {
    DoublePair s = fastTwoSum(a.hi(), b.hi());
    return new DoublePair(s.hi(), s.lo() + (a.lo() + b.lo()));
  }

  /** a + b, whichever is the larger. */
  public static DoublePair pairSum(DoublePair a, DoublePair b) {
    DoublePair s = twoSum(a.hi(), b.hi());
    return new DoublePair(s.hi(), s.lo() + (a.lo() + b.lo()));
  }

  /** a + b for a double b, whichever is the larger. */
  public static DoublePair pairPlus(DoublePair a, double b) {
    DoublePair s = twoSum(a.hi(), b);
    return new DoublePair(s.hi(), s.lo() + a.lo());
  }

  /** a·b. */
  public static DoublePair pairMultiply(DoublePair a, DoublePair b) {
    DoublePair p = twoProduct(a.hi(), b.hi());
    return new DoublePair(p.hi(), Math.fma(a.lo(), b.hi(), Math.fma(a.hi(), b.lo(), p.lo())));
  }

  /** c + a·b for doubles b and c, if the sum lies between c/2 and 2c. */
  public static DoublePair pairLine(double c, DoublePair a, double b) {
    double hi = Math.fma(a.hi(), b, c);
    return new DoublePair(hi, Math.fma(a.lo(), b, Math.fma(a.hi(), b, c - hi)));
  }

  /** a·b for a double b. */
  public static DoublePair pairProduct(DoublePair a, double b) {
    DoublePair p = twoProduct(a.hi(), b);
    return new DoublePair(p.hi(), Math.fma(a.lo(), b, p.lo()));
  }

  /** a². */
  public static DoublePair pairSquare(DoublePair a) {
    DoublePair p = twoProduct(a.hi(), a.hi());
    return new DoublePair(p.hi(), Math.fma(a.hi() + a.hi(), a.lo(), p.lo()));
  }

  /** a·power, exactly, for a power of two. */
  public static DoublePair pairScale(DoublePair a, double power) {
    return new DoublePair(a.hi() * power, a.lo() * power);
  }

  /** -|x·factor| for factor &gt; 0, clamped to [-limit, 0]. */
  public static DoublePair minusMagnitude(double x, double factor, double limit) {
    DoublePair y = twoProduct(-factor, Math.abs(x));
    boolean beyond = y.hi() < -limit;
    return new DoublePair(beyond ? -limit : y.hi(), beyond ? 0.0 : y.lo());
  }

  // ---- Quotients ----

  /**
   * 1/d for d in [2^-1000, 2^1000], within 2^-38: a seed from the exponent, then two steps of the
   * third order.
   */
  public static double reciprocal(double d) {
    double r = Double.longBitsToDouble(0x7FDE623822FC16E6L - Double.doubleToRawLongBits(d));
    double e = Math.fma(-d, r, 1.0);
    r = Math.fma(r, Math.fma(e, e, e), r);
    e = Math.fma(-d, r, 1.0);
    return Math.fma(r, Math.fma(e, e, e), r);
  }

  /** What is left of n after q parts of d. */
  public static double remainderOf(DoublePair n, DoublePair d, double q) {
    return Math.fma(-q, d.hi(), n.hi()) + Math.fma(-q, d.lo(), n.lo());
  }

  /** n/d, rounded once. */
  public static double quotient(DoublePair n, DoublePair d) {
    double r = reciprocal(d.hi());
    double q = n.hi() * r;
    return Math.fma(remainderOf(n, d, q), r, q);
  }

  /** n/d as a normalised pair, within 2^-76. */
  public static DoublePair quotientPair(DoublePair n, DoublePair d) {
    double r = reciprocal(d.hi());
    double q = n.hi() * r;
    double rest = remainderOf(n, d, q);
    double hi = Math.fma(rest, r, q);
    return new DoublePair(hi, Math.fma(rest, r, q - hi));
  }

  /** n/d as a normalised pair, within 2^-90. */
  public static DoublePair fineQuotientPair(DoublePair n, DoublePair d) {
    double r = reciprocal(d.hi());
    double q = n.hi() * r;
    double hi = Math.fma(remainderOf(n, d, q), r, q);
    return fastTwoSum(hi, remainderOf(n, d, hi) * r);
  }

  /** 1/d as a pair, within 2^-104; (1, 0) for d = 1. */
  public static DoublePair reciprocalPair(double d) {
    double r = reciprocal(d);
    double hi = Math.fma(r, Math.fma(-d, r, 1.0), r);
    return new DoublePair(hi, hi * Math.fma(-d, hi, 1.0));
  }

  /** 1/d for a pair d, normalised, within 2^-76. */
  public static DoublePair reciprocalOfPair(DoublePair d) {
    double r = reciprocal(d.hi());
    double rest = Math.fma(-d.lo(), r, Math.fma(-d.hi(), r, 1.0));
    double hi = Math.fma(r, rest, r);
    return new DoublePair(hi, Math.fma(r, rest, r - hi));
  }

  // ---- Roots ----

  /**
   * The root of v in [2^-1000, 2^1000], normalised, within 2^-69: a seed of its reciprocal from
   * half the exponent, Newton's iteration, and what the square lacks.
   */
  public static DoublePair rootOfPair(DoublePair v) {
    double halved = v.hi() * 0.5;
    double r =
        Double.longBitsToDouble(0x5FE6EB50C7B537A9L - (Double.doubleToRawLongBits(v.hi()) >>> 1));
    r = Math.fma(r, Math.fma(-halved * r, r, 0.5), r);
    r = Math.fma(r, Math.fma(-halved * r, r, 0.5), r);
    r = Math.fma(r, Math.fma(-halved * r, r, 0.5), r);
    double s = v.hi() * r;
    double rest = Math.fma(-s, s, v.hi()) + v.lo();
    double share = r * 0.5;
    double hi = Math.fma(rest, share, s);
    return new DoublePair(hi, Math.fma(rest, share, s - hi));
  }

  // ---- Exponentials: e^y = 2^n·e^rest, n the integer nearest to y·log2(e) ----

  /** n, in the lowest bits of n + 1.5·2^52: adding that constant rounds to an integer. */
  public static double expShifted(double y) {
    return Math.fma(y, 0x1.71547652b82fep0, 0x1.8p52);
  }

  /** 2^n, for |n| &lt;= 1022. */
  public static double expPower(double y) {
    return Double.longBitsToDouble(
        (Double.doubleToRawLongBits(expShifted(y)) << 52) + (1023L << 52));
  }

  /** 2^(n + 128), for -1150 &lt;= n &lt;= 895: above the subnormals where 2^n is not. */
  public static double expPower128(double y) {
    return Double.longBitsToDouble(
        (Double.doubleToRawLongBits(expShifted(y)) << 52) + ((1023L + 128) << 52));
  }

  /** v·2^n, rounded once even where it is subnormal, for power = expPower128(y). */
  public static double scale128(double v, double power) {
    return (v * power) * 0x1p-128;
  }

  /** The same for a pair. */
  public static DoublePair pairScale128(DoublePair a, double power) {
    return new DoublePair(scale128(a.hi(), power), scale128(a.lo(), power));
  }

  /**
   * v·2^n for -2044 &lt;= n &lt;= 2046. The power comes in two halves, so that neither leaves the
   * doubles.
   */
  public static double expScaled(double v, double y) {
    long exponents = Double.doubleToRawLongBits(expShifted(y)) - 0x4338000000000000L + 2046L;
    long part = exponents >>> 1;
    return (v * Double.longBitsToDouble(part << 52))
        * Double.longBitsToDouble((exponents - part) << 52);
  }

  /** y - n·ln(2), with ln(2) in two parts of which the first has zeros to spare for n. */
  public static DoublePair expRest(double y) {
    double n = expShifted(y) - 0x1.8p52;
    double r = Math.fma(n, -0x1.62e42fefa38p-1, y);
    double hi = Math.fma(n, -0x1.ef35793c7673p-45, r);
    return new DoublePair(hi, Math.fma(n, -0x1.ef35793c7673p-45, r - hi));
  }

  /** The same for a pair. Its low part joins before the polynomial, where it counts. */
  public static DoublePair expRestOfPair(DoublePair y) {
    double n = expShifted(y.hi()) - 0x1.8p52;
    return fastTwoSum(
        Math.fma(n, -0x1.62e42fefa38p-1, y.hi()), Math.fma(n, -0x1.ef35793c7673p-45, y.lo()));
  }

  /**
   * e^r - 1 = r + r²·P(r), P of degree 10 and itself within 2^-58, so that the whole is accurate
   * near zero as well. Not normalised.
   */
  public static DoublePair expLessOne(DoublePair r) {
    double p = 0x1.1f32e8682686cp-29;
    p = Math.fma(p, r.hi(), 0x1.af4eb35b72b52p-26);
    p = Math.fma(p, r.hi(), 0x1.27e500e2105b8p-22);
    p = Math.fma(p, r.hi(), 0x1.71de01b8495ccp-19);
    p = Math.fma(p, r.hi(), 0x1.a01a0197bc743p-16);
    p = Math.fma(p, r.hi(), 0x1.a01a01ac1a7cdp-13);
    p = Math.fma(p, r.hi(), 0x1.6c16c16c18932p-10);
    p = Math.fma(p, r.hi(), 0x1.1111111110056p-7);
    p = Math.fma(p, r.hi(), 0x1.5555555555552p-5);
    p = Math.fma(p, r.hi(), 0x1.5555555555557p-3);
    p = Math.fma(p, r.hi(), 0x1p-1);
    return new DoublePair(r.hi(), Math.fma(r.hi() * r.hi(), p, Math.fma(r.lo(), r.hi(), r.lo())));
  }

  /** 1 + a for |a| &lt; 1, normalised; a need not be. */
  public static DoublePair onePlus(DoublePair a) {
    DoublePair s = fastTwoSum(a.hi(), a.lo());
    return addToPair(1.0, s);
  }

  /** e^y/2^n, in [0.7, 1.42], normalised: expPower has the rest. */
  public static DoublePair expPair(double y) {
    return onePlus(expLessOne(expRest(y)));
  }

  /** The same for a pair. */
  public static DoublePair expOfPair(DoublePair y) {
    return onePlus(expLessOne(expRestOfPair(y)));
  }

  /**
   * power·(1 + a) - 1, normalised, for power &lt;= 1: with a = e^rest - 1 this is e^y - 1, accurate
   * where it is small.
   */
  public static DoublePair scaledLessOne(DoublePair a, double power) {
    double m = power - 1.0;
    double hi = Math.fma(power, a.hi(), m);
    double lo = Math.fma(power, a.lo(), Math.fma(power, a.hi(), m - hi));
    return fastTwoSum(hi, lo + (power - (m + 1.0)));
  }

  /** e^y - 1 for -708 &lt;= y &lt;= 0, normalised. */
  public static DoublePair expMinusOne(double y) {
    return scaledLessOne(expLessOne(expRest(y)), expPower(y));
  }

  // ---- The logistic function σ(z) = 1/(1 + e^-z) ----

  /** x·σ(z) for a z with the sign of x, given as y = -|z|, not below -790. */
  public static double timesSigmoid(double x, DoublePair y) {
    double power = expPower128(y.hi());
    DoublePair e = expOfPair(y); // e^y = e·2^n
    DoublePair d = addToPair(1.0, pairScale128(e, power));
    boolean left = x < 0.0;
    DoublePair q = quotientPair(new DoublePair(left ? e.hi() : 1.0, left ? e.lo() : 0.0), d);
    double product = Math.fma(x, q.hi(), x * q.lo());
    return withSign(left ? scale128(product, power) : product, x);
  }

  /**
   * The derivative of x·σ(z) for an odd, rising function z of x: g = e^y·f/(1 + e^y)² on the left
   * of zero and 1 - g on the right, with y = -|z| and f = 1 - x·z' + e^y. Where |z| is z0, f has a
   * root. With d = z0 - |z| it is line + root·(e^d - 1), line being what x·z' lacks to its value
   * there, and root e^-z0: two terms of one sign, so nothing cancels.
   */
  public static double timesSigmoidDerivative(
      double x, DoublePair d, DoublePair line, DoublePair root) {
    DoublePair r = expLessOne(expRestOfPair(d));
    // Beyond -80 e^d is 0 beside 1.
    DoublePair m = scaledLessOne(r, d.hi() > -80.0 ? expPower(d.hi()) : 0.0);
    DoublePair f = pairAdd(line, pairMultiply(m, root));
    double power = expPower128(d.hi());
    DoublePair e = pairMultiply(onePlus(r), root); // e^y = e·2^n
    DoublePair full = pairScale128(e, power);
    DoublePair q = quotientPair(pairMultiply(e, f), pairSquare(addToPair(1.0, full)));
    double left = scale128(q.hi(), power);
    DoublePair g = pairScale128(q, power);
    DoublePair right = addToPair(1.0, new DoublePair(-g.hi(), -g.lo()));
    return x < 0.0 ? left : right.hi() + right.lo();
  }

  // ---- The normal distribution Φ ----

  /** u = c - r, r = 1/(a + k). Since r &lt;= 2c, no bit of r.hi is lost. */
  public static DoublePair normalVariable(DoublePair r, DoublePair c) {
    return addToPair(c.hi(), new DoublePair(-r.hi(), c.lo() - r.lo()));
  }

  /** S(u) = u·(slope + u·q): a double q is enough, its share is small. */
  public static DoublePair normalCorrection(DoublePair u, double slope, double q) {
    double hi = Math.fma(q, u.hi(), slope);
    return pairMultiply(new DoublePair(hi, Math.fma(q, u.hi(), slope - hi)), u);
  }

  /**
   * S in Φ(-a) = r·e^(-a²/2 + S) for r = 1/(a + 3.25), 0 &lt;= a &lt;= 38.6: a polynomial in u = c
   * - r, c its root. It is a minimax fit (Lawson's weights) of absolute error; the coefficients
   * were rounded one after the other, lowest first, and the rest fitted anew each time. It stays
   * within 2^-58.4.
   */
  public static DoublePair normalExponent(DoublePair r) {
    DoublePair u = normalVariable(r, new DoublePair(0x1.b83611034f5d8p-3, -0x1.0d3d98a447047p-57));
    double q = 0x1.e48f84827791fp36;
    q = Math.fma(q, u.hi(), -0x1.dc634e99c6cd4p36);
    q = Math.fma(q, u.hi(), 0x1.8e5084dd630ddp34);
    q = Math.fma(q, u.hi(), 0x1.1504ae9b1b7abp33);
    q = Math.fma(q, u.hi(), -0x1.fd987fe2340a5p30);
    q = Math.fma(q, u.hi(), -0x1.c281059aeb81dp29);
    q = Math.fma(q, u.hi(), 0x1.460c53cc605afp24);
    q = Math.fma(q, u.hi(), 0x1.71dc7cf4b1182p26);
    q = Math.fma(q, u.hi(), 0x1.01904a4bb82ebp24);
    q = Math.fma(q, u.hi(), -0x1.97f908fb10f5dp22);
    q = Math.fma(q, u.hi(), -0x1.665700164b122p21);
    q = Math.fma(q, u.hi(), 0x1.00a4a08032dc9p17);
    q = Math.fma(q, u.hi(), 0x1.316b8b894109p18);
    q = Math.fma(q, u.hi(), 0x1.40cef403d91d2p15);
    q = Math.fma(q, u.hi(), -0x1.75730665da23ap14);
    q = Math.fma(q, u.hi(), -0x1.ececedd98496dp12);
    q = Math.fma(q, u.hi(), 0x1.2ba36598c4a96p10);
    q = Math.fma(q, u.hi(), 0x1.ea511298c5e6ep9);
    q = Math.fma(q, u.hi(), 0x1.a55fb2cea1c04p-1);
    q = Math.fma(q, u.hi(), -0x1.ba2a14d145202p6);
    q = Math.fma(q, u.hi(), -0x1.58cbe2928d577p3);
    q = Math.fma(q, u.hi(), 0x1.e1c95b8112c54p3);
    q = Math.fma(q, u.hi(), 0x1.111bd8947985ep1);
    return normalCorrection(u, -0x1.4ab69ea8a8f9cp2, q);
  }

  // ---- Logarithm ----

  /**
   * ln(1 + v) for v in [0, 1]. From 3/8 on it is ln(2) + ln(1 + f), f = (v - 1)/2, so that |f|
   * &lt;= 3/8 and ln(1 + f) = f - f²/2 + f³·Q(f), Q of degree 19 within 2^-56 of the result. Not
   * normalised.
   */
  public static DoublePair logOnePlus(DoublePair v) {
    boolean upper = v.hi() > 0.375;
    double factor = upper ? 0.5 : 1.0;
    double shift = upper ? -0.5 : 0.0;
    double f = Math.fma(v.hi(), factor, shift);
    double rest = Math.fma(v.lo(), factor, Math.fma(v.hi(), factor, shift - f));
    double q = -0x1.7572ddfae1e2p-5;
    q = Math.fma(q, f, 0x1.2c78cbf8312a3p-4);
    q = Math.fma(q, f, -0x1.d0f4c072686cbp-5);
    q = Math.fma(q, f, 0x1.83628d134d61cp-5);
    q = Math.fma(q, f, -0x1.b7bce62e75ca5p-5);
    q = Math.fma(q, f, 0x1.e6a67d75df5eep-5);
    q = Math.fma(q, f, -0x1.00fa65639be8bp-4);
    q = Math.fma(q, f, 0x1.10ea0e6a2ea4dp-4);
    q = Math.fma(q, f, -0x1.248056b77d19cp-4);
    q = Math.fma(q, f, 0x1.3b15352575c43p-4);
    q = Math.fma(q, f, -0x1.55561824191c4p-4);
    q = Math.fma(q, f, 0x1.745d0e207117ap-4);
    q = Math.fma(q, f, -0x1.999994cad562dp-4);
    q = Math.fma(q, f, 0x1.c71c71e7d744p-4);
    q = Math.fma(q, f, -0x1.0000000832138p-3);
    q = Math.fma(q, f, 0x1.2492492471278p-3);
    q = Math.fma(q, f, -0x1.5555555548a6ap-3);
    q = Math.fma(q, f, 0x1.9999999999bb1p-3);
    q = Math.fma(q, f, -0x1.000000000002ep-2);
    q = Math.fma(q, f, 0x1.5555555555555p-2);
    // The three leading terms are added exactly; only f³·Q(f) is left to a double.
    DoublePair square = twoProduct(f, f * -0.5);
    DoublePair line = fastTwoSum(upper ? 0x1.62e42fefa39efp-1 : 0.0, f);
    DoublePair sum = fastTwoSum(line.hi(), square.hi());
    double low = (line.lo() + square.lo()) + (upper ? 0x1.abc9e3b39803fp-56 : 0.0);
    low = Math.fma(square.hi() * -2.0, f * q, low + Math.fma(-rest, f, rest));
    return new DoublePair(sum.hi(), sum.lo() + low);
  }

  /**
   * The same for v in [0, 2^1000]: 1 + v = 2^n·(1 + f) with f in [0, 1], and ln is n·ln(2) + ln(1 +
   * f).
   */
  public static DoublePair logOnePlusLarge(DoublePair v) {
    boolean large = v.hi() >= 1.0;
    DoublePair all = pairPlus(v, 1.0);
    long exponent = large ? Double.doubleToRawLongBits(all.hi()) >>> 52 : 1023L;
    DoublePair scaled = pairScale(all, Double.longBitsToDouble((2046L - exponent) << 52));
    DoublePair f = large ? fastTwoSum(scaled.hi() - 1.0, scaled.lo()) : v;
    double n = (double) (exponent - 1023L);
    DoublePair whole = twoProduct(n, 0x1.62e42fefa39efp-1);
    whole = new DoublePair(whole.hi(), Math.fma(n, 0x1.abc9e3b39803fp-56, whole.lo()));
    return pairSum(whole, logOnePlus(f));
  }
}
