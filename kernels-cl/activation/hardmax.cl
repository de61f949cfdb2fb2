// hardmax(x)[i] = x[i] is the first of the largest ? 1 : 0; backward 0, as of step.
// Source: ONNX, operator Hardmax.
// Backward needs: output. Exact.
//
// Special rows: a NaN anywhere makes the row NaN; infinities are numbers like others. On the way
// back NaN in y, and NaN or infinity in dy, is NaN in its own place.

// Of equal elements only the first keeps its result; the others get that of hardmax_later.
#define FIRST 1

// ---- Forward: the largest x, no sum, the place of the largest ----

INLINE real hardmax_fold(real m, real x) { return maximum(m, x); }

INLINE Limbs hardmax_term(real x, Row row) { return limbs_of(pair(0.0f, 0.0f)); }

INLINE Row hardmax_solve(Row row, Pair sum) { return row_with(row, sum, 0.0f); }

INLINE real hardmax(real x, Row row) { return quiet(row.m, x == row.m ? 1.0f : 0.0f); }

INLINE real hardmax_later(real x, Row row) { return quiet(row.m, 0.0f); }

// ---- Backward: neither fold nor sum, 0 ----

INLINE real hardmax_gradient_fold(real m, real y, real dy) { return m; }

INLINE Limbs hardmax_gradient_term(real y, real dy, Row row) { return limbs_of(pair(0.0f, 0.0f)); }

INLINE Row hardmax_gradient_solve(Row row, Pair sum) { return row_with(row, sum, 0.0f); }

INLINE real hardmax_gradient(real y, real dy, Row row) {
  real r = dy * (y * 0.0f);
  return quiet(r, r);
}
