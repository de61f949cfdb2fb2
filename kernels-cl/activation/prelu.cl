// prelu(x) = x > 0 ? x : weight·x; derivative x > 0 ? 1 : weight. The weight is one for all
// elements, or one for each channel.
// Source: He, Zhang, Ren, Sun 2015, Delving Deep into Rectifiers, arXiv:1502.01852.
// Backward needs: input or output. Bound: 0.5 ULP; derivative exact.

INLINE real prelu(real x, real weight) {
  // Weight 0 is relu: its limit at -∞ is 0, where the product would be NaN.
  real negative = weight == 0.0f ? 0.0f : weight * x;
  real r = x > 0.0f ? x : negative;
  return quiet(x, quiet(r, r));
}

INLINE real prelu_derivative(real x, real weight) {
  real r = x > 0.0f ? 1.0f : weight;
  return quiet(x, quiet(r, r));
}

INLINE real prelu_derivative_from_output(real y, real weight) {
  return prelu_derivative(y, weight);
}

// What an element adds to the gradient of its weight: x > 0 ? 0 : x·dy, exactly.
INLINE Pair prelu_weight_term(real x, real dy) {
  Pair product = two_product(x, dy);
  return pair(x > 0.0f ? 0.0f : product.hi, x > 0.0f ? 0.0f : product.lo);
}
