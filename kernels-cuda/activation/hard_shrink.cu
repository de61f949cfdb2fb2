// hard_shrink(x) = |x| > lambda ? x : 0; derivative |x| > lambda ? 1 : 0.
// Source: Donoho, Johnstone 1994, doi:10.1093/biomet/81.3.425. Backward needs: input or output.
// Exact.

INLINE real hard_shrink(real x, real lambda) { return quiet(x, fabs(x) > lambda ? x : 0.0f); }

INLINE real hard_shrink_derivative(real x, real lambda) {
  return quiet(x, fabs(x) > lambda ? 1.0f : 0.0f);
}

INLINE real hard_shrink_derivative_from_output(real y, real lambda) {
  return hard_shrink_derivative(y, lambda);
}
