// tanh(x) = (1 - e^-2x)/(1 + e^-2x); derivative 4e^-2x/(1 + e^-2x)².
// Source: LeCun et al. 1998, Efficient BackProp, doi:10.1007/3-540-49430-8_2.
// Backward needs: input or output.
// Bound: 1 ULP.

#ifndef FLOAT64
// With e^(-2|x|) = 2^n·e^rest and T = 2^-n it is (T - e^rest)/(T + e^rest).
INLINE float tanh_value(float x, bool near) {
  // From 10 on tanh rounds to 1.
  float y = (near ? fabs(x) : clamped_magnitude(x, 10.0f)) * -2.0f;
  Pair growth = exp_less_one_fine(exp_rest(y));
  float power = exp_inverse(y);
  float less = power - 1.0f;
  float more = power + 1.0f;
  Pair n = add_to_pair(less, pair(-growth.hi, -growth.lo));
  Pair d = add_to_pair(more, growth);
  // What the first sums have lost.
  n = near ? n : pair(n.hi, n.lo + ((power - less) - 1.0f));
  d = near ? d : pair(d.hi, d.lo + ((power - more) + 1.0f));
  float r = reciprocal(d.hi + d.lo);
  float q = (n.hi + n.lo) * r;
  float t = with_sign(fma(remainder_of(n, d, q), r, q), x);
  return near ? t : quiet(x, t);
}

INLINE float tanh(float x) {
  return USUALLY(fabs(x) < 8.0f) ? tanh_value(x, true) : tanh_value(x, false);
}

INLINE float tanh_slope(float x, bool near) {
  float y = (near ? fabs(x) : clamped_magnitude(x, 53.5f)) * -2.0f;
  float r = logistic_slope(y, near) * 4.0f;
  return near ? r : quiet(x, r * logistic_tail(y));
}

INLINE float tanh_derivative(float x) {
  return USUALLY(fabs(x) < 8.0f) ? tanh_slope(x, true) : tanh_slope(x, false);
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
