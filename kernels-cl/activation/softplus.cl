// softplus(x) = ln(1 + e^(beta·x))/beta; derivative 1/(1 + e^(-beta·x)).
// Source: Dugas et al. 2000, Incorporating Second-Order Functional Knowledge, NIPS.
// Backward needs: input.
// Bound: 1 ULP for every beta.
//
// ln(1 + e^z) = max(z, 0) + ln(1 + e^-|z|), so that nothing overflows and no threshold is needed.

#ifndef FLOAT64
INLINE float softplus(float x, float beta) {
  float a = fabs(x);
  return USUALLY(a < (beta == 1.0f ? 16.0f : 0.0f))
             ? log_one_plus_exp(x, pair(-a, 0.0f), pair(1.0f, 0.0f), true)
             : quiet(x, log_one_plus_exp(x, minus_magnitude(x, beta, 128.0f), reciprocal_pair(beta),
                                         false));
}

INLINE float softplus_slope(float x, float beta, bool near) {
  Pair y = two_product(-beta, x);
  // Beyond these ends the derivative rounds to 1, or to 0.
  bool right = y.hi < -40.0f;
  bool left = y.hi > 104.0f;
  float hi = near ? y.hi : right ? -40.0f : left ? 104.0f : y.hi;
  float lo = near ? y.lo : right || left ? 0.0f : y.lo;
  float r = over_one_plus_exp(1.0f, hi, exp_rest_of_pair(pair(hi, lo)), near);
  return near ? r : quiet(x, r);
}

INLINE float softplus_derivative(float x, float beta) {
  return USUALLY(fabs(x * beta) < 16.0f) ? softplus_slope(x, beta, true)
                                         : softplus_slope(x, beta, false);
}
#else
INLINE double softplus(double x, double beta) {
  Pair y = minus_magnitude(x, beta, 780.0);
  double power = exp_power_128(y.hi);
  Pair e = exp_of_pair(y);  // e^y = e·2^n
  Pair log = log_one_plus(pair_scale_128(e, power));
  Pair inverse = reciprocal_pair(beta);
  Pair bend = pair_multiply(log, inverse);
  double line = x > 0.0 ? x : 0.0;
  Pair sum = two_sum(line, bend.hi);
  double middle = sum.hi + (sum.lo + bend.lo);
  // Far out the logarithm is e^y, which is kept above the subnormals until the end.
  double tail = fma(e.hi, inverse.hi, fma(e.hi, inverse.lo, e.lo * inverse.hi));
  return quiet(x, y.hi < -40.0 ? line + scale_128(tail, power) : middle);
}

INLINE double softplus_derivative(double x, double beta) {
  Pair y = minus_magnitude(x, beta, 750.0);
  double power = exp_power_128(y.hi);
  Pair e = pair_scale(exp_of_pair(y), 0x1p-128);  // e^y = e·power
  Pair d = add_to_pair(1.0, pair_scale(e, power));
  bool left = x < 0.0;
  double q = quotient(pair(left ? e.hi : 1.0, left ? e.lo : 0.0), d);
  return quiet(x, q * (left ? power : 1.0));
}
#endif
