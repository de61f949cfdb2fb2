// lisht(x) = x·tanh x; derivative tanh x + x·(1 - tanh² x).
// Source: Roy, Manna, Dubey, Chaudhuri 2019, arXiv:1901.05894. Backward needs: input.
// Bound: 1 ULP.
//
// With m = e^(-2|x|) - 1, tanh |x| = -m/(2 + m) and 1 - tanh² x = 4·(1 + m)/(2 + m)²; all that is
// added has one sign.

#ifndef FLOAT64
INLINE float lisht(float x) {
  // From 20 on tanh rounds to 1; below 2^-13 it rounds to x.
  float a = clamped_magnitude(x, 20.0f);
  Pair m = exp_minus_one(a * -2.0f);
  Pair t = quotient_pair(pair(-m.hi, -m.lo), add_to_pair(2.0f, m));
  float r = a < 0x1p-13f ? a * a : fma(a, t.hi, a * t.lo);
  return quiet(x, a < 20.0f ? r : fabs(x));
}

INLINE float lisht_derivative(float x) {
  float a = clamped_magnitude(x, 20.0f);
  Pair m = exp_minus_one(a * -2.0f);
  Pair d = add_to_pair(2.0f, m);
  Pair rise = pair_multiply(pair(-m.hi, -m.lo), d);
  Pair e = add_to_pair(1.0f, m);
  Pair bend = pair_multiply(e, pair(a * 4.0f, 0.0f));
  float r = quotient(pair_sum(rise, bend), pair_square(d));
  return quiet(x, with_sign(a < 0x1p-13f ? a + a : r, x));
}
#else
INLINE double lisht(double x) {
  // From 24 on tanh rounds to 1; below 2^-28 it rounds to x.
  double a = clamped_magnitude(x, 24.0);
  Pair m = exp_minus_one(a * -2.0);
  Pair t = quotient_pair(pair(-m.hi, -m.lo), add_to_pair(2.0, m));
  double r = a < 0x1p-28 ? a * a : fma(a, t.hi, a * t.lo);
  return quiet(x, a < 24.0 ? r : fabs(x));
}

INLINE double lisht_derivative(double x) {
  double a = clamped_magnitude(x, 24.0);
  Pair m = exp_minus_one(a * -2.0);
  Pair d = add_to_pair(2.0, m);
  Pair rise = pair_multiply(pair(-m.hi, -m.lo), d);
  Pair e = add_to_pair(1.0, m);
  Pair bend = pair_multiply(e, pair(a * 4.0, 0.0));
  double r = quotient(pair_sum(rise, bend), pair_square(d));
  return quiet(x, with_sign(a < 0x1p-28 ? a + a : r, x));
}
#endif
