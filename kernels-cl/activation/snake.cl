// snake(x) = x + sin²(a·x)/a; derivative 1 + sin(2·a·x), NaN at the infinities, where it has no
// limit.
// Source: Liu, Hartwig, Ueda 2020, arXiv:2006.08195.
// Backward needs: input.
// Bound: 1 ULP for every a.
//
// The derivative is 2·sin²(a·x + π/4), which keeps its relative accuracy beside its roots if the
// distance to the nearest of them does. That is found from all bits of a·x and as many of 1/π as it
// takes: Payne, Hanek 1983, Radian Reduction for Trigonometric Functions, SIGNUM Newsletter 18(1).
// Products of two floats come as near as 2^-54·π, and the distance is known to 2^-88·π; for doubles
// it is 2^-115·π and 2^-184·π.

#ifndef FLOAT64
// sin² r, normalised, for |r| <= π/2.
INLINE Pair snake_squared_sine(Pair r) {
  float hi = fabs(r.hi);
  float lo = r.hi < 0.0f ? -r.lo : r.lo;
  // Beyond π/4 it is 1 - sin² of what is left to π/2.
  bool beyond = hi > 0x1.921fb6p-1f;
  Pair z = pair_square(pair(beyond ? 0x1.921fb6p0f - hi : hi, beyond ? -0x1.777a5cp-25f - lo : lo));
  // z + z²·P(z), P a minimax fit of degree 4: within 2^-31.
  float p = -0x1.3da1d4p-18f;
  p = fma(p, z.hi, 0x1.29c5cap-13f);
  p = fma(p, z.hi, -0x1.a02c0cp-9f);
  p = fma(p, z.hi, 0x1.6c1706p-5f);
  Pair s = pair_add(z, pair_multiply(pair_square(z), pair_line(-0x1.555556p-2f, z, p)));
  Pair rest = add_to_pair(1.0f, pair(-s.hi, -s.lo));
  return pair(beyond ? rest.hi : s.hi, beyond ? rest.lo : s.lo);
}

INLINE float snake(float x, float a) {
  Pair t = two_product(a, fabs(x));
  // t - n·π; t.hi - n·0x1.921fb6p1 is exact.
  float n = fma(t.hi, 0x1.45f306p-2f, 0x1p23f) - 0x1p23f;
  Pair r = two_sum(fma(n, -0x1.921fb6p1f, t.hi), fma(n, 0x1.777a5cp-24f, t.lo));
  Pair ripple = pair_multiply(snake_squared_sine(r), reciprocal_pair(a));
  Pair sum = two_sum(x, ripple.hi);
  float near = with_sign(sum.hi + (sum.lo + ripple.lo), x);
  // Beyond, the ripple is less than 2/3 of a unit of x.
  return quiet(x, t.hi < 0x1.9p24f ? near : x);
}

// Four digits of 15 bits, the lowest first.
typedef struct {
  uint first, second, third, fourth;
} SnakeDigits;

INLINE SnakeDigits snake_digits(uint first, uint second, uint third, uint fourth) {
  SnakeDigits d;
  d.first = first;
  d.second = second;
  d.third = third;
  d.fourth = fourth;
  return d;
}

// The product of the mantissas of two floats, given as bits.
INLINE SnakeDigits snake_mantissas(uint x, uint a) {
  uint x0 = x & 0x7FFF;
  uint a0 = a & 0x7FFF;
  uint x1 = (x >> 15 & 0xFF) | 0x100;
  uint a1 = (a >> 15 & 0xFF) | 0x100;
  uint low = x0 * a0;
  uint middle = x0 * a1 + x1 * a0 + (low >> 15);
  uint high = x1 * a1 + (middle >> 15);
  return snake_digits(low & 0x7FFF, middle & 0x7FFF, high & 0x7FFF, high >> 15);
}

// 30 bits of two words of 30 bits, from a bit of the first on.
INLINE uint snake_bits(uint first, uint second, int from) {
  return ((first << from) | (second >> (30 - from))) & 0x3FFFFFFF;
}

