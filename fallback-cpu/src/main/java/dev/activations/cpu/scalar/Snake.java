package dev.activations.cpu.scalar;

import static dev.activations.cpu.scalar.Arithmetic.addToPair;
import static dev.activations.cpu.scalar.Arithmetic.fastTwoSum;
import static dev.activations.cpu.scalar.Arithmetic.pairAdd;
import static dev.activations.cpu.scalar.Arithmetic.pairLine;
import static dev.activations.cpu.scalar.Arithmetic.pairMultiply;
import static dev.activations.cpu.scalar.Arithmetic.pairSquare;
import static dev.activations.cpu.scalar.Arithmetic.quiet;
import static dev.activations.cpu.scalar.Arithmetic.reciprocalPair;
import static dev.activations.cpu.scalar.Arithmetic.twoProduct;
import static dev.activations.cpu.scalar.Arithmetic.twoSum;
import static dev.activations.cpu.scalar.Arithmetic.withSign;
import static dev.activations.cpu.scalar.DoubleArithmetic.addToPair;
import static dev.activations.cpu.scalar.DoubleArithmetic.fastTwoSum;
import static dev.activations.cpu.scalar.DoubleArithmetic.pairAdd;
import static dev.activations.cpu.scalar.DoubleArithmetic.pairLine;
import static dev.activations.cpu.scalar.DoubleArithmetic.pairMultiply;
import static dev.activations.cpu.scalar.DoubleArithmetic.pairSquare;
import static dev.activations.cpu.scalar.DoubleArithmetic.quiet;
import static dev.activations.cpu.scalar.DoubleArithmetic.reciprocalPair;
import static dev.activations.cpu.scalar.DoubleArithmetic.twoProduct;
import static dev.activations.cpu.scalar.DoubleArithmetic.twoSum;
import static dev.activations.cpu.scalar.DoubleArithmetic.withSign;

/**
 * snake(x) = x + sin²(a·x)/a; derivative 1 + sin(2·a·x). At an infinity the derivative has no
 * limit, and is NaN.
 *
 * <p>Source: Liu, Hartwig, Ueda 2020, arXiv:2006.08195.
 *
 * <p>Backward needs: input. Bound: 1 ULP for every a.
 *
 * <p>The derivative is 2·sin²(a·x + π/4), which keeps its relative accuracy beside its roots if the
 * distance to the nearest of them does. That is found from all bits of a·x and as many of 1/π as it
 * takes: Payne, Hanek 1983, Radian Reduction for Trigonometric Functions, SIGNUM Newsletter 18(1).
 * Products of two floats come as near as 2^-54·π, and the distance is known to 2^-88·π; for doubles
 * it is 2^-115·π and 2^-184·π.
 */
public final class Snake {
  private Snake() {}

  /** sin² r, normalised, for |r| &lt;= π/2. */
  private static Pair squaredSine(Pair r) {
    float hi = Math.abs(r.hi());
    float lo = r.hi() < 0.0f ? -r.lo() : r.lo();
    // Beyond π/4 it is 1 - sin² of what is left to π/2.
    boolean beyond = hi > 0x1.921fb6p-1f;
    Pair z =
        pairSquare(new Pair(beyond ? 0x1.921fb6p0f - hi : hi, beyond ? -0x1.777a5cp-25f - lo : lo));
    // z + z²·P(z), P a minimax fit of degree 4: within 2^-31.
    float p = -0x1.3da1d4p-18f;
    p = Math.fma(p, z.hi(), 0x1.29c5cap-13f);
    p = Math.fma(p, z.hi(), -0x1.a02c0cp-9f);
    p = Math.fma(p, z.hi(), 0x1.6c1706p-5f);
    Pair s = pairAdd(z, pairMultiply(pairSquare(z), pairLine(-0x1.555556p-2f, z, p)));
    Pair rest = addToPair(1.0f, new Pair(-s.hi(), -s.lo()));
    return new Pair(beyond ? rest.hi() : s.hi(), beyond ? rest.lo() : s.lo());
  }

