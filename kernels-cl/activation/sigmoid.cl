// sigmoid(x) = 1/(1 + e^-x); derivative e^-x/(1 + e^-x)².
// Source: Verhulst 1845; Rumelhart, Hinton, Williams 1986, doi:10.1038/323533a0.
// Backward needs: input or output.
// Bound: 1 ULP.
//
// In float64, with e = e^-|x| <= 1 nothing overflows: 1/(1 + e) to the right of zero, e/(1 + e) to
// the left. Both results stay accurate in the tails, into the subnormal numbers.

#ifndef FLOAT64
INLINE float sigmoid_value(float x, bool near) {
  // Beyond these ends sigmoid rounds to 1, or to 0.
  float y = near ? -x : x > 40.0f ? -40.0f : x < -104.0f ? 104.0f : -x;
  float r = over_one_plus_exp(1.0f, y, exp_rest(y), near);
  return near ? r : quiet(x, r);
}

INLINE float sigmoid(float x) {
  return USUALLY(fabs(x) < 16.0f) ? sigmoid_value(x, true) : sigmoid_value(x, false);
}

INLINE float sigmoid_slope(float x, bool near) {
  float y = near ? -fabs(x) : -clamped_magnitude(x, 104.0f);
  float r = logistic_slope(y, near);
  return near ? r : quiet(x, r * logistic_tail(y));
}

INLINE float sigmoid_derivative(float x) {
  return USUALLY(fabs(x) < 16.0f) ? sigmoid_slope(x, true) : sigmoid_slope(x, false);
}
#else
INLINE double sigmoid(double x) {
  double y = -clamped_magnitude(x, 750.0);
  double power = exp_power_128(y);
  Pair e = pair_scale(exp_pair(y), 0x1p-128);  // e^y = e·power
  Pair d = add_to_pair(1.0, pair_scale(e, power));
  bool left = x < 0.0;
  double q = quotient(pair(left ? e.hi : 1.0, left ? e.lo : 0.0), d);
  return quiet(x, q * (left ? power : 1.0));
}

INLINE double sigmoid_derivative(double x) {
  double y = -clamped_magnitude(x, 750.0);
  double power = exp_power_128(y);
  Pair e = pair_scale(exp_pair(y), 0x1p-128);  // e^y = e·power
  Pair d = add_to_pair(1.0, pair_scale(e, power));
  return quiet(x, quotient(e, pair_square(d)) * power);
}
#endif

INLINE real sigmoid_derivative_from_output(real y) {
  real r = fma(-y, y, y);
  return quiet(y, r > 0.0f ? r : 0.0f);
}