// One column of a long multiplication: four products of two digits fit an unsigned word.
INLINE uint snake_column(SnakeDigits m, uint p0, uint p1, uint p2, uint p3) {
  return m.first * p0 + m.second * p1 + m.third * p2 + m.fourth * p3;
}

// sum + digit·unit, for a sum that is a multiple of 2^15·unit or has no room left in hi.
INLINE Pair snake_add_digit(Pair sum, uint digit, float unit) {
  Pair s = fast_two_sum(sum.hi, (float)(int)(digit & 0x7FFF) * unit);
  return pair(s.hi, sum.lo + s.lo);
}

// a·x + π/4 less the nearest multiple of π, for x >= 0; its negative for x < 0.
INLINE Pair snake_from_root(float x, float a) {
  uint x_bits = as_uint(x);
  uint a_bits = as_uint(a);
  SnakeDigits m = snake_mantissas(x_bits, a_bits);

  // a·|x| is m·2^(at - 90), and of 1/π those bits count that 2^(at - 90) does not make integers:
  // the bits from at on in three words of zeros and nine words of 1/π.
  int at = (int)(x_bits >> 23 & 0xFF) + (int)(a_bits >> 23) - (300 - 90);
  at = at < 0 ? 0 : at;        // there the derivative is 1, whatever m
  int word = at * 2185 >> 16;  // at/30
  int from = at - 30 * word;

  // w0 to w5 are the words from number word on.
  bool four = (word & 4) != 0;
  uint u0 = four ? 0x327220A9 : 0;
  uint u1 = four ? 0x13F84EAF : 0;
  uint u2 = four ? 0x28FA9A6E : 0;
  uint u3 = four ? 0x381B6C52 : 0x145F306D;
  uint u4 = four ? 0x2CC9E21C : 0x327220A9;
  uint u5 = four ? 0x2083FCA2 : 0x13F84EAF;
  uint u6 = four ? 0x31D5EF5D : 0x28FA9A6E;
  uint u7 = four ? 0x38AC36E4 : 0x381B6C52;
  uint u8 = 0x2CC9E21C;
  bool two = (word & 2) != 0;
  uint v0 = two ? u2 : u0;
  uint v1 = two ? u3 : u1;
  uint v2 = two ? u4 : u2;
  uint v3 = two ? u5 : u3;
  uint v4 = two ? u6 : u4;
  uint v5 = two ? u7 : u5;
  uint v6 = two ? u8 : u6;
  bool one = (word & 1) != 0;
  uint w0 = one ? v1 : v0;
  uint w1 = one ? v2 : v1;
  uint w2 = one ? v3 : v2;
  uint w3 = one ? v4 : v3;
  uint w4 = one ? v5 : v4;
  uint w5 = one ? v6 : v5;
  uint p01 = snake_bits(w0, w1, from);
  uint p23 = snake_bits(w1, w2, from);
  uint p45 = snake_bits(w2, w3, from);
  uint p67 = snake_bits(w3, w4, from);
  uint p89 = snake_bits(w4, w5, from);
  uint p0 = p01 >> 15;
  uint p1 = p01 & 0x7FFF;
  uint p2 = p23 >> 15;
  uint p3 = p23 & 0x7FFF;
  uint p4 = p45 >> 15;
  uint p5 = p45 & 0x7FFF;
  uint p6 = p67 >> 15;
  uint p7 = p67 & 0x7FFF;
  uint p8 = p89 >> 15;
  uint p9 = p89 & 0x7FFF;

  // The digits of a·|x|/π, plus or minus 1/4, as the lowest bits of each; integers are dropped.
  uint c6 = snake_column(m, p6, p7, p8, p9);
  uint c5 = snake_column(m, p5, p6, p7, p8) + (c6 >> 15);
  uint c4 = snake_column(m, p4, p5, p6, p7) + (c5 >> 15);
  uint c3 = snake_column(m, p3, p4, p5, p6) + (c4 >> 15);
  uint c2 = snake_column(m, p2, p3, p4, p5) + (c3 >> 15);
  uint c1 = snake_column(m, p1, p2, p3, p4) + (c2 >> 15);
  uint c0 = snake_column(m, p0, p1, p2, p3) + (c1 >> 15) + (x < 0.0f ? 0x6000 : 0x2000);
  Pair turns = pair((float)((int)(c0 << 17) >> 17), 0.0f);  // in [-1/2, 1/2), times 2^15
  turns = snake_add_digit(turns, c1, 0x1p-15f);
  turns = snake_add_digit(turns, c2, 0x1p-30f);
  turns = snake_add_digit(turns, c3, 0x1p-45f);
  turns = snake_add_digit(turns, c4, 0x1p-60f);
  turns = snake_add_digit(turns, c5, 0x1p-75f);
  return pair_multiply(turns, pair(0x1.921fb6p-14f, -0x1.777a5cp-39f));  // π·2^-15
}