  /**
   * Returns snake(x).
   *
   * @param x any float; NaN gives NaN
   * @param a the frequency of the ripple, in [2^-32, 2^32]
   */
  public static float forward(float x, float a) {
    Pair t = twoProduct(a, Math.abs(x));
    // t - n·π; t.hi - n·0x1.921fb6p1 is exact.
    float n = Math.fma(t.hi(), 0x1.45f306p-2f, 0x1p23f) - 0x1p23f;
    Pair r = twoSum(Math.fma(n, -0x1.921fb6p1f, t.hi()), Math.fma(n, 0x1.777a5cp-24f, t.lo()));
    Pair ripple = pairMultiply(squaredSine(r), reciprocalPair(a));
    Pair sum = twoSum(x, ripple.hi());
    float near = withSign(sum.hi() + (sum.lo() + ripple.lo()), x);
    // Beyond, the ripple is less than 2/3 of a unit of x.
    return quiet(x, t.hi() < 0x1.9p24f ? near : x);
  }

  /** Four digits of 15 bits, the lowest first. */
  private record Digits(int first, int second, int third, int fourth) {}

  /** The product of the mantissas of two floats, given as bits. */
  private static Digits mantissas(int x, int a) {
    int x0 = x & 0x7FFF;
    int a0 = a & 0x7FFF;
    int x1 = (x >>> 15 & 0xFF) | 0x100;
    int a1 = (a >>> 15 & 0xFF) | 0x100;
    int low = x0 * a0;
    int middle = x0 * a1 + x1 * a0 + (low >>> 15);
    int high = x1 * a1 + (middle >>> 15);
    return new Digits(low & 0x7FFF, middle & 0x7FFF, high & 0x7FFF, high >>> 15);
  }

  /** 30 bits of two words of 30 bits, from a bit of the first on. */
  private static int bits(int first, int second, int from) {
    return ((first << from) | (second >>> (30 - from))) & 0x3FFFFFFF;
  }

  /** One column of a long multiplication: four products of two digits fit an unsigned word. */
  private static int column(Digits m, int p0, int p1, int p2, int p3) {
    return m.first() * p0 + m.second() * p1 + m.third() * p2 + m.fourth() * p3;
  }

  /** sum + digit·unit, for a sum that is a multiple of 2^15·unit or has no room left in hi. */
  private static Pair addDigit(Pair sum, int digit, float unit) {
    Pair s = fastTwoSum(sum.hi(), (float) (digit & 0x7FFF) * unit);
    return new Pair(s.hi(), sum.lo() + s.lo());
  }

  /** a·x + π/4 less the nearest multiple of π, for x &gt;= 0; its negative for x &lt; 0. */
  private static Pair fromRoot(float x, float a) {
    int xBits = Float.floatToRawIntBits(x);
    int aBits = Float.floatToRawIntBits(a);
    Digits m = mantissas(xBits, aBits);

    // a·|x| is m·2^(at - 90), and of 1/π those bits count that 2^(at - 90) does not make integers:
    // the bits from at on in three words of zeros and nine words of 1/π.
    int at = (xBits >>> 23 & 0xFF) + (aBits >>> 23) - (300 - 90);
    at = at < 0 ? 0 : at; // there the derivative is 1, whatever m
    int word = at * 2185 >>> 16; // at/30
    int from = at - 30 * word;

    // w0 to w5 are the words from number word on.
    boolean four = (word & 4) != 0;
    int u0 = four ? 0x327220A9 : 0;
    int u1 = four ? 0x13F84EAF : 0;
    int u2 = four ? 0x28FA9A6E : 0;
    int u3 = four ? 0x381B6C52 : 0x145F306D;
    int u4 = four ? 0x2CC9E21C : 0x327220A9;
    int u5 = four ? 0x2083FCA2 : 0x13F84EAF;
    int u6 = four ? 0x31D5EF5D : 0x28FA9A6E;
    int u7 = four ? 0x38AC36E4 : 0x381B6C52;
    int u8 = 0x2CC9E21C;
    boolean two = (word & 2) != 0;
    int v0 = two ? u2 : u0;
    int v1 = two ? u3 : u1;
    int v2 = two ? u4 : u2;
    int v3 = two ? u5 : u3;
    int v4 = two ? u6 : u4;
    int v5 = two ? u7 : u5;
    int v6 = two ? u8 : u6;
    boolean one = (word & 1) != 0;
    int w0 = one ? v1 : v0;
    int w1 = one ? v2 : v1;
    int w2 = one ? v3 : v2;
    int w3 = one ? v4 : v3;
    int w4 = one ? v5 : v4;
    int w5 = one ? v6 : v5;
    int p01 = bits(w0, w1, from);
    int p23 = bits(w1, w2, from);
    int p45 = bits(w2, w3, from);
    int p67 = bits(w3, w4, from);
    int p89 = bits(w4, w5, from);
    int p0 = p01 >>> 15;
    int p1 = p01 & 0x7FFF;
    int p2 = p23 >>> 15;
    int p3 = p23 & 0x7FFF;
    int p4 = p45 >>> 15;
    int p5 = p45 & 0x7FFF;
    int p6 = p67 >>> 15;
    int p7 = p67 & 0x7FFF;
    int p8 = p89 >>> 15;
    int p9 = p89 & 0x7FFF;

    // The digits of a·|x|/π, plus or minus 1/4, as the lowest bits of each; integers are dropped.
    int c6 = column(m, p6, p7, p8, p9);
    int c5 = column(m, p5, p6, p7, p8) + (c6 >>> 15);
    int c4 = column(m, p4, p5, p6, p7) + (c5 >>> 15);
    int c3 = column(m, p3, p4, p5, p6) + (c4 >>> 15);
    int c2 = column(m, p2, p3, p4, p5) + (c3 >>> 15);
    int c1 = column(m, p1, p2, p3, p4) + (c2 >>> 15);
    int c0 = column(m, p0, p1, p2, p3) + (c1 >>> 15) + (x < 0.0f ? 0x6000 : 0x2000);
    Pair turns = new Pair((float) (c0 << 17 >> 17), 0.0f); // in [-1/2, 1/2), times 2^15
    turns = addDigit(turns, c1, 0x1p-15f);
    turns = addDigit(turns, c2, 0x1p-30f);
    turns = addDigit(turns, c3, 0x1p-45f);
    turns = addDigit(turns, c4, 0x1p-60f);
    turns = addDigit(turns, c5, 0x1p-75f);
    return pairMultiply(turns, new Pair(0x1.921fb6p-14f, -0x1.777a5cp-39f)); // π·2^-15
  }

