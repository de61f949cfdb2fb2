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
INLINE Pair sparsemax_excess(float x, Row row) {
  return pair_sum(difference(x, row.m), pair_scale(row.value, -1.0f));
}

INLINE float sparsemax_fold(float m, float x) { return maximum(m, x); }

INLINE Limbs sparsemax_term(float x, Row row) {
  Pair excess = sparsemax_excess(x, row);
  Pair d = difference(x, row.m);
  bool in = excess.hi + excess.lo > 0.0f;
  return limbs_of(pair(in ? d.hi : 0.0f, in ? d.lo : 0.0f));
}

INLINE Limbs sparsemax_weight(float x, Row row) {
  Pair excess = sparsemax_excess(x, row);
  return limbs(excess.hi + excess.lo > 0.0f ? 1 : 0, 0);
}

// tau of a support grows as the support shrinks. As long as it does there is another sum.
INLINE Row sparsemax_solve(Row row, Pair sum, Pair weight) {
  Pair less = pair_sum(sum, pair(-1.0f, 0.0f));
  Pair tau = fine_quotient_pair(less, pair_scale(weight, 0x1p24f));
  bool grows = tau.hi > row.value.hi || (tau.hi == row.value.hi && tau.lo > row.value.lo);
  Pair larger = pair(grows ? tau.hi : row.value.hi, grows ? tau.lo : row.value.lo);
  return row_with(row, larger, grows ? 1.0f : 0.0f);
}

INLINE float sparsemax(float x, Row row) {
  Pair excess = sparsemax_excess(x, row);
  float y = excess.hi + excess.lo;
  // No number is above -∞ in a row of -∞ alone, nor is NaN.
  return row.m > as_float(0xFF800000u) ? (y > 0.0f ? y : 0.0f) : as_float(0x7FC00000u);
}

// ---- Backward: the largest |dy| of the support, its Σ dy and size, the gradients ----

INLINE float sparsemax_gradient_fold(float m, float y, float dy) {
  return magnitude(m, y, y > 0.0f ? dy : dy * 0.0f);
}

INLINE Limbs sparsemax_gradient_term(float y, float dy, Row row) {
  float scaled = dy * inverse_power(power_below(row.m));
  return limbs_of(pair(y > 0.0f ? scaled * 0.25f : 0.0f, 0.0f));
}

INLINE Limbs sparsemax_gradient_weight(float y, float dy, Row row) {
  return limbs(y > 0.0f ? 1 : 0, 0);
}

INLINE Row sparsemax_gradient_solve(Row row, Pair sum, Pair weight) {
  return row_with(row, fine_quotient_pair(sum, pair_scale(weight, 0x1p24f)), 0.0f);
}

INLINE float sparsemax_gradient(float y, float dy, Row row) {
  float power = power_below(row.m);
  Pair d = share_gradient_difference(dy, row);
  float r = y > 0.0f ? fma(d.hi, power, d.lo * power) : 0.0f;
  return row.m < as_float(0x7F800000u) ? quiet(r, r) : as_float(0x7FC00000u);
}
