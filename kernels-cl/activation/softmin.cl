// softmin(x)[i] = e^-x[i] / Σ e^-x[j]; backward dx[i] = -y[i]·(dy[i] - Σ dy[j]·y[j]).
// Source: softmax of -x.
// Backward needs: output.
// Bound: that of softmax.
//
// Special rows: a NaN anywhere, or +∞ everywhere, makes the row NaN; -∞ entries share the row
// equally; +∞ entries are 0. On the way back NaN or infinity anywhere makes the row NaN.

// ---- Forward: the largest -x, Σ e^(-x - m), the shares ----

INLINE float softmin_fold(float m, float x) { return maximum(m, -x); }

INLINE Limbs softmin_term(float x, Row row) { return exp_term(difference(-x, row.m)); }

INLINE Row softmin_solve(Row row, Pair sum) { return row_with(row, sum, 0.0f); }

INLINE float softmin(float x, Row row) { return exp_share(difference(-x, row.m), row); }

// ---- Backward: the largest |dy|, Σ dy·y, the gradients ----

INLINE float softmin_gradient_fold(float m, float y, float dy) { return magnitude(m, y, dy); }

INLINE Limbs softmin_gradient_term(float y, float dy, Row row) {
  return share_gradient_term(y, dy, row);
}

INLINE Row softmin_gradient_solve(Row row, Pair sum) { return row_with(row, sum, 0.0f); }

INLINE float softmin_gradient(float y, float dy, Row row) {
  return share_gradient(-y, share_gradient_difference(dy, row), row);
}
