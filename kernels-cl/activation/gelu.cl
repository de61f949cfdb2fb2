// gelu(x) = x·Φ(x), Φ the normal distribution; derivative Φ(x) + x·φ(x), φ its density.
// Source: Hendrycks, Gimpel 2016, arXiv:1606.08415.
// Backward needs: input.
// Bound: 1 ULP.
//
// With a = |x| both are a simple factor times e^(-a²/2 + S) on the left of zero; on the right
// gelu(a) = a + gelu(-a) and gelu'(a) = 1 - gelu'(-a).
//
// For floats S is a polynomial in z = a/(s·a + 2), s about 3/4. It is nearly straight: c·z, with a
// short c, joins a² in a pair, and for the rest, which is small, a float is enough. The rest is a
// minimax fit of absolute error on 0 <= a <= 13.2: it stays within 2^-27.5 for gelu, 2^-28.7 for
// its derivative.
//
// For doubles S is a polynomial in u = c - 1/(a + k): normal_exponent for gelu; its derivative has
// one of its own, fitted in the same way on 0 <= a <= 38.7: it stays within 2^-58.4.

#ifndef FLOAT64
// Added to an integer n it leaves n + 126 in the lowest bits: an exponent of a float. The
// derivative is to be halved.
#define VALUE_ORIGIN (0x1.8p23f + 126.0f)
#define SLOPE_ORIGIN (0x1.8p23f + 125.0f)

// a/(slope·a + 2) + shift for a short slope. The high part has 14 bits, without the shift, so that
// its products by short factors are exact.
INLINE Pair gelu_ratio(float a, float slope, float shift) {
  float r = rough_reciprocal(fma(a, slope, 2.0f));
  float hi = as_float(as_uint(a * r) & 0xFFFFFC00u);
  float rest = fma(-(hi * slope), a, fma(-2.0f, hi, a));
  return pair(hi, fma(rest, r, shift));
}

// factor·z - a² for a factor of three or four bits. The high part is a multiple of 2^-21: then so
// is what twice_exp adds to 2, which therefore is exact.
INLINE Pair gelu_exponent(float a, Pair z, float factor) {
  float hi = fma(factor, z.hi, fma(-a, a, -4.0f)) + 4.0f;
  float rest = fma(-a, a, fma(factor, z.hi, -hi));
  return pair(hi, fma(factor, z.lo, rest));
}

// n + origin, n the integer nearest to y/2·log2(e).
INLINE float half_shifted(float y, float origin) { return fma(y, 0x1.715476p-1f, origin); }

// 2e^((hi + lo)/2 - n·ln(2)), not normalised: with r = hi + lo - 2n·ln(2) it is 2 + r + r²·P(r), P
// of degree 4, within 2^-27.6.
INLINE Pair twice_exp(float hi, float lo, float n) {
  float high = fma(n, -0x1.62e43p0f, hi);
  float low = fma(n, 0x1.05c61p-28f, lo);
  float r = high + low;
  float p = 0x1.667674p-15f;
  p = fma(p, r, 0x1.125a38p-11f);
  p = fma(p, r, 0x1.555deap-8f);
  p = fma(p, r, 0x1.555464p-5f);
  p = fma(p, r, 0x1.fffff6p-3f);
  return pair(high + 2.0f, fma(r * r, p, low));
}

// The power of two that a shifted number has in its lowest bits.
INLINE float power(float shifted) { return as_float(as_uint(shifted) << 23); }

// The same times 2^64, above the subnormals.
INLINE float power_64(float shifted) { return as_float((as_uint(shifted) << 23) + (64u << 23)); }

// gelu(-a) = -z·e^((-a² - 1.875·z + z·Q(z))/2).
INLINE float gelu_value(float x, bool near) {
  float a = near ? fabs(x) : clamped_magnitude(x, 14.5f);
  Pair z = gelu_ratio(a, 0.75f, 0.0f);
  float t = z.hi + z.lo;
  float q = -0x1.5292c4p-6f;
  q = fma(q, t, 0x1.abe6c4p-4f);
  q = fma(q, t, -0x1.83b0ep-3f);
  q = fma(q, t, 0x1.3b01c2p-3f);
  q = fma(q, t, -0x1.b8c984p-4f);
  q = fma(q, t, 0x1.2adfa2p-4f);
  q = fma(q, t, 0x1.a0695p-4f);
  q = fma(q, t, 0x1.5fe3e6p-4f);
  q = fma(q, t, -0x1.82c23ap-2f);
  q = fma(q, t, 0x1.77bb7cp-3f);
  Pair y = gelu_exponent(a, z, -1.875f);
  float n = half_shifted(y.hi, VALUE_ORIGIN);
  Pair e = twice_exp(y.hi, fma(q, t, y.lo), n - VALUE_ORIGIN);
  float g = fma(z.hi, e.hi, fma(t, e.lo, z.lo * e.hi));
  float right = x < 0.0f ? 0.0f : x;
  float scale = near ? power(n) : power_64(n);
  float r = near ? fma(-g, scale, right) : fma(g * scale, -0x1p-64f, right);
  r = with_sign(r, x);
  return near ? r : quiet(x, r);
}

INLINE float gelu(float x) {
  return USUALLY(fabs(x) < 13.0f) ? gelu_value(x, true) : gelu_value(x, false);
}

