// sparsemax(x)[i] = max(x[i] - tau, 0) with the tau that makes their sum 1; backward
// dx[i] = y[i] > 0 ? dy[i] - mean of dy where y > 0 : 0.
// Source: Martins, Astudillo 2016, arXiv:1602.02068; the iteration: Michelot 1986,
// doi:10.1007/BF00938486.
// Backward needs: output.
// Bound: 1 ULP and 2^-45, which shows only where x[i] meets tau. Backward, for the y given, 1 ULP
// and 2^-45·max|dy|, which shows only where dy[i] meets the mean.
//
// Special rows: a NaN anywhere, or -∞ everywhere, makes the row NaN; +∞ entries share the row
// equally. On the way back NaN or infinity anywhere makes the row NaN.

// The support is counted beside the sum.
#define SUMS 2

// ---- Forward: the largest x, Σ (x - m) over the support until it is the same, the excesses ----

// x - m - tau. What is more than 1 below the largest is never in the support.
INLINE Pair sparsemax_excess(real x, Row row) {
  return pair_sum(difference(x, row.m), pair_scale(row.value, -1.0f));
}

INLINE real sparsemax_fold(real m, real x) { return maximum(m, x); }

INLINE Limbs sparsemax_term(real x, Row row) {
  Pair excess = sparsemax_excess(x, row);
  Pair d = difference(x, row.m);
  bool in = excess.hi + excess.lo > 0.0f;
  return limbs_of(pair(in ? d.hi : 0.0f, in ? d.lo : 0.0f));
}

INLINE Limbs sparsemax_weight(real x, Row row) {
  Pair excess = sparsemax_excess(x, row);
  return limbs_of(pair(excess.hi + excess.lo > 0.0f ? 1.0f : 0.0f, 0.0f));
}

// tau of a support grows as the support shrinks. As long as it does there is another sum.
INLINE Row sparsemax_solve(Row row, Pair sum, Pair weight) {
  Pair less = pair_sum(sum, pair(-1.0f, 0.0f));
  Pair tau = fine_quotient_pair(less, weight);
  bool grows = tau.hi > row.value.hi || (tau.hi == row.value.hi && tau.lo > row.value.lo);
  Pair larger = pair(grows ? tau.hi : row.value.hi, grows ? tau.lo : row.value.lo);
  return row_with(row, larger, grows ? 1.0f : 0.0f);
}

#ifndef FLOAT64
INLINE float sparsemax(float x, Row row) {
  Pair excess = sparsemax_excess(x, row);
  float y = excess.hi + excess.lo;
  // No number is above -∞ in a row of -∞ alone, nor is NaN.
  return row.m > as_float(0xFF800000u) ? (y > 0.0f ? y : 0.0f) : as_float(0x7FC00000u);
}
#else
INLINE double sparsemax(double x, Row row) {
  Pair excess = sparsemax_excess(x, row);
  double y = excess.hi + excess.lo;
  // No number is above -∞ in a row of -∞ alone, nor is NaN.
  return row.m > as_double(0xFFF0000000000000) ? (y > 0.0 ? y : 0.0)
                                               : as_double(0x7FF8000000000000);
}
#endif

// ---- Backward: the largest |dy| of the support, its Σ dy and size, the gradients ----

INLINE real sparsemax_gradient_fold(real m, real y, real dy) {
  return magnitude(m, y, y > 0.0f ? dy : dy * 0.0f);
}

INLINE Limbs sparsemax_gradient_term(real y, real dy, Row row) {
  real scaled = dy * inverse_power(power_below(row.m));
  return limbs_of(pair(y > 0.0f ? scaled * 0.25f : 0.0f, 0.0f));
}

INLINE Limbs sparsemax_gradient_weight(real y, real dy, Row row) {
  return limbs_of(pair(y > 0.0f ? 1.0f : 0.0f, 0.0f));
}

INLINE Row sparsemax_gradient_solve(Row row, Pair sum, Pair weight) {
  return row_with(row, fine_quotient_pair(sum, weight), 0.0f);
}

#ifndef FLOAT64
INLINE float sparsemax_gradient(float y, float dy, Row row) {
  float power = power_below(row.m);
  Pair d = share_gradient_difference(dy, row);
  float r = y > 0.0f ? fma(d.hi, power, d.lo * power) : 0.0f;
  return row.m < as_float(0x7F800000u) ? quiet(r, r) : as_float(0x7FC00000u);
}
#else
INLINE double sparsemax_gradient(double y, double dy, Row row) {
  double power = power_below(row.m);
  Pair d = share_gradient_difference(dy, row);
  double r = y > 0.0 ? fma(d.hi, power, d.lo * power) : 0.0;
  return row.m < as_double(0x7FF0000000000000) ? quiet(r, r) : as_double(0x7FF8000000000000);
}
#endif
