// entmax15(x)[i] = max(x[i]/2 - tau, 0)² with the tau that makes their sum 1; backward
// dx[i] = g[i]·(dy[i] - Σ g[j]·dy[j]/Σ g[j]), g = √y.
// Source: Peters, Niculae, Martins 2019, arXiv:1905.05702.
// Backward needs: output.
// Bound: 1 ULP and 2^-44·√y[i], which shows only where x[i]/2 meets tau. Backward, for the y given,
// 1 ULP and 2^-44·√y[i]·max|dy|, which shows only where dy[i] meets the mean.
//
// Special rows: a NaN anywhere, or -∞ everywhere, makes the row NaN; +∞ entries share the row
// equally. On the way back NaN or infinity anywhere makes the row NaN.

// Σ t² and Σ t.
#define SUMS 2

// ---- Forward: the largest x, Σ t² and Σ t until Newton's iteration ends, the squares ----

// t = max((x - m)/2 - tau, 0), at most 1.
INLINE Pair entmax15_excess(real x, Row row) {
  Pair z = pair_scale(difference(x, row.m), 0.5f);
  Pair sum = pair_sum(z, pair_scale(row.value, -1.0f));
  Pair t = fast_two_sum(sum.hi, sum.lo);
  bool in = t.hi > 0.0f;
  return pair(in ? t.hi : 0.0f, in ? t.lo : 0.0f);
}

INLINE real entmax15_fold(real m, real x) { return maximum(m, x); }

INLINE Limbs entmax15_term(real x, Row row) {
  return limbs_of(pair_square(entmax15_excess(x, row)));
}

INLINE Limbs entmax15_weight(real x, Row row) { return limbs_of(entmax15_excess(x, row)); }

// Σ t² - 1 is convex in tau and falls with the slope -2·Σ t, so that Newton's steps from -1 all go
// up. After one below 2^-40, in float64 2^-50, what is left is below its square times n/2.
#ifndef FLOAT64
INLINE Row entmax15_solve(Row row, Pair sum, Pair weight) {
  Pair less = pair_sum(sum, pair(-1.0f, 0.0f));
  Pair step = fine_quotient_pair(less, pair_scale(weight, 2.0f));
  Pair tau = pair_sum(row.value, step);
  return row_with(row, fast_two_sum(tau.hi, tau.lo), step.hi > 0x1p-40f ? 1.0f : 0.0f);
}

INLINE float entmax15(float x, Row row) {
  Pair square = pair_square(entmax15_excess(x, row));
  // No number is above -∞ in a row of -∞ alone, nor is NaN.
  return row.m > as_float(0xFF800000u) ? square.hi + square.lo : as_float(0x7FC00000u);
}
#else
INLINE Row entmax15_solve(Row row, Pair sum, Pair weight) {
  Pair less = pair_sum(sum, pair(-1.0, 0.0));
  Pair step = fine_quotient_pair(less, pair_scale(weight, 2.0));
  Pair tau = pair_sum(row.value, step);
  return row_with(row, fast_two_sum(tau.hi, tau.lo), step.hi > 0x1p-50 ? 1.0 : 0.0);
}

INLINE double entmax15(double x, Row row) {
  Pair square = pair_square(entmax15_excess(x, row));
  // No number is above -∞ in a row of -∞ alone, nor is NaN.
  return row.m > as_double(0xFFF0000000000000) ? square.hi + square.lo
                                               : as_double(0x7FF8000000000000);
}
#endif

// ---- Backward: the largest |dy| of the support, Σ g·dy and Σ g, the gradients ----

// √y, and 0 where y is not above 0.
#ifndef FLOAT64
INLINE Pair entmax15_root(float y) {
  // Small ones are lifted by 2^64, and their roots brought back by 2^-32.
  bool small = y < 0x1p-64f;
  Pair root = root_of_pair(pair(y * (small ? 0x1p64f : 1.0f), 0.0f));
  root = pair_scale(root, small ? 0x1p-32f : 1.0f);
  bool in = y > 0.0f;
  return pair(in ? root.hi : 0.0f, in ? root.lo : 0.0f);
}
#else
INLINE Pair entmax15_root(double y) {
  // Small ones are lifted by 2^512, and their roots brought back by 2^-256.
  bool small = y < 0x1p-512;
  Pair root = root_of_pair(pair(y * (small ? 0x1p512 : 1.0), 0.0));
  root = pair_scale(root, small ? 0x1p-256 : 1.0);
  bool in = y > 0.0;
  return pair(in ? root.hi : 0.0, in ? root.lo : 0.0);
}
#endif

INLINE real entmax15_gradient_fold(real m, real y, real dy) {
  return magnitude(m, y, y > 0.0f ? dy : dy * 0.0f);
}

INLINE Limbs entmax15_gradient_term(real y, real dy, Row row) {
  real scaled = dy * inverse_power(power_below(row.m)) * 0.25f;
  return limbs_of(pair_multiply(pair(y > 0.0f ? scaled : 0.0f, 0.0f), entmax15_root(y)));
}

INLINE Limbs entmax15_gradient_weight(real y, real dy, Row row) {
  return limbs_of(entmax15_root(y));
}

INLINE Row entmax15_gradient_solve(Row row, Pair sum, Pair weight) {
  return row_with(row, fine_quotient_pair(sum, weight), 0.0f);
}

#ifndef FLOAT64
INLINE float entmax15_gradient(float y, float dy, Row row) {
  float power = power_below(row.m);
  Pair d = pair_multiply(entmax15_root(y), share_gradient_difference(dy, row));
  float r = y > 0.0f ? fma(d.hi, power, d.lo * power) : 0.0f;
  return row.m < as_float(0x7F800000u) ? quiet(r, r) : as_float(0x7FC00000u);
}
#else
INLINE double entmax15_gradient(double y, double dy, Row row) {
  double power = power_below(row.m);
  Pair d = pair_multiply(entmax15_root(y), share_gradient_difference(dy, row));
  double r = y > 0.0 ? fma(d.hi, power, d.lo * power) : 0.0;
  return row.m < as_double(0x7FF0000000000000) ? quiet(r, r) : as_double(0x7FF8000000000000);
}
#endif
