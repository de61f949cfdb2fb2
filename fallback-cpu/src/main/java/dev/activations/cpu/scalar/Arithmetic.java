package dev.activations.cpu.scalar;

/**
 * The arithmetic below the activations: pairs of floats, quotients and exponentials, built from
 * operations that IEEE 754 rounds the same way everywhere. No division, no library function, no
 * loop: each function is a straight line, so that every device and every vector lane gets the same
 * bits. Where one branches, both ways give the same bits, and the shorter leaves out what has no
 * effect near zero.
 *
 * <p>Error-free transformations: Dekker 1971, doi:10.1007/BF01397083; Knuth, TAOCP 2, section
 * 4.2.2; Ogita, Rump, Oishi 2005, doi:10.1137/030601818.
 */
public final class Arithmetic {
  private Arithmetic() {}

  // ---- Special values and signs ----

  /** r, but the one NaN of this library where x is NaN: payloads differ between devices. */
  public static float quiet(float x, float r) {
    return x == x ? r : Float.NaN;
  }

  /**
   * r with the sign bit of x, for an r that is zero or has the sign of x already: it restores the
   * sign of zero, which fma and addition lose.
   */
  public static float withSign(float r, float x) {
    return Float.intBitsToFloat(
        Float.floatToRawIntBits(r) | (Float.floatToRawIntBits(x) & 0x80000000));
  }

  /** min(|x|, limit); NaN stays NaN, which fmin would drop. */
  public static float clampedMagnitude(float x, float limit) {
    float a = Math.abs(x);
    return limit < a ? limit : a;
  }

  // ---- Pairs ----

  /** a + b exactly (Knuth). */
  public static Pair twoSum(float a, float b) {
    float s = a + b;
    float t = s - a;
    return new Pair(s, (a - (s - t)) + (b - t));
  }

  /** a + b exactly if |a| &gt;= |b| or a = 0 (Dekker). */
  public static Pair fastTwoSum(float a, float b) {
    float s = a + b;
    return new Pair(s, (a - s) + b);
  }

  /** a·b exactly, short of underflow. */
  public static Pair twoProduct(float a, float b) {
    float p = a * b;
    return new Pair(p, Math.fma(a, b, -p));
  }

  /** a + b if |a| &gt;= |b.hi|. */
  public static Pair addToPair(float a, Pair b) {
    Pair s = fastTwoSum(a, b.hi());
    return new Pair(s.hi(), s.lo() + b.lo());
  }

  /** a + b if |a.hi| &gt;= |b.hi|; otherwise within half a unit in the last place of b.hi. */
  public static Pair pairAdd(Pair a, Pair b) {
    Pair s = fastTwoSum(a.hi(), b.hi());
    return new Pair(s.hi(), s.lo() + (a.lo() + b.lo()));
  }

  /** a + b, whichever is the larger. */
  public static Pair pairSum(Pair a, Pair b) {
    Pair s = twoSum(a.hi(), b.hi());
    return new Pair(s.hi(), s.lo() + (a.lo() + b.lo()));
  }

  /** a + b for a float b, whichever is the larger. */
  public static Pair pairPlus(Pair a, float b) {
    Pair s = twoSum(a.hi(), b);
    return new Pair(s.hi(), s.lo() + a.lo());
  }

  /** a·b. */
  public static Pair pairMultiply(Pair a, Pair b) {
    Pair p = twoProduct(a.hi(), b.hi());
    return new Pair(p.hi(), Math.fma(a.lo(), b.hi(), Math.fma(a.hi(), b.lo(), p.lo())));
  }

  /** c + a·b for floats b and c, if the sum lies between c/2 and 2c. */
  public static Pair pairLine(float c, Pair a, float b) {
    float hi = Math.fma(a.hi(), b, c);
    return new Pair(hi, Math.fma(a.lo(), b, Math.fma(a.hi(), b, c - hi)));
  }

  /** a·b for a float b. */
  public static Pair pairProduct(Pair a, float b) {
    Pair p = twoProduct(a.hi(), b);
    return new Pair(p.hi(), Math.fma(a.lo(), b, p.lo()));
  }