INLINE float snake_derivative(float x, float a) {
  Pair s = snake_squared_sine(snake_from_root(x, a));
  return quiet(x - x, 2.0f * (s.hi + s.lo));
}

#else
// sin² r, normalised, for |r| <= π/2.
INLINE Pair snake_squared_sine(Pair r) {
  double hi = fabs(r.hi);
  double lo = r.hi < 0.0 ? -r.lo : r.lo;
  // Beyond π/4 it is 1 - sin² of what is left to π/2.
  bool beyond = hi > 0x1.921fb54442d18p-1;
  Pair z = pair_square(
      pair(beyond ? 0x1.921fb54442d18p0 - hi : hi, beyond ? 0x1.1a62633145c07p-54 - lo : lo));
  // z + z²·P(z), P a minimax fit of degree 8: within 2^-62.
  double p = 0x1.e71f551cb4727p-43;
  p = fma(p, z.hi, 0x1.5247adecf2e34p-36);
  p = fma(p, z.hi, -0x1.ae1530ca9c78cp-30);
  p = fma(p, z.hi, 0x1.939633159f4acp-24);
  p = fma(p, z.hi, -0x1.1eed8d4e952c6p-18);
  p = fma(p, z.hi, 0x1.27e4fb746da1p-13);
  p = fma(p, z.hi, -0x1.a01a01a01380ep-9);
  p = fma(p, z.hi, 0x1.6c16c16c16ba9p-5);
  Pair s = pair_add(z, pair_multiply(pair_square(z), pair_line(-0x1.5555555555555p-2, z, p)));
  Pair rest = add_to_pair(1.0, pair(-s.hi, -s.lo));
  return pair(beyond ? rest.hi : s.hi, beyond ? rest.lo : s.lo);
}

INLINE double snake(double x, double a) {
  Pair t = two_product(a, fabs(x));
  // t - n·π; t.hi - n·0x1.921fb54442d18p1 is exact.
  double n = fma(t.hi, 0x1.45f306dc9c883p-2, 0x1p52) - 0x1p52;
  Pair r = two_sum(fma(n, -0x1.921fb54442d18p1, t.hi), fma(n, -0x1.1a62633145c07p-53, t.lo));
  Pair ripple = pair_multiply(snake_squared_sine(r), reciprocal_pair(a));
  Pair sum = two_sum(x, ripple.hi);
  double near = with_sign(sum.hi + (sum.lo + ripple.lo), x);
  // Beyond, the ripple is less than 2/3 of a unit of x.
  return quiet(x, t.hi < 0x1.9p53 ? near : x);
}

// Four digits of 31 bits, the lowest first.
typedef struct {
  uint64 first, second, third, fourth;
} SnakeDigits;

INLINE SnakeDigits snake_digits(uint64 first, uint64 second, uint64 third, uint64 fourth) {
  SnakeDigits d;
  d.first = first;
  d.second = second;
  d.third = third;
  d.fourth = fourth;
  return d;
}

