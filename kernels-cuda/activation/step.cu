// step(x) = x > 0 ? 1 : 0; derivative 0.
// Source: Heaviside; McCulloch, Pitts 1943, doi:10.1007/BF02478259. Backward needs: input or
// output. Exact.

INLINE real step(real x) { return quiet(x, x > 0.0f ? 1.0f : 0.0f); }

INLINE real step_derivative(real x) { return quiet(x, 0.0f); }

INLINE real step_derivative_from_output(real y) { return step_derivative(y); }
