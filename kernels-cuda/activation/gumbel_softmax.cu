// gumbel_softmax(x)[i] = e^((x[i] + g[i])/tau) / Σ e^((x[j] + g[j])/tau), g = -log(-log u) for a
// random u of each element; backward dx[i] = y[i]·(dy[i] - Σ dy[j]·y[j])/tau.
// Source: Jang, Gu, Poole 2016, arXiv:1611.01144; Maddison, Mnih, Teh 2016, arXiv:1611.00712.
// Backward needs: output.
// Bound: 1 ULP for the u drawn, an odd multiple of 2^-24 below 1, as long as the largest x + g is
// below 2^23·tau in magnitude; beyond that x + g is rounded to float first. Backward, for the y
// given, 1 ULP and y[i]·max|dy|/tau·(n·2^-53 + 2^-47), which shows only where dy[i] meets the sum.
//
// Special rows: those of softmax.

// u.
#define DRAWN 1

// tau.
#define ARITY 1

// ---- The noise ----

// ln v for a normalised pair v in [2^-100, 2^100], normalised, within 2^-42, of doubles within
// 2^-70: v = 2^n·m, m in [√½, √2), and ln m = 2·artanh s = 2·(s + s³/3 + s⁵/5 + ...) for s =
// (m - 1)/(m + 1).
#ifndef FLOAT64
INLINE Pair gumbel_softmax_log(Pair v) {
  int n = (int)(as_uint(v.hi) - 0x3F3504F3u) >> 23;
  Pair m = pair_scale(v, as_float((uint)(127 - n) << 23));
  Pair more = two_sum(m.hi, 1.0f);
  Pair s =
      fine_quotient_pair(fast_two_sum(m.hi - 1.0f, m.lo), fast_two_sum(more.hi, more.lo + m.lo));
  Pair w = pair_square(s);
  // The terms weigh less and less: a float is enough from s⁷/7 on.
  float q = 0x1.e1e1e2p-5f;
  q = fma(q, w.hi, 0x1.111112p-4f);
  q = fma(q, w.hi, 0x1.3b13b2p-4f);
  q = fma(q, w.hi, 0x1.745d18p-4f);
  q = fma(q, w.hi, 0x1.c71c72p-4f);
  q = fma(q, w.hi, 0x1.24924ap-3f);
  Pair fifth = pair_line(0x1.99999ap-3f, w, q);
  fifth.lo -= 0x1.99999ap-29f;
  Pair third = pair_add(pair(0x1.555556p-2f, -0x1.555556p-27f), pair_multiply(w, fifth));
  Pair twice = pair_scale(s, 2.0f);
  Pair log = pair_add(twice, pair_multiply(twice, pair_multiply(w, third)));
  Pair whole = two_product((float)n, 0x1.62e43p-1f);
  whole.lo = fma((float)n, -0x1.05c61p-29f, whole.lo);
  Pair sum = pair_sum(whole, log);
  return fast_two_sum(sum.hi, sum.lo);
}
#else
INLINE Pair gumbel_softmax_log(Pair v) {
  int n = (int)((int64)(as_ulong(v.hi) - 0x3FE6A09E667F3BCD) >> 52);
  Pair m = pair_scale(v, as_double((uint64)(1023 - n) << 52));
  Pair more = two_sum(m.hi, 1.0);
  Pair s =
      fine_quotient_pair(fast_two_sum(m.hi - 1.0, m.lo), fast_two_sum(more.hi, more.lo + m.lo));
  Pair w = pair_square(s);
  // The terms weigh less and less: a double is enough from s⁷/7 on.
  double q = 0x1.b639097e8c41dp-5;
  q = fma(q, w.hi, 0x1.ac99d036ca152p-5);
  q = fma(q, w.hi, 0x1.e1f4259a2252fp-5);
  q = fma(q, w.hi, 0x1.1110ec0968f77p-4);
  q = fma(q, w.hi, 0x1.3b13b190327abp-4);
  q = fma(q, w.hi, 0x1.745d1745699e2p-4);
  q = fma(q, w.hi, 0x1.c71c71c71caacp-4);
  q = fma(q, w.hi, 0x1.2492492492492p-3);
  Pair fifth = pair_line(0x1.999999999999ap-3, w, q);
  fifth.lo -= 0x1.999999999999ap-57;
  Pair third = pair_add(pair(0x1.5555555555555p-2, 0x1.5555555555555p-56), pair_multiply(w, fifth));
  Pair twice = pair_scale(s, 2.0);
  Pair log = pair_add(twice, pair_multiply(twice, pair_multiply(w, third)));
  Pair whole = two_product((double)n, 0x1.62e42fefa39efp-1);
  whole.lo = fma((double)n, 0x1.abc9e3b39803fp-56, whole.lo);
  Pair sum = pair_sum(whole, log);
  return fast_two_sum(sum.hi, sum.lo);
}
#endif

