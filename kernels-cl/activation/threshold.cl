// threshold(x) = x > theta ? x : value; derivative x > theta ? 1 : 0.
// Source: PyTorch's Threshold. Backward needs: input or output. Exact.

INLINE real threshold(real x, real theta, real value) { return quiet(x, x > theta ? x : value); }

INLINE real threshold_derivative(real x, real theta, real value) {
  return quiet(x, x > theta ? 1.0f : 0.0f);
}

INLINE real threshold_derivative_from_output(real y, real theta, real value) {
  return threshold_derivative(y, theta, value);
}
