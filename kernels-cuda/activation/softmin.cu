// softmin(x)[i] = e^-x[i] / Σ e^-x[j]; backward dx[i] = -y[i]·(dy[i] - Σ dy[j]·y[j]).
// Source: softmax of -x.
// Backward needs: output.
// Bound: that of softmax.
//
// Special rows: a NaN anywhere, or +∞ everywhere, makes the row NaN; -∞ entries share the row
// equally; +∞ entries are 0. On the way back NaN or infinity anywhere makes the row NaN.

// ---- Forward: the largest -x, Σ e^(-x - m), the shares ----

INLINE real softmin_fold(real m, real x) { return maximum(m, -x); }

INLINE Limbs softmin_term(real x, Row row) { return exp_term(exponent(-x, row.m)); }

INLINE Row softmin_solve(Row row, Pair sum) { return with_exp_sum(row, sum); }

INLINE real softmin(real x, Row row) { return exp_share(exponent(-x, row.m), row); }

// ---- Backward: the largest |dy|, Σ dy·y, the gradients ----

INLINE real softmin_gradient_fold(real m, real y, real dy) { return magnitude(m, y, dy); }

INLINE Limbs softmin_gradient_term(real y, real dy, Row row) {
  return share_gradient_term(y, dy, row);
}

INLINE Row softmin_gradient_solve(Row row, Pair sum) { return row_with(row, sum, 0.0f); }

INLINE real softmin_gradient(real y, real dy, Row row) {
  return share_gradient(-y, share_gradient_difference(dy, row), row);
}