  /**
   * Returns the derivative of snake at x.
   *
   * @param x any float; NaN and the infinities give NaN
   * @param a the frequency of the ripple, in [2^-32, 2^32]
   */
  public static float derivative(float x, float a) {
    Pair s = squaredSine(fromRoot(x, a));
    return quiet(x - x, 2.0f * (s.hi() + s.lo()));
  }

  // ---- float64 ----

  /** sin² r, normalised, for |r| &lt;= π/2. */
  private static DoublePair squaredSine(DoublePair r) {
    double hi = Math.abs(r.hi());
    double lo = r.hi() < 0.0 ? -r.lo() : r.lo();
    // Beyond π/4 it is 1 - sin² of what is left to π/2.
    boolean beyond = hi > 0x1.921fb54442d18p-1;
    DoublePair z =
        pairSquare(
            new DoublePair(
                beyond ? 0x1.921fb54442d18p0 - hi : hi, beyond ? 0x1.1a62633145c07p-54 - lo : lo));
    // z + z²·P(z), P a minimax fit of degree 8: within 2^-62.
    double p = 0x1.e71f551cb4727p-43;
    p = Math.fma(p, z.hi(), 0x1.5247adecf2e34p-36);
    p = Math.fma(p, z.hi(), -0x1.ae1530ca9c78cp-30);
    p = Math.fma(p, z.hi(), 0x1.939633159f4acp-24);
    p = Math.fma(p, z.hi(), -0x1.1eed8d4e952c6p-18);
    p = Math.fma(p, z.hi(), 0x1.27e4fb746da1p-13);
    p = Math.fma(p, z.hi(), -0x1.a01a01a01380ep-9);
    p = Math.fma(p, z.hi(), 0x1.6c16c16c16ba9p-5);
    DoublePair s = pairAdd(z, pairMultiply(pairSquare(z), pairLine(-0x1.5555555555555p-2, z, p)));
    DoublePair rest = addToPair(1.0, new DoublePair(-s.hi(), -s.lo()));
    return new DoublePair(beyond ? rest.hi() : s.hi(), beyond ? rest.lo() : s.lo());
  }