// gelu'(-a) = (a0 - a)·½e^((-a² - 0.875·z + C + z·Q(z))/2), a0 = 0.7518 its root. C has few bits,
// and z is shifted by what it lacks: without that Q(0) would not do.
INLINE float gelu_slope(float x, bool near) {
  float a = near ? fabs(x) : clamped_magnitude(x, 14.6f);
  Pair z = gelu_ratio(a, 0x1.9p-1f, 0x1.8e7552p-16f);
  float t = z.hi + z.lo;
  float q = -0x1.bfbb9p-8f;
  q = fma(q, t, 0x1.ba8aa4p-6f);
  q = fma(q, t, -0x1.cc975ep-6f);
  q = fma(q, t, 0x1.302304p-10f);
  q = fma(q, t, -0x1.c7c0bp-6f);
  q = fma(q, t, 0x1.bda71cp-6f);
  q = fma(q, t, 0x1.12ccccp-3f);
  q = fma(q, t, 0x1.f62bacp-5f);
  q = fma(q, t, -0x1.7fe8a6p-3f);
  Pair y = gelu_exponent(a, z, -0.875f);
  float hi = y.hi + 0x1.2428p-1f;
  float n = half_shifted(hi, SLOPE_ORIGIN);
  Pair e = twice_exp(hi, fma(q, t, y.lo), n - SLOPE_ORIGIN);

  // a0 - a, a0 = 0.75 + 0x1.d5a33p-10 - 0x1.fe9844p-38
  Pair first = fast_two_sum(0.75f, -a);
  Pair d = fast_two_sum(first.hi, 0x1.d5a33p-10f);
  d = pair(d.hi, d.lo + (first.lo - 0x1.fe9844p-38f));

  float g = fma(d.hi, e.hi, fma(d.lo, e.hi + e.lo, d.hi * e.lo));
  float left = near ? g * power(n) : (g * power_64(n)) * 0x1p-64f;
  float r = x < 0.0f ? left : 1.0f - left;
  return near ? r : quiet(x, r);
}

INLINE float gelu_derivative(float x) {
  return USUALLY(fabs(x) < 13.0f) ? gelu_slope(x, true) : gelu_slope(x, false);
}
#else
// gelu(-a) = -a·e^(-a²/2 + S(u))/(a + 3.25).
INLINE double gelu(double x) {
  double a = clamped_magnitude(x, 38.6);
  Pair r = reciprocal_of_pair(two_sum(3.25, a));
  Pair y = pair_sum(two_product(a, a * -0.5), normal_exponent(r));
  Pair e = pair_multiply(exp_of_pair(y), r);
  // 2^128 keeps the product clear of the subnormal numbers until the last step.
  double lifted = a * 0x1p128;
  double g = (fma(lifted, e.hi, lifted * e.lo) * exp_power_128(y.hi)) * 0x1p-256;
  return quiet(x, x < 0.0 ? -g : x - g);
}

// gelu'(-a) = (a0 - a)·½e^(-a²/2 + S(u)), a0 = 0.7518 its root.
INLINE double gelu_derivative(double x) {
  double a = clamped_magnitude(x, 38.7);
  Pair r = reciprocal_of_pair(two_sum(3.625, a));
  Pair u = normal_variable(r, pair(0x1.635e601c9fabcp-3, -0x1.4d94aed272eb5p-57));
  double q = 0x1.5c011219e72d1p32;
  q = fma(q, u.hi, -0x1.4cdfda19adbc2p31);
  q = fma(q, u.hi, -0x1.3a5cb52b6d234p28);
  q = fma(q, u.hi, 0x1.5c9379d832587p28);
  q = fma(q, u.hi, -0x1.49e16e84a9fbfp24);
  q = fma(q, u.hi, -0x1.91a6daa19468fp24);
  q = fma(q, u.hi, 0x1.eb7e5230dc98cp22);
  q = fma(q, u.hi, 0x1.78c187add4b31p19);
  q = fma(q, u.hi, -0x1.4b41481162c12p20);
  q = fma(q, u.hi, 0x1.22919cec26509p17);
  q = fma(q, u.hi, 0x1.4e3f0319cd0d2p17);
  q = fma(q, u.hi, -0x1.361ea4363b327p15);
  q = fma(q, u.hi, -0x1.0a623d0c8c8c3p14);
  q = fma(q, u.hi, 0x1.95f36253bd2b1p12);
  q = fma(q, u.hi, 0x1.2e7bfa273ace2p10);
  q = fma(q, u.hi, -0x1.b50d5f4cf6861p9);
  q = fma(q, u.hi, -0x1.3296b83c36b4dp3);
  q = fma(q, u.hi, 0x1.914dfdada83abp6);
  q = fma(q, u.hi, -0x1.35da26bdcb94p4);
  q = fma(q, u.hi, -0x1.04f3c10154d72p3);
  q = fma(q, u.hi, 0x1.8b77793e30ecep2);
  Pair s = normal_correction(u, -0x1.0ce33e506e97dp1, q);
  Pair y = pair_sum(two_product(a, a * -0.5), s);

  // a0 - a, a0 = 0x1.80ead197f00b4p-1 - 0x1.13e74c58cada8p-56
  Pair d = two_sum(0x1.80ead197f00b4p-1, -a);
  d = fast_two_sum(d.hi, d.lo - 0x1.13e74c58cada8p-56);

  Pair n = pair_scale(pair_multiply(d, exp_of_pair(y)), 0.5);
  double power = exp_power_128(y.hi);
  Pair g = pair_scale_128(n, power);
  Pair right = add_to_pair(1.0, pair(-g.hi, -g.lo));
  return quiet(x, x < 0.0 ? scale_128(n.hi + n.lo, power) : right.hi + right.lo);
}
#endif
