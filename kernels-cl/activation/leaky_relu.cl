// leaky_relu(x) = x > 0 ? x : slope·x; derivative x > 0 ? 1 : slope.
// Source: Maas, Hannun, Ng 2013, Rectifier Nonlinearities, ICML.
// Backward needs: input or output. Bound: 0.5 ULP; derivative exact.

INLINE real leaky_relu(real x, real slope) {
  // Slope 0 is relu: its limit at -∞ is 0, where the product would be NaN.
  real negative = slope == 0.0f ? 0.0f : slope * x;
  return quiet(x, x > 0.0f ? x : negative);
}

INLINE real leaky_relu_derivative(real x, real slope) { return quiet(x, x > 0.0f ? 1.0f : slope); }

INLINE real leaky_relu_derivative_from_output(real y, real slope) {
  return leaky_relu_derivative(y, slope);
}
