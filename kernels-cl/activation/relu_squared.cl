// relu_squared(x) = max(0, x)²; derivative 2·max(0, x).
// Source: So et al. 2021, Primer, arXiv:2109.08668.
// Backward needs: input. Bound: 0.5 ULP; derivative exact.

INLINE real relu_squared(real x) {
  real r = x > 0.0f ? x : 0.0f;
  return quiet(x, r * r);
}

INLINE real relu_squared_derivative(real x) {
  real r = x > 0.0f ? x : 0.0f;
  return quiet(x, r + r);
}
