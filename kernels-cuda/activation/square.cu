// square(x) = x²; derivative 2·x.
// Source: the power. Backward needs: input. Bound: 0.5 ULP; derivative exact.

INLINE float square(float x) { return quiet(x, x * x); }

INLINE float square_derivative(float x) { return quiet(x, x + x); }
