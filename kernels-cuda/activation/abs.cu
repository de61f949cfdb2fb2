// abs(x) = |x|; derivative x > 0 ? 1 : x < 0 ? -1 : 0.
// Source: the magnitude. Backward needs: input. Exact.

INLINE real abs(real x) { return quiet(x, fabs(x)); }

INLINE real abs_derivative(real x) { return quiet(x, x > 0.0f ? 1.0f : (x < 0.0f ? -1.0f : 0.0f)); }
