// clipped_relu(x) = min(max(0, x), max); derivative 0 < x < max ? 1 : 0. With max = 6 it is relu6.
// Source: Krizhevsky 2010, Convolutional Deep Belief Networks on CIFAR-10.
// Backward needs: input or output. Exact.

INLINE real clipped_relu(real x, real max) {
  return quiet(x, x > 0.0f ? (x < max ? x : max) : 0.0f);
}

INLINE real clipped_relu_derivative(real x, real max) {
  return quiet(x, x > 0.0f ? (x < max ? 1.0f : 0.0f) : 0.0f);
}

INLINE real clipped_relu_derivative_from_output(real y, real max) {
  return clipped_relu_derivative(y, max);
}