  /** a². */
  public static Pair pairSquare(Pair a) {
    Pair p = twoProduct(a.hi(), a.hi());
    return new Pair(p.hi(), Math.fma(a.hi() + a.hi(), a.lo(), p.lo()));
  }

  /** a·power, exactly, for a power of two. */
  public static Pair pairScale(Pair a, float power) {
    return new Pair(a.hi() * power, a.lo() * power);
  }

  /** -|x·factor| for factor &gt; 0, clamped to [-limit, 0]. */
  public static Pair minusMagnitude(float x, float factor, float limit) {
    Pair y = twoProduct(-factor, Math.abs(x));
    boolean beyond = y.hi() < -limit;
    return new Pair(beyond ? -limit : y.hi(), beyond ? 0.0f : y.lo());
  }

  // ---- Quotients ----

  /**
   * 1/d for d in [2^-120, 2^120], within 2^-17: a seed from the exponent, then Newton's iteration.
   */
  public static float reciprocal(float d) {
    float r = Float.intBitsToFloat(0x7EF311C7 - Float.floatToRawIntBits(d));
    r = Math.fma(r, Math.fma(-d, r, 1.0f), r);
    return Math.fma(r, Math.fma(-d, r, 1.0f), r);
  }

  /** 1/d as reciprocal, within 2^-14.8, by one step of third order with the least largest error. */
  public static float roughReciprocal(float d) {
    float r = Float.intBitsToFloat(0x7EF33400 - Float.floatToRawIntBits(d));
    float e = Math.fma(-d, r, 0x1.803ee8p0f);
    return r * Math.fma(e, e, 0x1.7f81e4p-1f);
  }

  /** 1/d as reciprocal, within 2^-23. */
  public static float fineReciprocal(float d) {
    float r = Float.intBitsToFloat(0x7EF311C7 - Float.floatToRawIntBits(d));
    float e = Math.fma(-d, r, 1.0f);
    r = Math.fma(r, Math.fma(e, e, e), r);
    return Math.fma(r, Math.fma(-d, r, 1.0f), r);
  }

  /** What is left of n after q parts of d. */
  public static float remainderOf(Pair n, Pair d, float q) {
    return Math.fma(-q, d.hi(), n.hi()) + Math.fma(-q, d.lo(), n.lo());
  }

  /** n/d, rounded once. */
  public static float quotient(Pair n, Pair d) {
    float r = reciprocal(d.hi());
    float q = n.hi() * r;
    return Math.fma(remainderOf(n, d, q), r, q);
  }

  /** n/d as a normalised pair, within 2^-34. */
  public static Pair quotientPair(Pair n, Pair d) {
    float r = reciprocal(d.hi());
    float q = n.hi() * r;
    float rest = remainderOf(n, d, q);
    float hi = Math.fma(rest, r, q);
    return new Pair(hi, Math.fma(rest, r, q - hi));
  }

  /** n/d as a normalised pair, within 2^-45. */
  public static Pair fineQuotientPair(Pair n, Pair d) {
    float r = fineReciprocal(d.hi());
    float q = n.hi() * r;
    float hi = Math.fma(remainderOf(n, d, q), r, q);
    return fastTwoSum(hi, remainderOf(n, d, hi) * r);
  }

  /** 1/d as a pair, within 2^-46; (1, 0) for d = 1. */
  public static Pair reciprocalPair(float d) {
    float r = fineReciprocal(d);
    float hi = Math.fma(r, Math.fma(-d, r, 1.0f), r);
    return new Pair(hi, hi * Math.fma(-d, hi, 1.0f));
  }

  /** 1/d for a pair d, normalised, within 2^-34. */
  public static Pair reciprocalOfPair(Pair d) {
    float r = reciprocal(d.hi());
    float rest = Math.fma(-d.lo(), r, Math.fma(-d.hi(), r, 1.0f));
    float hi = Math.fma(r, rest, r);
    return new Pair(hi, Math.fma(r, rest, r - hi));
  }

  // ---- Roots ----

