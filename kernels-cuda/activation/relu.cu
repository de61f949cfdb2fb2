// relu(x) = max(0, x); derivative x > 0 ? 1 : 0.
// Source: Nair, Hinton 2010, Rectified Linear Units Improve RBMs, ICML.
// Backward needs: input or output. Exact.

INLINE real relu(real x) { return quiet(x, x > 0.0f ? x : 0.0f); }

INLINE real relu_derivative(real x) { return quiet(x, x > 0.0f ? 1.0f : 0.0f); }

INLINE real relu_derivative_from_output(real y) { return relu_derivative(y); }
