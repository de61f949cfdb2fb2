// sigmoid(x) = 1/(1 + e^-x); derivative e^-x/(1 + e^-x)².
// Source: Verhulst 1845; Rumelhart, Hinton, Williams 1986, doi:10.1038/323533a0.
// Backward needs: input or output.
// Bound: 1 ULP.
//
// With e = e^-|x| <= 1 nothing overflows: 1/(1 + e) to the right of zero, e/(1 + e) to the left.
// Both results stay accurate in the tails, into the subnormal numbers.

#ifndef FLOAT64
INLINE float sigmoid(float x) {
  float y = -clamped_magnitude(x, 104.0f);
  float power = exp_power_64(y);
  Pair e = pair_scale(exp_pair(y), 0x1p-64f);  // e^y = e·power
  Pair d = add_to_pair(1.0f, pair_scale(e, power));
  bool left = x < 0.0f;
  float q = quotient(pair(left ? e.hi : 1.0f, left ? e.lo : 0.0f), d);
  return quiet(x, q * (left ? power : 1.0f));
}

INLINE float sigmoid_derivative(float x) {
  float y = -clamped_magnitude(x, 104.0f);
  float power = exp_power_64(y);
  Pair e = pair_scale(exp_pair(y), 0x1p-64f);  // e^y = e·power
  Pair d = add_to_pair(1.0f, pair_scale(e, power));
  return quiet(x, quotient(e, pair_square(d)) * power);
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