  /**
   * The root of v in [2^-100, 2^100], normalised, within 2^-34: a seed of its reciprocal from half
   * the exponent, Newton's iteration, and what the square lacks.
   */
  public static Pair rootOfPair(Pair v) {
    float halved = v.hi() * 0.5f;
    float r = Float.intBitsToFloat(0x5F375A86 - (Float.floatToRawIntBits(v.hi()) >>> 1));
    r = Math.fma(r, Math.fma(-halved * r, r, 0.5f), r);
    r = Math.fma(r, Math.fma(-halved * r, r, 0.5f), r);
    float s = v.hi() * r;
    float rest = Math.fma(-s, s, v.hi()) + v.lo();
    float share = r * 0.5f;
    float hi = Math.fma(rest, share, s);
    return new Pair(hi, Math.fma(rest, share, s - hi));
  }

  // ---- Exponentials: e^y = 2^n·e^rest, n the integer nearest to y·log2(e) ----

  /** n, in the lowest bits of n + 1.5·2^23: adding that constant rounds to an integer. */
  public static float expShifted(float y) {
    return Math.fma(y, 0x1.715476p0f, 0x1.8p23f);
  }

  /** 2^n, for |n| &lt;= 126. */
  public static float expPower(float y) {
    return Float.intBitsToFloat((Float.floatToRawIntBits(expShifted(y)) << 23) + (127 << 23));
  }

  /** 2^(n + 64), for -190 &lt;= n &lt;= 63: above the subnormals where 2^n is not. */
  public static float expPower64(float y) {
    return Float.intBitsToFloat(
        (Float.floatToRawIntBits(expShifted(y)) << 23) + ((127 + 64) << 23));
  }

  /** v·2^n, rounded once even where it is subnormal, for power = expPower64(y). */
  public static float scale64(float v, float power) {
    return (v * power) * 0x1p-64f;
  }

  /** The same for a pair. */
  public static Pair pairScale64(Pair a, float power) {
    return new Pair(scale64(a.hi(), power), scale64(a.lo(), power));
  }

  /** 2^-n, for |n| &lt;= 126. */
  public static float expInverse(float y) {
    return Float.intBitsToFloat((127 << 23) - (Float.floatToRawIntBits(expShifted(y)) << 23));
  }

  /** 2^(64 - n), for -63 &lt;= n &lt;= 190. */
  public static float expInverse64(float y) {
    return Float.intBitsToFloat(
        ((127 + 64) << 23) - (Float.floatToRawIntBits(expShifted(y)) << 23));
  }

  /**
   * v·2^(n + shift) for -252 &lt;= n + shift &lt;= 254. The power comes in two halves, so that
   * neither leaves the floats.
   */
  public static float expScaled(float v, float y, int shift) {
    int n = Float.floatToRawIntBits(expShifted(y)) - 0x4B400000 + shift;
    int part = n >> 1;
    float first = Float.intBitsToFloat((part + 127) << 23);
    float second = Float.intBitsToFloat((n - part + 127) << 23);
    return (v * first) * second;
  }

  /** y - n·ln(2), with ln(2) in two parts of which the first has zeros to spare for n. */
  public static Pair expRest(float y) {
    float n = expShifted(y) - 0x1.8p23f;
    float r = Math.fma(n, -0x1.62e4p-1f, y);
    float hi = Math.fma(n, -0x1.7f7d1cp-20f, r);
    return new Pair(hi, Math.fma(n, -0x1.7f7d1cp-20f, r - hi));
  }

  /** The same for a pair. Its low part joins before the polynomial, where it counts. */
  public static Pair expRestOfPair(Pair y) {
    float n = expShifted(y.hi()) - 0x1.8p23f;
    return fastTwoSum(Math.fma(n, -0x1.62e4p-1f, y.hi()), Math.fma(n, -0x1.7f7d1cp-20f, y.lo()));
  }

  /** P(r) of degree 4 in e^r = 1 + r + r²·P(r), within 2^-27 of e^r. */
  public static float expCurve(float r) {
    float p = 0x1.681d3p-10f;
    p = Math.fma(p, r, 0x1.123be8p-7f);
    p = Math.fma(p, r, 0x1.555c5ep-5f);
    p = Math.fma(p, r, 0x1.55548ep-3f);
    return Math.fma(p, r, 0x1.fffff6p-2f);
  }

