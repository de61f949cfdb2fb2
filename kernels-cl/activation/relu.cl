// relu(x) = max(0, x); derivative x > 0 ? 1 : 0.
// Source: Nair, Hinton 2010, Rectified Linear Units Improve RBMs, ICML.
// Backward needs: input. Exact.

INLINE float relu(float x) { return quiet(x, x > 0.0f ? x : 0.0f); }

INLINE float relu_derivative(float x) { return quiet(x, x > 0.0f ? 1.0f : 0.0f); }
