// log_sigmoid(x) = -ln(1 + e^-x); derivative 1/(1 + e^x).
// Source: the logarithm of the logistic function. Backward needs: input.
// Bound: 1 ULP.
//
// ln(1 + e^-x) = max(-x, 0) + ln(1 + e^-|x|), so that nothing overflows. The logarithm of the
// rounded sigmoid would be 0 from 17 on.

#ifndef FLOAT64
INLINE float log_sigmoid_value(float x, bool near) {
  float a = near ? fabs(x) : clamped_magnitude(x, 128.0f);
  return -log_one_plus_exp(-x, pair(-a, 0.0f), pair(1.0f, 0.0f), near);
}

INLINE float log_sigmoid(float x) {
  return USUALLY(fabs(x) < 16.0f) ? log_sigmoid_value(x, true)
                                  : quiet(x, log_sigmoid_value(x, false));
}

INLINE float log_sigmoid_slope(float x, bool near) {
  // Beyond these ends the derivative rounds to 1, or to 0.
  float y = near ? x : x < -40.0f ? -40.0f : x > 104.0f ? 104.0f : x;
  float r = over_one_plus_exp(1.0f, y, exp_rest(y), near);
  return near ? r : quiet(x, r);
}

INLINE float log_sigmoid_derivative(float x) {
  return USUALLY(fabs(x) < 16.0f) ? log_sigmoid_slope(x, true) : log_sigmoid_slope(x, false);
}
#else
INLINE double log_sigmoid(double x) {
  double y = -clamped_magnitude(x, 750.0);
  double power = exp_power_128(y);
  Pair e = exp_pair(y);  // e^y = e·2^n
  Pair log = log_one_plus(pair_scale_128(e, power));
  double line = x < 0.0 ? x : -0.0;
  Pair sum = two_sum(line, -log.hi);
  double middle = sum.hi + (sum.lo - log.lo);
  // Far out the logarithm is e^y, which is kept above the subnormals until the end.
  return quiet(x, y < -40.0 ? line - scale_128(e.hi + e.lo, power) : middle);
}

INLINE double log_sigmoid_derivative(double x) {
  double y = -clamped_magnitude(x, 750.0);
  double power = exp_power_128(y);
  Pair e = pair_scale(exp_pair(y), 0x1p-128);  // e^y = e·power
  Pair d = add_to_pair(1.0, pair_scale(e, power));
  bool right = x > 0.0;
  double q = quotient(pair(right ? e.hi : 1.0, right ? e.lo : 0.0), d);
  return quiet(x, q * (right ? power : 1.0));
}
#endif