  /** e^r - 1, within 2^-27 of e^r. Not normalised. */
  public static Pair expLessOne(Pair r) {
    float p = expCurve(r.hi());
    return new Pair(r.hi(), Math.fma(r.hi() * r.hi(), p, Math.fma(r.lo(), r.hi(), r.lo())));
  }

  /** The same with P of degree 5: relative to e^r - 1 itself, for use near its zero. */
  public static Pair expLessOneFine(Pair r) {
    float p = 0x1.a2741p-13f;
    p = Math.fma(p, r.hi(), 0x1.6d5156p-10f);
    p = Math.fma(p, r.hi(), 0x1.110feep-7f);
    p = Math.fma(p, r.hi(), 0x1.5554e4p-5f);
    p = Math.fma(p, r.hi(), 0x1.555556p-3f);
    p = Math.fma(p, r.hi(), 0x1p-1f);
    return new Pair(r.hi(), Math.fma(r.hi() * r.hi(), p, Math.fma(r.lo(), r.hi(), r.lo())));
  }

  /** 1 + a for |a| &lt; 1, normalised; a need not be. */
  public static Pair onePlus(Pair a) {
    Pair s = fastTwoSum(a.hi(), a.lo());
    return addToPair(1.0f, s);
  }

  /** e^y/2^n, in [0.7, 1.42], normalised: expPower has the rest. */
  public static Pair expPair(float y) {
    return onePlus(expLessOne(expRest(y)));
  }

  /** The same for a pair. */
  public static Pair expOfPair(Pair y) {
    return onePlus(expLessOne(expRestOfPair(y)));
  }

  /**
   * e^y/2^n as expOfPair, with fewer operations: n times the float nearest to ln(2) is subtracted
   * exactly by fma, and what it lacks joins with y.lo at the end. The polynomial is sollya's
   * fpminimax of e^r, within 2^-28.2.
   */
  public static Pair leanExpPair(Pair y) {
    float n = expShifted(y.hi()) - 0x1.8p23f;
    float r = Math.fma(n, -0x1.62e43p-1f, y.hi());
    float rest = Math.fma(n, 0x1.05c61p-29f, y.lo());
    float p = 0x1.694c8ep-10f;
    p = Math.fma(p, r, 0x1.12397ep-7f);
    p = Math.fma(p, r, 0x1.555a26p-5f);
    p = Math.fma(p, r, 0x1.555492p-3f);
    p = Math.fma(p, r, 0x1.fffffap-2f);
    float square = r * r;
    Pair line = fastTwoSum(1.0f, r);
    float hi = Math.fma(square, p, line.hi());
    return new Pair(hi, Math.fma(square, p, line.hi() - hi) + Math.fma(rest, hi, line.lo()));
  }

  /**
   * power·(1 + a) - 1, normalised, for power &lt;= 1: with a = e^rest - 1 this is e^y - 1, accurate
   * where it is small.
   */
  public static Pair scaledLessOne(Pair a, float power) {
    float m = power - 1.0f;
    float hi = Math.fma(power, a.hi(), m);
    float lo = Math.fma(power, a.lo(), Math.fma(power, a.hi(), m - hi));
    return fastTwoSum(hi, lo + (power - (m + 1.0f)));
  }

  /** e^y - 1 for -87 &lt;= y &lt;= 0, normalised. */
  public static Pair expMinusOne(float y) {
    return scaledLessOne(expLessOneFine(expRest(y)), expPower(y));
  }

  // ---- The logistic function σ(z) = 1/(1 + e^-z) ----

  /**
   * n/(1 + e^y) for -43 &lt;= y &lt;= 132, given what expRest leaves of y. It is n·T/(T + e^rest),
   * T = 2^-n.
   *
   * @param near whether |y| &lt; 16: then what has no effect there is left out
   */
  public static float overOnePlusExp(float n, float y, Pair rest, boolean near) {
    Pair growth = expLessOne(rest);
    float power = near ? expInverse(y) : expInverse64(y);
    float t = near ? power : power * 0x1p-64f;
    Pair first = near ? new Pair(t + 1.0f, 0.0f) : twoSum(t, 1.0f);
    Pair d = addToPair(first.hi(), growth);
    d = near ? d : new Pair(d.hi(), d.lo() + first.lo());
    float r = reciprocal(d.hi() + d.lo());
    float q = n * r;
    float left = Math.fma(-q, d.lo(), Math.fma(-q, d.hi(), n));
    float scaled = Math.fma(left, r, q) * power;
    return near ? scaled : scaled * 0x1p-64f;
  }

