// hard_swish(x) = x·min(max(x + 3, 0), 6)/6; derivative x <= -3 ? 0 : x >= 3 ? 1 : (2·x + 3)/6.
// Source: Howard et al. 2019, Searching for MobileNetV3, arXiv:1905.02244.
// Backward needs: input.
// Bound: 1 ULP.

// a/6, normalised, with 1/6 in two parts.
#ifndef FLOAT64
INLINE Pair sixth(Pair a) {
  float low = fma(a.hi, -0x1.555556p-28f, a.lo * 0x1.555556p-3f);
  float hi = fma(a.hi, 0x1.555556p-3f, low);
  return pair(hi, fma(a.hi, 0x1.555556p-3f, -hi) + low);
}
#else
INLINE Pair sixth(Pair a) {
  double low = fma(a.hi, 0x1.5555555555555p-57, a.lo * 0x1.5555555555555p-3);
  double hi = fma(a.hi, 0x1.5555555555555p-3, low);
  return pair(hi, fma(a.hi, 0x1.5555555555555p-3, -hi) + low);
}
#endif

INLINE real hard_swish(real x) {
  Pair s = sixth(fast_two_sum(3.0f, x));
  real r = with_sign(fma(x, s.hi, x * s.lo), x);
  return quiet(x, x <= -3.0f ? -0.0f : x >= 3.0f ? x : r);
}

INLINE real hard_swish_derivative(real x) {
  real r = sixth(two_sum(3.0f, x + x)).hi;
  return quiet(x, x <= -3.0f ? 0.0f : x >= 3.0f ? 1.0f : r);
}
