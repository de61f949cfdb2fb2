// exp(x) = e^x, its own derivative.
// Source: the exponential function. Backward needs: input or output.
// Bound: 1 ULP.

#ifndef FLOAT64
INLINE float exp(float x) {
  // Beyond these the result is 0 or infinite.
  float y = x > -110.0f ? (x < 89.0f ? x : 89.0f) : -110.0f;
  Pair e = exp_pair(y);
  return quiet(x, exp_scaled(e.hi + e.lo, y, 0));
}
#else
INLINE double exp(double x) {
  // Beyond these the result is 0 or infinite.
  double y = x > -760.0 ? (x < 711.0 ? x : 711.0) : -760.0;
  Pair e = exp_pair(y);
  return quiet(x, exp_scaled(e.hi + e.lo, y));
}
#endif

INLINE real exp_derivative(real x) { return exp(x); }

INLINE real exp_derivative_from_output(real y) { return quiet(y, y > 0.0f ? y : 0.0f); }
