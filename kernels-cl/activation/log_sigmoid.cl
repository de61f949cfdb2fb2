// log_sigmoid(x) = -ln(1 + e^-x); derivative 1/(1 + e^x).
// Source: the logarithm of the logistic function. Backward needs: input.
// Bound: 1 ULP.
//
// ln(1 + e^-x) = max(-x, 0) + ln(1 + e^-|x|), so that nothing overflows. The logarithm of the
// rounded sigmoid would be 0 from 17 on.

#ifndef FLOAT64
INLINE float log_sigmoid(float x) {
  float y = -clamped_magnitude(x, 128.0f);
  float power = exp_power_64(y);
  Pair e = exp_pair(y);  // e^y = e·2^n
  Pair log = log_one_plus(pair_scale_64(e, power));
  float line = x < 0.0f ? x : -0.0f;
  Pair sum = two_sum(line, -log.hi);
  float middle = sum.hi + (sum.lo - log.lo);
  // Far out the logarithm is e^y, which is kept above the subnormals until the end.
  return quiet(x, y < -24.0f ? line - scale_64(e.hi + e.lo, power) : middle);
}

INLINE float log_sigmoid_derivative(float x) {
  float y = -clamped_magnitude(x, 104.0f);
  float power = exp_power_64(y);
  Pair e = pair_scale(exp_pair(y), 0x1p-64f);  // e^y = e·power
  Pair d = add_to_pair(1.0f, pair_scale(e, power));
  bool right = x > 0.0f;
  float q = quotient(pair(right ? e.hi : 1.0f, right ? e.lo : 0.0f), d);
  return quiet(x, q * (right ? power : 1.0f));
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
