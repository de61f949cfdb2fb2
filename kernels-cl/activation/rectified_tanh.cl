// rectified_tanh(x) = max(0, tanh x); derivative x > 0 ? 1 - tanh² x : 0.
// Source: ND4J's RectifiedTanh. Backward needs: input or output.
// Bound: 1 ULP.
//
// As tanh, to the right of zero.

#ifndef FLOAT64
INLINE float rectified_tanh(float x) {
  // From 10 on tanh rounds to 1; below 2^-12 it rounds to x.
  float a = clamped_magnitude(x, 10.0f);
  Pair m = exp_minus_one(a * -2.0f);  // tanh(a) = -m/(2 + m)
  float t = quotient(pair(-m.hi, -m.lo), add_to_pair(2.0f, m));
  return quiet(x, x > 0.0f ? (a < 0x1p-12f ? x : t) : 0.0f);
}

INLINE float rectified_tanh_derivative(float x) {
  float y = -clamped_magnitude(x + x, 107.0f);
  float power = exp_power_64(y);
  Pair e = pair_scale(exp_pair(y), 0x1p-64f);  // e^y = e·power
  Pair d = add_to_pair(1.0f, pair_scale(e, power));
  float r = (quotient(e, pair_square(d)) * 4.0f) * power;
  return quiet(x, x > 0.0f ? r : 0.0f);
}
#else
INLINE double rectified_tanh(double x) {
  // From 20 on tanh rounds to 1; below 2^-27 it rounds to x.
  double a = clamped_magnitude(x, 20.0);
  Pair m = exp_minus_one(a * -2.0);  // tanh(a) = -m/(2 + m)
  double t = quotient(pair(-m.hi, -m.lo), add_to_pair(2.0, m));
  return quiet(x, x > 0.0 ? (a < 0x1p-27 ? x : t) : 0.0);
}

INLINE double rectified_tanh_derivative(double x) {
  double y = -clamped_magnitude(x + x, 750.0);
  double power = exp_power_128(y);
  Pair e = pair_scale(exp_pair(y), 0x1p-128);  // e^y = e·power
  Pair d = add_to_pair(1.0, pair_scale(e, power));
  double r = (quotient(e, pair_square(d)) * 4.0) * power;
  return quiet(x, x > 0.0 ? r : 0.0);
}
#endif

INLINE real rectified_tanh_derivative_from_output(real y) {
  real r = fma(-y, y, (real)1.0f);
  return quiet(y, y > 0.0f && r > 0.0f ? r : 0.0f);
}