// The product of the mantissas of two doubles, given as bits.
INLINE SnakeDigits snake_mantissas(uint64 x, uint64 a) {
  uint64 x0 = x & 0x7FFFFFFF;
  uint64 a0 = a & 0x7FFFFFFF;
  uint64 x1 = (x >> 31 & 0x1FFFFF) | 0x200000;
  uint64 a1 = (a >> 31 & 0x1FFFFF) | 0x200000;
  uint64 low = x0 * a0;
  uint64 middle = x0 * a1 + x1 * a0 + (low >> 31);
  uint64 high = x1 * a1 + (middle >> 31);
  return snake_digits(low & 0x7FFFFFFF, middle & 0x7FFFFFFF, high & 0x7FFFFFFF, high >> 31);
}

// 62 bits of two words of 62 bits, from a bit of the first on.
INLINE uint64 snake_bits(uint64 first, uint64 second, int from) {
  return ((first << from) | (second >> (62 - from))) & 0x3FFFFFFFFFFFFFFF;
}

// One column of a long multiplication: four products of two digits fit an unsigned word.
INLINE uint64 snake_column(SnakeDigits m, uint64 p0, uint64 p1, uint64 p2, uint64 p3) {
  return m.first * p0 + m.second * p1 + m.third * p2 + m.fourth * p3;
}

// sum + digit·unit, for a sum that is a multiple of 2^31·unit or has no room left in hi.
INLINE Pair snake_add_digit(Pair sum, uint64 digit, double unit) {
  Pair s = fast_two_sum(sum.hi, (double)(int64)(digit & 0x7FFFFFFF) * unit);
  return pair(s.hi, sum.lo + s.lo);
}

