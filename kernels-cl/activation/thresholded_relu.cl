// thresholded_relu(x) = x > theta ? x : 0; derivative x > theta ? 1 : 0.
// Source: Konda, Memisevic, Krueger 2014, arXiv:1402.3337. Backward needs: input or output. Exact.

INLINE real thresholded_relu(real x, real theta) { return quiet(x, x > theta ? x : 0.0f); }

INLINE real thresholded_relu_derivative(real x, real theta) {
  return quiet(x, x > theta ? 1.0f : 0.0f);
}

INLINE real thresholded_relu_derivative_from_output(real y, real theta) {
  return thresholded_relu_derivative(y, theta);
}