  /**
   * σ'(y) = e^y/(1 + e^y)² for -120 &lt;= y &lt;= 0, but for the factor logisticTail(y). It is
   * e^rest·T/(T + e^rest)², T = 2^-n.
   *
   * @param near whether y &gt; -16, where the factor is 1
   */
  public static float logisticSlope(float y, boolean near) {
    Pair e = addToPair(1.0f, expLessOne(expRest(y)));
    // Beyond -21 the slope is e^y; a larger T would leave the floats.
    float power = expInverse(near || y > -21.0f ? y : -21.0f);
    Pair d = addToPair(power, e);
    float hi = d.hi() * d.hi();
    float lo = Math.fma(Math.fma(d.hi(), 2.0f, d.lo()), d.lo(), Math.fma(d.hi(), d.hi(), -hi));
    float r = reciprocal(hi + lo);
    float q = (e.hi() + e.lo()) * r;
    return Math.fma(remainderOf(e, new Pair(hi, lo), q), r, q) * power;
  }

  /** 2^(n + 30) where y &lt;= -21, which is where n is -30; 1 elsewhere. */
  public static float logisticTail(float y) {
    return y > -21.0f ? 1.0f : expPower64(y) * 0x1p-34f;
  }

  /** x·σ(z) for a z with the sign of x, given as y = -z. */
  public static float timesSigmoid(float x, Pair y) {
    return Math.abs(y.hi()) < 16.0f ? timesSigmoid(x, y, true) : timesSigmoid(x, y, false);
  }

  /**
   * The same.
   *
   * @param near whether |y| &lt; 16: then what has no effect there is left out
   */
  public static float timesSigmoid(float x, Pair y, boolean near) {
    // Beyond these ends the result is x, or vanishes.
    boolean right = y.hi() < -43.0f;
    boolean left = y.hi() > 132.0f;
    float hi = right ? -43.0f : left ? 132.0f : y.hi();
    float lo = right || left ? 0.0f : y.lo();
    Pair clamped = near ? y : new Pair(hi, lo);
    float r = overOnePlusExp(x, clamped.hi(), expRestOfPair(clamped), near);
    r = withSign(r, x);
    return near ? r : quiet(x, right ? x : left ? -0.0f : r);
  }

  /**
   * The derivative of x·σ(z) for an odd, rising function z of x: g = e^y·f/(1 + e^y)² on the left
   * of zero and 1 - g on the right, with y = -|z| and f = 1 - x·z' + e^y. Where |z| is z0, f has a
   * root. With d = z0 - |z| it is line + root·(e^d - 1), line being what x·z' lacks to its value
   * there, and root e^-z0: two terms of one sign, so nothing cancels.
   */
  public static float timesSigmoidDerivative(float x, Pair d, Pair line, Pair root) {
    return d.hi() > -15.0f
        ? timesSigmoidSlope(x, d, line, root, true)
        : timesSigmoidSlope(x, d, line, root, false);
  }

  /**
   * timesSigmoidDerivative.
   *
   * @param near whether d &gt; -15: then what has no effect there is left out
   */
  public static float timesSigmoidSlope(float x, Pair d, Pair line, Pair root, boolean near) {
    Pair growth = expLessOneFine(expRestOfPair(d));
    growth = fastTwoSum(growth.hi(), growth.lo());
    // Beyond -80 e^d is 0 beside 1.
    float power = near || d.hi() > -80.0f ? expPower(d.hi()) : 0.0f;

    // e^d - 1, and root times that
    float whole = power - 1.0f;
    Pair m = pairLine(whole, growth, power);
    m = near ? m : new Pair(m.hi(), m.lo() + (power - (whole + 1.0f)));
    float low = Math.fma(root.hi(), m.lo(), root.lo() * m.hi());
    Pair f = rootLine(line, root.hi(), m.hi(), low);
    Pair denominator = rootLine(addToPair(1.0f, root), root.hi(), m.hi(), low); // 1 + e^y

    float hi = Math.fma(growth.hi(), f.hi(), f.hi());
    float lo = Math.fma(growth.lo(), f.hi(), Math.fma(f.lo(), growth.hi(), f.lo()));
    Pair product = new Pair(hi, Math.fma(growth.hi(), f.hi(), f.hi() - hi) + lo);
    float q = quotient(pairMultiply(product, root), pairSquare(denominator));
    float left = near ? q * power : scale64(q, expPower64(d.hi()));
    float r = x < 0.0f ? left : 1.0f - left;
    return near ? r : quiet(x, r);
  }

