// elu(x) = x > 0 ? x : alpha·(e^x - 1); derivative x > 0 ? 1 : alpha·e^x.
// Source: Clevert, Unterthiner, Hochreiter 2015, arXiv:1511.07289. Backward needs: input or output.
// Bound: 1 ULP for every alpha.

#ifndef FLOAT64
INLINE float elu(float x, float alpha) {
  // From -32 on e^x - 1 is -1 by far more than a float can tell.
  Pair m = exp_minus_one(x < -32.0f ? -32.0f : x);
  float r = with_sign(fma(alpha, m.hi, alpha * m.lo), alpha * m.hi);
  return quiet(x, x < 0.0f ? r : x);
}

INLINE float elu_derivative(float x, float alpha) {
  // Beyond the limit alpha·e^x vanishes. A large alpha needs e^x from far below the smallest float,
  // hence the factor 2^-64 and the power 2^64.
  bool large = fabs(alpha) >= 1.0f;
  float factor = large ? alpha * 0x1p-64f : alpha;
  float limit = large ? -200.0f : -110.0f;
  float y = x < 0.0f ? (x < limit ? limit : x) : 0.0f;
  Pair e = exp_pair(y);
  float r = exp_scaled(fma(factor, e.hi, factor * e.lo), y, large ? 64 : 0);
  return quiet(x, x > 0.0f ? 1.0f : r);
}
#else
INLINE double elu(double x, double alpha) {
  // From -64 on e^x - 1 is -1 by far more than a double can tell.
  Pair m = exp_minus_one(x < -64.0 ? -64.0 : x);
  double r = with_sign(fma(alpha, m.hi, alpha * m.lo), alpha * m.hi);
  return quiet(x, x < 0.0 ? r : x);
}

INLINE double elu_derivative(double x, double alpha) {
  // A large alpha needs e^x from far below the smallest double.
  double y = x < 0.0 ? (x < -900.0 ? -900.0 : x) : 0.0;
  Pair e = exp_pair(y);
  double r = exp_scaled(fma(alpha, e.hi, alpha * e.lo), y);
  return quiet(x, x > 0.0 ? 1.0 : r);
}
#endif

INLINE real elu_derivative_from_output(real y, real alpha) {
  real r = y + alpha;
  return quiet(y, y > 0.0f ? 1.0f : (r > 0.0f ? r : 0.0f));
}