  /**
   * Returns snake(x).
   *
   * @param x any double; NaN gives NaN
   * @param a the frequency of the ripple, in [2^-32, 2^32]
   */
  public static double forward(double x, double a) {
    DoublePair t = twoProduct(a, Math.abs(x));
    // t - n·π; t.hi - n·0x1.921fb54442d18p1 is exact.
    double n = Math.fma(t.hi(), 0x1.45f306dc9c883p-2, 0x1p52) - 0x1p52;
    DoublePair r =
        twoSum(
            Math.fma(n, -0x1.921fb54442d18p1, t.hi()), Math.fma(n, -0x1.1a62633145c07p-53, t.lo()));
    DoublePair ripple = pairMultiply(squaredSine(r), reciprocalPair(a));
    DoublePair sum = twoSum(x, ripple.hi());
    double near = withSign(sum.hi() + (sum.lo() + ripple.lo()), x);
    // Beyond, the ripple is less than 2/3 of a unit of x.
    return quiet(x, t.hi() < 0x1.9p53 ? near : x);
  }

  /** Four digits of 31 bits, the lowest first. */
  private record LongDigits(long first, long second, long third, long fourth) {}

  /** The product of the mantissas of two doubles, given as bits. */
  private static LongDigits mantissas(long x, long a) {
    long x0 = x & 0x7FFFFFFFL;
    long a0 = a & 0x7FFFFFFFL;
    long x1 = (x >>> 31 & 0x1FFFFFL) | 0x200000L;
    long a1 = (a >>> 31 & 0x1FFFFFL) | 0x200000L;
    long low = x0 * a0;
    long middle = x0 * a1 + x1 * a0 + (low >>> 31);
    long high = x1 * a1 + (middle >>> 31);
    return new LongDigits(low & 0x7FFFFFFFL, middle & 0x7FFFFFFFL, high & 0x7FFFFFFFL, high >>> 31);
  }

  /** 62 bits of two words of 62 bits, from a bit of the first on. */
  private static long bits(long first, long second, int from) {
    return ((first << from) | (second >>> (62 - from))) & 0x3FFFFFFFFFFFFFFFL;
  }

  /** One column of a long multiplication: four products of two digits fit an unsigned word. */
  private static long column(LongDigits m, long p0, long p1, long p2, long p3) {
    return m.first() * p0 + m.second() * p1 + m.third() * p2 + m.fourth() * p3;
  }

  /** sum + digit·unit, for a sum that is a multiple of 2^31·unit or has no room left in hi. */
  private static DoublePair addDigit(DoublePair sum, long digit, double unit) {
    DoublePair s = fastTwoSum(sum.hi(), (double) (digit & 0x7FFFFFFFL) * unit);
    return new DoublePair(s.hi(), sum.lo() + s.lo());
  }

