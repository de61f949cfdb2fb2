// threshold(x) = x > theta ? x : value; derivative x > theta ? 1 : 0.
// Source: PyTorch's Threshold. Backward needs: input. Exact.

INLINE float threshold(float x, float theta, float value) {
  return quiet(x, x > theta ? x : value);
}

INLINE float threshold_derivative(float x, float theta, float value) {
  return quiet(x, x > theta ? 1.0f : 0.0f);
}

INLINE float threshold_derivative_from_output(float y, float theta, float value) {
  return threshold_derivative(y, theta, value);
}
