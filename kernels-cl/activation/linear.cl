// linear(x) = a·x + b; derivative a.
// Source: affine map. Backward needs: input or output (for NaN only). Bound: 0.5 ULP; derivative
// exact.

INLINE real linear(real x, real a, real b) {
  // Without b no zero is added, which would turn -0 into +0; without a the limits at ±∞ are b.
  real r = a == 0.0f ? b : b == 0.0f ? a * x : fma(a, x, b);
  return quiet(x, quiet(r, r));
}

INLINE real linear_derivative(real x, real a, real b) { return quiet(x, a); }

INLINE real linear_derivative_from_output(real y, real a, real b) {
  return linear_derivative(y, a, b);
}