  /** a·x + π/4 less the nearest multiple of π, for x &gt;= 0; its negative for x &lt; 0. */
  private static DoublePair fromRoot(double x, double a) {
    long xBits = Double.doubleToRawLongBits(x);
    long aBits = Double.doubleToRawLongBits(a);
    LongDigits m = mantissas(xBits, aBits);

    // As for floats, in three words of zeros and 21 words of 1/π.
    int at = (int) (xBits >>> 52 & 0x7FF) + (int) (aBits >>> 52) - (2150 - 186);
    at = at < 0 ? 0 : at;
    int word = at * 16913 >>> 20; // at/62
    int from = at - 62 * word;
    boolean sixteen = (word & 16) != 0;
    long s0 = sixteen ? 0x105368FB69B3F679L : 0;
    long s1 = sixteen ? 0x0F96136E9E8C7ECDL : 0;
    long s2 = sixteen ? 0x0F2FF516BA93DD63L : 0;
    long s3 = sixteen ? 0x3D7CBE2F67A0E73EL : 0x145F306DC9C882A5L;
    long s4 = sixteen ? 0x3C529497535FDAFDL : 0x0FE13ABE8FA9A6EEL;
    long s5 = sixteen ? 0x223F1ABA10AC0660L : 0x01B6C52B32788720L;
    long s6 = sixteen ? 0x237E3DB5D5F867DEL : 0x20FF28B1D5EF5DE2L;
    long s7 = sixteen ? 0x04135E86C3B53C72L : 0x2C36E48DC74849BAL;
    boolean eight = (word & 8) != 0;
    long t0 = eight ? 0x1700324977504E8CL : s0;
    long t1 = eight ? 0x2439FC3BD6396253L : s1;
    long t2 = eight ? 0x139F74411AFA975DL : s2;
    long t3 = eight ? 0x28909D338E04D68BL : s3;
    long t4 = eight ? 0x3BF209CC8EB1CC1AL : s4;
    long t5 = eight ? 0x2673E93908BF177BL : s5;
    long t6 = eight ? 0x3C941D8FFC4BFFEFL : s6;
    long t7 = eight ? 0x00B301FDE5E2316BL : s7;
    long t8 = eight ? 0x105368FB69B3F679L : 0x1700324977504E8CL;
    long t9 = eight ? 0x0F96136E9E8C7ECDL : 0x2439FC3BD6396253L;
    long t10 = eight ? 0x0F2FF516BA93DD63L : 0x139F74411AFA975DL;
    long t11 = eight ? 0x3D7CBE2F67A0E73EL : 0x28909D338E04D68BL;
    long t12 = eight ? 0x3C529497535FDAFDL : 0x3BF209CC8EB1CC1AL;
    boolean four = (word & 4) != 0;
    long u0 = four ? t4 : t0;
    long u1 = four ? t5 : t1;
    long u2 = four ? t6 : t2;
    long u3 = four ? t7 : t3;
    long u4 = four ? t8 : t4;
    long u5 = four ? t9 : t5;
    long u6 = four ? t10 : t6;
    long u7 = four ? t11 : t7;
    long u8 = four ? t12 : t8;
    boolean two = (word & 2) != 0;
    long v0 = two ? u2 : u0;
    long v1 = two ? u3 : u1;
    long v2 = two ? u4 : u2;
    long v3 = two ? u5 : u3;
    long v4 = two ? u6 : u4;
    long v5 = two ? u7 : u5;
    long v6 = two ? u8 : u6;
    boolean one = (word & 1) != 0;
    long w0 = one ? v1 : v0;
    long w1 = one ? v2 : v1;
    long w2 = one ? v3 : v2;
    long w3 = one ? v4 : v3;
    long w4 = one ? v5 : v4;
    long w5 = one ? v6 : v5;
    long p01 = bits(w0, w1, from);
    long p23 = bits(w1, w2, from);
    long p45 = bits(w2, w3, from);
    long p67 = bits(w3, w4, from);
    long p89 = bits(w4, w5, from);
    long p0 = p01 >>> 31;
    long p1 = p01 & 0x7FFFFFFFL;
    long p2 = p23 >>> 31;
    long p3 = p23 & 0x7FFFFFFFL;
    long p4 = p45 >>> 31;
    long p5 = p45 & 0x7FFFFFFFL;
    long p6 = p67 >>> 31;
    long p7 = p67 & 0x7FFFFFFFL;
    long p8 = p89 >>> 31;
    long p9 = p89 & 0x7FFFFFFFL;

    long c6 = column(m, p6, p7, p8, p9);
    long c5 = column(m, p5, p6, p7, p8) + (c6 >>> 31);
    long c4 = column(m, p4, p5, p6, p7) + (c5 >>> 31);
    long c3 = column(m, p3, p4, p5, p6) + (c4 >>> 31);
    long c2 = column(m, p2, p3, p4, p5) + (c3 >>> 31);
    long c1 = column(m, p1, p2, p3, p4) + (c2 >>> 31);
    long c0 = column(m, p0, p1, p2, p3) + (c1 >>> 31) + (x < 0.0 ? 0x60000000L : 0x20000000L);
    DoublePair turns = new DoublePair((double) (c0 << 33 >> 33), 0.0); // times 2^31
    turns = addDigit(turns, c1, 0x1p-31);
    turns = addDigit(turns, c2, 0x1p-62);
    turns = addDigit(turns, c3, 0x1p-93);
    turns = addDigit(turns, c4, 0x1p-124);
    turns = addDigit(turns, c5, 0x1p-155);
    // π·2^-31
    return pairMultiply(turns, new DoublePair(0x1.921fb54442d18p-30, 0x1.1a62633145c07p-84));
  }

  /**
   * Returns the derivative of snake at x.
   *
   * @param x any double; NaN and the infinities give NaN
   * @param a the frequency of the ripple, in [2^-32, 2^32]
   */
  public static double derivative(double x, double a) {
    DoublePair s = squaredSine(fromRoot(x, a));
    return quiet(x - x, 2.0 * (s.hi() + s.lo()));
  }
}
