// soft_shrink(x) = |x| > lambda ? x - lambda·sign(x) : 0; derivative |x| > lambda ? 1 : 0.
// Source: Donoho 1995, De-noising by Soft-Thresholding, doi:10.1109/18.382009.
// Backward needs: input or output. Bound: 0.5 ULP; derivative exact.

INLINE real soft_shrink(real x, real lambda) {
  return quiet(x, x > lambda ? x - lambda : (x < -lambda ? x + lambda : 0.0f));
}

INLINE real soft_shrink_derivative(real x, real lambda) {
  return quiet(x, fabs(x) > lambda ? 1.0f : 0.0f);
}

INLINE real soft_shrink_derivative_from_output(real y, real lambda) {
  return quiet(y, fabs(y) > 0.0f ? 1.0f : 0.0f);
}
