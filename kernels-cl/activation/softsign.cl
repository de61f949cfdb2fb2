// softsign(x) = x/(1 + |x|); derivative 1/(1 + |x|)².
// Source: Bergstra et al. 2009, Quadratic Polynomials Learn Better Image Features, TR 1337.
// Backward needs: input or output. Bound: 1 ULP.

INLINE real softsign(real x) {
  // From 2^60 on the quotient is 1.
  real a = clamped_magnitude(x, 0x1p60f);
  return quiet(x, with_sign(quotient(pair(a, 0.0f), two_sum(1.0f, a)), x));
}

// Beyond the clamp the result is 0. Before, it is kept above the subnormals until the end.
#ifndef FLOAT64
INLINE float softsign_derivative(float x) {
  float a = clamped_magnitude(x, 0x1p76f);
  bool large = a > 0x1p30f;
  Pair d = pair_scale(two_sum(1.0f, a), large ? 0x1p-40f : 1.0f);
  float q = quotient(pair(1.0f, 0.0f), pair_square(d));
  return quiet(x, q * (large ? 0x1p-80f : 1.0f));
}
#else
INLINE double softsign_derivative(double x) {
  double a = clamped_magnitude(x, 0x1p540);
  bool large = a > 0x1p200;
  Pair d = pair_scale(two_sum(1.0, a), large ? 0x1p-300 : 1.0);
  double q = quotient(pair(1.0, 0.0), pair_square(d));
  return quiet(x, q * (large ? 0x1p-600 : 1.0));
}
#endif

INLINE real softsign_derivative_from_output(real y) {
  real a = fabs(y);
  real d = 1.0f - a;
  real rest = (1.0f - d) - a;  // 1 - |y| = d + rest, exactly
  real r = fma(d, d, (d + d) * rest);
  return quiet(y, d > 0.0f ? r : 0.0f);
}
