// sparse_sigmoid(x) = x <= -1 ? 0 : x >= 1 ? 1 : (x + 1)/2; derivative -1 < x < 1 ? 1/2 : 0.
// Source: jax.nn.sparse_sigmoid. Backward needs: input or output. Bound: 0.5 ULP; derivative exact.

INLINE real sparse_sigmoid(real x) {
  return quiet(x, x > -1.0f ? (x < 1.0f ? (x + 1.0f) * 0.5f : 1.0f) : 0.0f);
}

INLINE real sparse_sigmoid_derivative(real x) {
  return quiet(x, x > -1.0f ? (x < 1.0f ? 0.5f : 0.0f) : 0.0f);
}

INLINE real sparse_sigmoid_derivative_from_output(real y) {
  return quiet(y, y > 0.0f ? (y < 1.0f ? 0.5f : 0.0f) : 0.0f);
}
