// prelu(x) = x > 0 ? x : weight·x; derivative x > 0 ? 1 : weight. The weight is one for all
// elements, or one for each channel.
// Source: He, Zhang, Ren, Sun 2015, Delving Deep into Rectifiers, arXiv:1502.01852.
// Backward needs: input. Bound: 0.5 ULP; derivative exact.

INLINE float prelu(float x, float weight) {
  // Weight 0 is relu: its limit at -∞ is 0, where the product would be NaN.
  float negative = weight == 0.0f ? 0.0f : weight * x;
  float r = x > 0.0f ? x : negative;
  return quiet(x, quiet(r, r));
}

INLINE float prelu_derivative(float x, float weight) {
  float r = x > 0.0f ? 1.0f : weight;
  return quiet(x, quiet(r, r));
}

INLINE float prelu_derivative_from_output(float y, float weight) {
  return prelu_derivative(y, weight);
}

// What an element adds to the gradient of its weight: x > 0 ? 0 : x·dy, exactly.
INLINE Pair prelu_weight_term(float x, float dy) {
  Pair product = two_product(x, dy);
  return pair(x > 0.0f ? 0.0f : product.hi, x > 0.0f ? 0.0f : product.lo);
}