  /** a + b·c + low, if |a.hi| &gt;= |b·c|. */
  private static Pair rootLine(Pair a, float b, float c, float low) {
    float hi = Math.fma(b, c, a.hi());
    return new Pair(hi, Math.fma(b, c, a.hi() - hi) + (low + a.lo()));
  }

  // ---- The normal distribution Φ ----

  /** u = c - r, r = 1/(a + k). Since r &lt;= 2c, no bit of r.hi is lost. */
  public static Pair normalVariable(Pair r, Pair c) {
    return addToPair(c.hi(), new Pair(-r.hi(), c.lo() - r.lo()));
  }

  /** S(u) = u·(slope + u·q): a float q is enough, its share is small. */
  public static Pair normalCorrection(Pair u, float slope, float q) {
    float hi = Math.fma(q, u.hi(), slope);
    return pairMultiply(new Pair(hi, Math.fma(q, u.hi(), slope - hi)), u);
  }

  /**
   * S in Φ(-a) = r·e^(-a²/2 + S) for r = 1/(a + 2.5), 0 &lt;= a &lt;= 14.5: a polynomial in u = c -
   * r, c its root. It is a minimax fit (Remez's exchange) of absolute error; the coefficients were
   * rounded one after the other, lowest first, and the rest fitted anew each time. It stays within
   * 2^-28.6.
   */
  public static Pair normalExponent(Pair r) {
    Pair u = normalVariable(r, new Pair(0x1.43e674p-2f, 0x1.a5ecdep-28f));
    float q = -0x1.bf25dp11f;
    q = Math.fma(q, u.hi(), 0x1.9aa8d8p10f);
    q = Math.fma(q, u.hi(), 0x1.98be0ap8f);
    q = Math.fma(q, u.hi(), -0x1.16e94cp6f);
    q = Math.fma(q, u.hi(), -0x1.2cfb6ep6f);
    q = Math.fma(q, u.hi(), -0x1.cf449ep4f);
    q = Math.fma(q, u.hi(), 0x1.a688p1f);
    q = Math.fma(q, u.hi(), 0x1.19a0ccp3f);
    q = Math.fma(q, u.hi(), 0x1.92763p1f);
    q = Math.fma(q, u.hi(), -0x1.ca4856p0f);
    return normalCorrection(u, -0x1.6aa6ccp1f, q);
  }

  // ---- Logarithm ----

  /**
   * ln(1 + v) for v in [0, 1]. From 3/8 on it is ln(2) + ln(1 + f), f = (v - 1)/2, so that |f|
   * &lt;= 3/8 and ln(1 + f) = f - f²/2 + f³·Q(f), Q of degree 8 within 2^-30 of the result. Not
   * normalised.
   */
  public static Pair logOnePlus(Pair v) {
    boolean upper = v.hi() > 0.375f;
    float factor = upper ? 0.5f : 1.0f;
    float shift = upper ? -0.5f : 0.0f;
    float f = Math.fma(v.hi(), factor, shift);
    float rest = Math.fma(v.lo(), factor, Math.fma(v.hi(), factor, shift - f));
    float q = 0x1.63bdb8p-4f;
    q = Math.fma(q, f, -0x1.01b3f4p-3f);
    q = Math.fma(q, f, 0x1.da9cbp-4f);
    q = Math.fma(q, f, -0x1.f5735ap-4f);
    q = Math.fma(q, f, 0x1.237734p-3f);
    q = Math.fma(q, f, -0x1.558bf8p-3f);
    q = Math.fma(q, f, 0x1.99a4dp-3f);
    q = Math.fma(q, f, -0x1.ffff42p-3f);
    q = Math.fma(q, f, 0x1.555544p-2f);
    // The three leading terms are added exactly; only f³·Q(f) is left to a float.
    Pair square = twoProduct(f, f * -0.5f);
    Pair line = fastTwoSum(upper ? 0x1.62e43p-1f : 0.0f, f);
    Pair sum = fastTwoSum(line.hi(), square.hi());
    float low = (line.lo() + square.lo()) + (upper ? -0x1.05c61p-29f : 0.0f);
    low = Math.fma(square.hi() * -2.0f, f * q, low + Math.fma(-rest, f, rest));
    return new Pair(sum.hi(), sum.lo() + low);
  }