// -log(-log u).
INLINE Pair gumbel_softmax_noise(real u) {
  Pair log = gumbel_softmax_log(pair(u, 0.0f));
  return pair_scale(gumbel_softmax_log(pair_scale(log, -1.0f)), -1.0f);
}

// ---- Forward: the largest x + g, rounded; Σ e^((x + g - m)/tau), the shares ----

// From FINE·tau on numbers lie farther apart than tau; e^LEAST has vanished.
#ifndef FLOAT64
#define GUMBEL_SOFTMAX_FINE 0x1p23f
#define GUMBEL_SOFTMAX_LEAST -109.0f
#else
#define GUMBEL_SOFTMAX_FINE 0x1p52
#define GUMBEL_SOFTMAX_LEAST -750.0
#endif

// (x + g - m)/tau, clamped where its exponential has vanished. At most 1/2, as m is rounded.
INLINE Pair gumbel_softmax_exponent(real x, real u, Row row) {
  Pair g = gumbel_softmax_noise(u);
  real z = x + g.hi;
  real m = row.m;
  real tau = row.parameter;
  bool fine = fabs(m) < tau * GUMBEL_SOFTMAX_FINE;
  Pair d = pair_sum(two_sum(fine ? x : z, -m), pair(fine ? g.hi : 0.0f, fine ? g.lo : 0.0f));
  d = pair_multiply(fast_two_sum(d.hi, d.lo), reciprocal_pair(tau));
  bool counts = d.hi > GUMBEL_SOFTMAX_LEAST;
  bool top = !fine && z == m;
  return exponent_of(pair(top      ? 0.0f
                          : counts ? d.hi
                                   : GUMBEL_SOFTMAX_LEAST,
                          top || !counts ? 0.0f : d.lo));
}

INLINE real gumbel_softmax_fold(real m, real x, real u) {
  return maximum(m, x + gumbel_softmax_noise(u).hi);
}

INLINE Limbs gumbel_softmax_term(real x, real u, Row row) {
  return exp_term(gumbel_softmax_exponent(x, u, row));
}

INLINE Row gumbel_softmax_solve(Row row, Pair sum) { return with_exp_sum(row, sum); }

INLINE real gumbel_softmax(real x, real u, Row row) {
  return exp_share(gumbel_softmax_exponent(x, u, row), row);
}

// ---- Backward: the largest |dy|, Σ dy·y, the gradients ----

INLINE real gumbel_softmax_gradient_fold(real m, real y, real dy) { return magnitude(m, y, dy); }

INLINE Limbs gumbel_softmax_gradient_term(real y, real dy, Row row) {
  return share_gradient_term(y, dy, row);
}

INLINE Row gumbel_softmax_gradient_solve(Row row, Pair sum) { return row_with(row, sum, 0.0f); }

INLINE real gumbel_softmax_gradient(real y, real dy, Row row) {
  Pair d = pair_multiply(share_gradient_difference(dy, row), reciprocal_pair(row.parameter));
  return share_gradient(y, d, row);
}
