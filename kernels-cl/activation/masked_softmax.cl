// masked_softmax(x, mask)[i] = mask[i] ≠ 0 ? e^x[i] / Σ e^x[j] : 0, the sum over all j with mask[j]
// ≠ 0; backward dx[i] = y[i]·(dy[i] - Σ dy[j]·y[j]).
// Source: Vaswani et al. 2017, arXiv:1706.03762, section 3.2.3.
// Backward needs: output.
// Bound: that of softmax.
//
// Special rows: of the elements that are not masked out as of softmax. What is masked out is 0
// whatever it is and whatever the others are, so that a row without any others is 0. On the way
// back dx is 0 where y is 0, whatever dy is; NaN or infinity elsewhere makes the rest of the row
// NaN.

// The mask.
#define MASKED 1

// ---- Forward: the largest x, Σ e^(x - m), the shares ----

// What has no share.
#ifndef FLOAT64
INLINE float masked_softmax_counted(float x, float mask) {
  return mask != 0.0f ? x : as_float(0xFF800000u);
}
#else
INLINE double masked_softmax_counted(double x, double mask) {
  return mask != 0.0 ? x : as_double(0xFFF0000000000000);
}
#endif

INLINE real masked_softmax_fold(real m, real x, real mask) {
  return maximum(m, masked_softmax_counted(x, mask));
}

INLINE Limbs masked_softmax_term(real x, real mask, Row row) {
  return exp_term(exponent(masked_softmax_counted(x, mask), row.m));
}

INLINE Row masked_softmax_solve(Row row, Pair sum) { return with_exp_sum(row, sum); }

INLINE real masked_softmax(real x, real mask, Row row) {
  real y = exp_share(exponent(masked_softmax_counted(x, mask), row.m), row);
  return mask != 0.0f ? y : 0.0f;
}

// ---- Backward: the largest |dy|, Σ dy·y, the gradients ----

// dy where it counts.
INLINE real masked_softmax_counted_gradient(real y, real dy) { return y != 0.0f ? dy : 0.0f; }

INLINE real masked_softmax_gradient_fold(real m, real y, real dy) {
  return magnitude(m, y, masked_softmax_counted_gradient(y, dy));
}

INLINE Limbs masked_softmax_gradient_term(real y, real dy, Row row) {
  return share_gradient_term(y, masked_softmax_counted_gradient(y, dy), row);
}

INLINE Row masked_softmax_gradient_solve(Row row, Pair sum) { return row_with(row, sum, 0.0f); }

INLINE real masked_softmax_gradient(real y, real dy, Row row) {
  real dx = share_gradient(y, share_gradient_difference(dy, row), row);
  return y != 0.0f ? dx : 0.0f;
}
