// abs(x) = |x|; derivative x > 0 ? 1 : x < 0 ? -1 : 0.
// Source: the magnitude. Backward needs: input. Exact.

INLINE float abs(float x) { return quiet(x, fabs(x)); }

INLINE float abs_derivative(float x) {
  return quiet(x, x > 0.0f ? 1.0f : (x < 0.0f ? -1.0f : 0.0f));
}