// a·x + π/4 less the nearest multiple of π, for x >= 0; its negative for x < 0.
INLINE Pair snake_from_root(double x, double a) {
  uint64 x_bits = as_ulong(x);
  uint64 a_bits = as_ulong(a);
  SnakeDigits m = snake_mantissas(x_bits, a_bits);

  // As for floats, in three words of zeros and 21 words of 1/π.
  int at = (int)(x_bits >> 52 & 0x7FF) + (int)(a_bits >> 52) - (2150 - 186);
  at = at < 0 ? 0 : at;
  int word = at * 16913 >> 20;  // at/62
  int from = at - 62 * word;
  bool sixteen = (word & 16) != 0;
  uint64 s0 = sixteen ? 0x105368FB69B3F679 : 0;
  uint64 s1 = sixteen ? 0x0F96136E9E8C7ECD : 0;
  uint64 s2 = sixteen ? 0x0F2FF516BA93DD63 : 0;
  uint64 s3 = sixteen ? 0x3D7CBE2F67A0E73E : 0x145F306DC9C882A5;
  uint64 s4 = sixteen ? 0x3C529497535FDAFD : 0x0FE13ABE8FA9A6EE;
  uint64 s5 = sixteen ? 0x223F1ABA10AC0660 : 0x01B6C52B32788720;
  uint64 s6 = sixteen ? 0x237E3DB5D5F867DE : 0x20FF28B1D5EF5DE2;
  uint64 s7 = sixteen ? 0x04135E86C3B53C72 : 0x2C36E48DC74849BA;
  bool eight = (word & 8) != 0;
  uint64 t0 = eight ? 0x1700324977504E8C : s0;
  uint64 t1 = eight ? 0x2439FC3BD6396253 : s1;
  uint64 t2 = eight ? 0x139F74411AFA975D : s2;
  uint64 t3 = eight ? 0x28909D338E04D68B : s3;
  uint64 t4 = eight ? 0x3BF209CC8EB1CC1A : s4;
  uint64 t5 = eight ? 0x2673E93908BF177B : s5;
  uint64 t6 = eight ? 0x3C941D8FFC4BFFEF : s6;
  uint64 t7 = eight ? 0x00B301FDE5E2316B : s7;
  uint64 t8 = eight ? 0x105368FB69B3F679 : 0x1700324977504E8C;
  uint64 t9 = eight ? 0x0F96136E9E8C7ECD : 0x2439FC3BD6396253;
  uint64 t10 = eight ? 0x0F2FF516BA93DD63 : 0x139F74411AFA975D;
  uint64 t11 = eight ? 0x3D7CBE2F67A0E73E : 0x28909D338E04D68B;
  uint64 t12 = eight ? 0x3C529497535FDAFD : 0x3BF209CC8EB1CC1A;
  bool four = (word & 4) != 0;
  uint64 u0 = four ? t4 : t0;
  uint64 u1 = four ? t5 : t1;
  uint64 u2 = four ? t6 : t2;
  uint64 u3 = four ? t7 : t3;
  uint64 u4 = four ? t8 : t4;
  uint64 u5 = four ? t9 : t5;
  uint64 u6 = four ? t10 : t6;
  uint64 u7 = four ? t11 : t7;
  uint64 u8 = four ? t12 : t8;
  bool two = (word & 2) != 0;
  uint64 v0 = two ? u2 : u0;
  uint64 v1 = two ? u3 : u1;
  uint64 v2 = two ? u4 : u2;
  uint64 v3 = two ? u5 : u3;
  uint64 v4 = two ? u6 : u4;
  uint64 v5 = two ? u7 : u5;
  uint64 v6 = two ? u8 : u6;
  bool one = (word & 1) != 0;
  uint64 w0 = one ? v1 : v0;
  uint64 w1 = one ? v2 : v1;
  uint64 w2 = one ? v3 : v2;
  uint64 w3 = one ? v4 : v3;
  uint64 w4 = one ? v5 : v4;
  uint64 w5 = one ? v6 : v5;
  uint64 p01 = snake_bits(w0, w1, from);
  uint64 p23 = snake_bits(w1, w2, from);
  uint64 p45 = snake_bits(w2, w3, from);
  uint64 p67 = snake_bits(w3, w4, from);
  uint64 p89 = snake_bits(w4, w5, from);
  uint64 p0 = p01 >> 31;
  uint64 p1 = p01 & 0x7FFFFFFF;
  uint64 p2 = p23 >> 31;
  uint64 p3 = p23 & 0x7FFFFFFF;
  uint64 p4 = p45 >> 31;
  uint64 p5 = p45 & 0x7FFFFFFF;
  uint64 p6 = p67 >> 31;
  uint64 p7 = p67 & 0x7FFFFFFF;
  uint64 p8 = p89 >> 31;
  uint64 p9 = p89 & 0x7FFFFFFF;

  uint64 c6 = snake_column(m, p6, p7, p8, p9);
  uint64 c5 = snake_column(m, p5, p6, p7, p8) + (c6 >> 31);
  uint64 c4 = snake_column(m, p4, p5, p6, p7) + (c5 >> 31);
  uint64 c3 = snake_column(m, p3, p4, p5, p6) + (c4 >> 31);
  uint64 c2 = snake_column(m, p2, p3, p4, p5) + (c3 >> 31);
  uint64 c1 = snake_column(m, p1, p2, p3, p4) + (c2 >> 31);
  uint64 c0 = snake_column(m, p0, p1, p2, p3) + (c1 >> 31) + (x < 0.0 ? 0x60000000 : 0x20000000);
  Pair turns = pair((double)((int64)(c0 << 33) >> 33), 0.0);  // times 2^31
  turns = snake_add_digit(turns, c1, 0x1p-31);
  turns = snake_add_digit(turns, c2, 0x1p-62);
  turns = snake_add_digit(turns, c3, 0x1p-93);
  turns = snake_add_digit(turns, c4, 0x1p-124);
  turns = snake_add_digit(turns, c5, 0x1p-155);
  // π·2^-31
  return pair_multiply(turns, pair(0x1.921fb54442d18p-30, 0x1.1a62633145c07p-84));
}

INLINE double snake_derivative(double x, double a) {
  Pair s = snake_squared_sine(snake_from_root(x, a));
  return quiet(x - x, 2.0 * (s.hi + s.lo));
}
#endif
