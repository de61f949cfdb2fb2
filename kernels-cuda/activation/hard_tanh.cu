// hard_tanh(x) = min(max(x, min), max); derivative min < x < max ? 1 : 0.
// Source: Collobert 2004, Large Scale Machine Learning, thesis, Université Paris VI.
// Backward needs: input. Exact.

INLINE float hard_tanh(float x, float min, float max) {
  return quiet(x, x > min ? (x < max ? x : max) : min);
}

INLINE float hard_tanh_derivative(float x, float min, float max) {
  return quiet(x, x > min ? (x < max ? 1.0f : 0.0f) : 0.0f);
}
