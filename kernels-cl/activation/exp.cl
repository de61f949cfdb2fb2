// exp(x) = e^x, its own derivative.
// Source: the exponential function. Backward needs: input.
// Bound: 1 ULP.

INLINE float exp(float x) {
  // Beyond these the result is 0 or infinite.
  float y = x > -110.0f ? (x < 89.0f ? x : 89.0f) : -110.0f;
  Pair e = exp_pair(y);
  return quiet(x, exp_scaled(e.hi + e.lo, y, 0));
}

INLINE float exp_derivative(float x) { return exp(x); }
