// selu(x) = scale·(x > 0 ? x : alpha·(e^x - 1)); derivative scale·(x > 0 ? 1 : alpha·e^x).
// Source: Klambauer, Unterthiner, Mayr, Hochreiter 2017, arXiv:1706.02515. Backward needs: input or
// output. Bound: 1 ULP for every scale and alpha.

#ifndef FLOAT64
INLINE float selu(float x, float scale, float alpha) {
  // From -32 on e^x - 1 is -1 by far more than a float can tell.
  Pair m = exp_minus_one(x < -32.0f ? -32.0f : x);
  // A small alpha is raised by 2^64, so that no digit of the product is lost.
  bool small = fabs(alpha) < 0x1p-40f;
  Pair c = two_product(scale, small ? alpha * 0x1p64f : alpha);
  float product = fma(c.hi, m.hi, fma(c.hi, m.lo, c.lo * m.hi));
  float r = with_sign(small ? product * 0x1p-64f : product, c.hi * m.hi);
  return quiet(x, x < 0.0f ? r : scale * x);
}

INLINE float selu_derivative(float x, float scale, float alpha) {
  // As in elu, a large factor needs e^x from far below the smallest float; a small one is raised.
  bool small = fabs(alpha) < 0x1p-40f;
  Pair c = two_product(scale, small ? alpha * 0x1p64f : alpha);
  bool large = fabs(c.hi) >= 1.0f && !small;
  Pair factor = pair_scale(c, large ? 0x1p-64f : 1.0f);
  float limit = large ? -200.0f : -110.0f;
  float y = x < 0.0f ? (x < limit ? limit : x) : 0.0f;
  Pair e = exp_pair(y);
  float v = fma(factor.hi, e.hi, fma(factor.hi, e.lo, factor.lo * e.hi));
  int shift = large ? 64 : (small ? -64 : 0);
  return quiet(x, x > 0.0f ? scale : exp_scaled(v, y, shift));
}
#else
INLINE double selu(double x, double scale, double alpha) {
  // From -64 on e^x - 1 is -1 by far more than a double can tell.
  Pair m = exp_minus_one(x < -64.0 ? -64.0 : x);
  Pair c = two_product(scale, alpha);
  double product = fma(c.hi, m.hi, fma(c.hi, m.lo, c.lo * m.hi));
  double r = with_sign(product, c.hi * m.hi);
  return quiet(x, x < 0.0 ? r : scale * x);
}

INLINE double selu_derivative(double x, double scale, double alpha) {
  // As in elu, a large factor needs e^x from far below the smallest double.
  Pair c = two_product(scale, alpha);
  double y = x < 0.0 ? (x < -900.0 ? -900.0 : x) : 0.0;
  Pair e = exp_pair(y);
  double v = fma(c.hi, e.hi, fma(c.hi, e.lo, c.lo * e.hi));
  return quiet(x, x > 0.0 ? scale : exp_scaled(v, y));
}
#endif

INLINE real selu_derivative_from_output(real y, real scale, real alpha) {
  real r = fma(scale, alpha, y);
  return quiet(y, y > 0.0f ? scale : (r > 0.0f ? r : 0.0f));
}