  /**
   * The same for v in [0, 2^100]: 1 + v = 2^n·(1 + f) with f in [0, 1], and ln is n·ln(2) + ln(1 +
   * f).
   */
  public static Pair logOnePlusLarge(Pair v) {
    boolean large = v.hi() >= 1.0f;
    Pair all = pairSum(v, new Pair(1.0f, 0.0f));
    int exponent = large ? Float.floatToRawIntBits(all.hi()) >>> 23 : 127;
    Pair scaled = pairScale(all, Float.intBitsToFloat((254 - exponent) << 23));
    Pair f = large ? fastTwoSum(scaled.hi() - 1.0f, scaled.lo()) : v;
    float n = (float) (exponent - 127);
    Pair whole = twoProduct(n, 0x1.62e43p-1f);
    whole = new Pair(whole.hi(), Math.fma(n, -0x1.05c61p-29f, whole.lo()));
    return pairSum(whole, logOnePlus(f));
  }

  /**
   * max(x, 0) + ln(1 + e^y)·inverse for y = -|x|/inverse, not below -128. With e = e^y the
   * logarithm is e·H(e), H a polynomial of degree 9 in e - 487/1024, sollya's fpminimax, within
   * 2^-27.6. {@code near} says that inverse is 1 and y &gt; -16: then what has no effect there is
   * left out.
   */
  public static float logOnePlusExp(float x, Pair y, Pair inverse, boolean near) {
    Pair e = leanExpPair(y);
    // To the left of zero 2^64 keeps all clear of the subnormal numbers until the last step.
    boolean left = x < 0.0f;
    float back = left ? 0x1p-64f : 1.0f;
    float power = near ? expPower(y.hi()) : expPower64(y.hi()) * (left ? 1.0f : 0x1p-64f);
    float full = e.hi() * power;
    float v = near ? full : full * back;

    float w = v - 0x1.e7p-2f;
    float g = -0x1.a9c91ep-9f;
    g = Math.fma(g, w, 0x1.870bfp-8f);
    g = Math.fma(g, w, -0x1.00ffbep-7f);
    g = Math.fma(g, w, 0x1.a41f06p-7f);
    g = Math.fma(g, w, -0x1.6e4594p-6f);
    g = Math.fma(g, w, 0x1.4190b8p-5f);
    g = Math.fma(g, w, -0x1.246b5p-4f);
    g = Math.fma(g, w, 0x1.1a02dp-3f);
    g = Math.fma(g, w, -0x1.2e3558p-2f);
    float h = Math.fma(w, g, 0x1.a2d806p-1f);
    float rest = Math.fma(w, g, 0x1.a2d806p-1f - h);
    // Of the derivative of e·H(e), by which e.lo counts, three bits are enough.
    float slope = Math.fma(v, g, h);

    Pair scale = pairScale(inverse, power);
    Pair scaled = pairProduct(scale, e.hi());
    float bend = near ? full : scaled.hi();
    float line = x > 0.0f ? x : 0.0f;
    float sum = Math.fma(bend, h, line);
    float part = sum - line;
    float low = line - (sum - part);
    low = Math.fma(bend, rest, near ? low : Math.fma(scaled.lo(), h, low));
    low = Math.fma(near ? e.lo() * power : e.lo() * scale.hi(), slope, low);
    float r = sum + (Math.fma(bend, h, -part) + low);
    return near ? r : x > 0x1p100f ? x : r * back;
  }
}
