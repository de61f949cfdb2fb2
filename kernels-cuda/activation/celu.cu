// celu(x) = x > 0 ? x : alpha·(e^(x/alpha) - 1); derivative x > 0 ? 1 : e^(x/alpha).
// Source: Barron 2017, Continuously Differentiable Exponential Linear Units, arXiv:1704.07483.
// Backward needs: input or output.
// Bound: 1 ULP for every alpha.

#ifndef FLOAT64
INLINE float celu(float x, float alpha) {
  // From -32 on e^y - 1 is -1 by far more than a float can tell.
  float limit = -32.0f * alpha;
  Pair y = quotient_pair(pair(x < limit ? limit : x, 0.0f), pair(alpha, 0.0f));
  Pair m = scaled_less_one(exp_less_one_fine(exp_rest_of_pair(y)), exp_power(y.hi));
  float r = fma(alpha, m.hi, alpha * m.lo);
  // Near zero it is x, and x/alpha might vanish.
  return quiet(x, x < alpha * -0x1p-26f ? r : x);
}

INLINE float celu_derivative(float x, float alpha) {
  float limit = -110.0f * alpha;
  float negative = x < 0.0f ? (x < limit ? limit : x) : 0.0f;
  Pair y = quotient_pair(pair(negative, 0.0f), pair(alpha, 0.0f));
  Pair e = exp_of_pair(y);
  return quiet(x, x < 0.0f ? exp_scaled(e.hi + e.lo, y.hi, 0) : 1.0f);
}
#else
INLINE double celu(double x, double alpha) {
  // From -64 on e^y - 1 is -1 by far more than a double can tell.
  double limit = -64.0 * alpha;
  Pair y = quotient_pair(pair(x < limit ? limit : x, 0.0), pair(alpha, 0.0));
  Pair m = scaled_less_one(exp_less_one(exp_rest_of_pair(y)), exp_power(y.hi));
  double r = fma(alpha, m.hi, alpha * m.lo);
  // Near zero it is x, and x/alpha might vanish.
  return quiet(x, x < alpha * -0x1p-55 ? r : x);
}

INLINE double celu_derivative(double x, double alpha) {
  double limit = -760.0 * alpha;
  double negative = x < 0.0 ? (x < limit ? limit : x) : 0.0;
  Pair y = quotient_pair(pair(negative, 0.0), pair(alpha, 0.0));
  Pair e = exp_of_pair(y);
  return quiet(x, x < 0.0 ? exp_scaled(e.hi + e.lo, y.hi) : 1.0);
}
#endif

INLINE real celu_derivative_from_output(real y, real alpha) {
  Pair sum = two_sum(y, alpha);
  real r = quotient(sum, pair(alpha, 0.0f));
  return quiet(y, y > 0.0f ? 1.0f : (sum.hi > 0.0f ? r : 0.0f));
}
