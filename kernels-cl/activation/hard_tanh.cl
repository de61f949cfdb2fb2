// hard_tanh(x) = min(max(x, min), max); derivative min < x < max ? 1 : 0.
// Source: Collobert 2004, Large Scale Machine Learning, thesis, Université Paris VI.
// Backward needs: input or output. Exact.

INLINE real hard_tanh(real x, real min, real max) {
  return quiet(x, x > min ? (x < max ? x : max) : min);
}

INLINE real hard_tanh_derivative(real x, real min, real max) {
  return quiet(x, x > min ? (x < max ? 1.0f : 0.0f) : 0.0f);
}

INLINE real hard_tanh_derivative_from_output(real y, real min, real max) {
  return hard_tanh_derivative(y, min, max);
}
