// square(x) = x²; derivative 2·x.
// Source: the power. Backward needs: input. Bound: 0.5 ULP; derivative exact.

INLINE real square(real x) { return quiet(x, x * x); }

INLINE real square_derivative(real x) { return quiet(x, x + x); }
