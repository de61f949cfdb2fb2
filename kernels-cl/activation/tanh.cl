// tanh(x) = (1 - e^-2x)/(1 + e^-2x); derivative 4e^-2x/(1 + e^-2x)².
// Source: LeCun et al. 1998, Efficient BackProp, doi:10.1007/3-540-49430-8_2.
// Backward needs: input or output.
// Bound: 1 ULP.

#ifndef FLOAT64
INLINE float tanh(float x) {
  // From 10 on tanh rounds to 1; below 2^-12 it rounds to x.
  float a = clamped_magnitude(x, 10.0f);
  Pair m = exp_minus_one(a * -2.0f);  // tanh(a) = -m/(2 + m)
  float t = quotient(m, add_to_pair(2.0f, m));
  return quiet(x, a < 0x1p-12f ? x : x < 0.0f ? t : -t);
}

INLINE float tanh_derivative(float x) {
  float y = -clamped_magnitude(x + x, 107.0f);
  float power = exp_power_64(y);
  Pair e = pair_scale(exp_pair(y), 0x1p-64f);  // e^y = e·power
  Pair d = add_to_pair(1.0f, pair_scale(e, power));
  return quiet(x, (quotient(e, pair_square(d)) * 4.0f) * power);
}
#else
INLINE double tanh(double x) {
  // From 20 on tanh rounds to 1; below 2^-27 it rounds to x.
  double a = clamped_magnitude(x, 20.0);
  Pair m = exp_minus_one(a * -2.0);  // tanh(a) = -m/(2 + m)
  double t = quotient(m, add_to_pair(2.0, m));
  return quiet(x, a < 0x1p-27 ? x : x < 0.0 ? t : -t);
}

INLINE double tanh_derivative(double x) {
  double y = -clamped_magnitude(x + x, 750.0);
  double power = exp_power_128(y);
  Pair e = pair_scale(exp_pair(y), 0x1p-128);  // e^y = e·power
  Pair d = add_to_pair(1.0, pair_scale(e, power));
  return quiet(x, (quotient(e, pair_square(d)) * 4.0) * power);
}
#endif

INLINE real tanh_derivative_from_output(real y) {
  real r = fma(-y, y, (real)1.0f);
  return quiet(y, r > 0.0f ? r : 0.0f);
}
