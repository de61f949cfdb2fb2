// tanh_shrink(x) = x - tanh x; derivative tanh² x.
// Source: PyTorch's Tanhshrink. Backward needs: input.
// Bound: 1 ULP.
//
// Below 0.625 x - tanh x = x³·P(x²), P a minimax fit of relative error, within 2^-33 (fpminimax of
// Sollya, the first coefficient a pair); for doubles below 1, within 2^-58. From there on tanh |x|
// = -m/(2 + m), m = e^(-2|x|) - 1.

#ifndef FLOAT64
// 2^96·(a - tanh a) for 0 <= a <= 0.625: so that no part is lost among the subnormal numbers.
INLINE Pair tanh_shrink_cubic(float a) {
  float u = a * a;
  float p = 0x1.ca6752p-11f;
  p = fma(p, u, -0x1.b354a8p-9f);
  p = fma(p, u, 0x1.204c24p-7f);
  p = fma(p, u, -0x1.662dbep-6f);
  p = fma(p, u, 0x1.ba1ab2p-5f);
  p = fma(p, u, -0x1.11111p-3f);
  float lifted = a * 0x1p32f;
  Pair cube = pair_product(two_product(lifted, lifted), lifted);
  float hi = fma(p, u, 0x1.555556p-2f);
  return pair_multiply(cube, pair(hi, fma(p, u, 0x1.555556p-2f - hi) - 0x1.558p-27f));
}
#else
// 2^900·(a - tanh a) for 0 <= a <= 1: so that no part is lost among the subnormal numbers.
INLINE Pair tanh_shrink_cubic(double a) {
  double u = a * a;
  double p = 0x1.25b910c684a77p-27;
  p = fma(p, u, -0x1.928cec864a429p-24);
  p = fma(p, u, 0x1.1332351daf9eep-21);
  p = fma(p, u, -0x1.020563711c9ep-19);
  p = fma(p, u, 0x1.83cabfd5bb474p-18);
  p = fma(p, u, -0x1.02a948766862p-16);
  p = fma(p, u, 0x1.471804049e12dp-15);
  p = fma(p, u, -0x1.95f91baf88e79p-14);
  p = fma(p, u, 0x1.f567bdbb6b7a4p-13);
  p = fma(p, u, -0x1.3556d38d9aa4dp-11);
  p = fma(p, u, 0x1.7da346c379aedp-10);
  p = fma(p, u, -0x1.d6d3cf11bc7b1p-9);
  p = fma(p, u, 0x1.226e355506d36p-7);
  p = fma(p, u, -0x1.664f488285c9p-6);
  p = fma(p, u, 0x1.ba1ba1ba1adcdp-5);
  p = fma(p, u, -0x1.1111111111109p-3);
  double lifted = a * 0x1p300;
  Pair cube = pair_product(two_product(lifted, lifted), lifted);
  double hi = fma(p, u, 0x1.5555555555555p-2);
  return pair_multiply(cube,
                       pair(hi, fma(p, u, 0x1.5555555555555p-2 - hi) + 0x1.4e6aef81032e3p-56));
}
#endif

// tanh a, for 0.625 <= a <= 43.
INLINE Pair tanh_shrink_tanh(real a) {
  Pair m = exp_minus_one(a * -2.0f);
  return quotient_pair(pair(-m.hi, -m.lo), add_to_pair(2.0f, m));
}

#ifndef FLOAT64
INLINE float tanh_shrink(float x) {
  float a = clamped_magnitude(x, 0x1p26f);
  Pair near = tanh_shrink_cubic(a < 0.625f ? a : 0.625f);
  Pair t = tanh_shrink_tanh(a < 20.0f ? a : 20.0f);
  Pair far = fast_two_sum(a, -t.hi);
  float r = a < 0.625f ? (near.hi + near.lo) * 0x1p-96f : far.hi + (far.lo - t.lo);
  // From 2^26 on x rounds to itself.
  return quiet(x, a < 0x1p26f ? with_sign(r, x) : x);
}

INLINE float tanh_shrink_derivative(float x) {
  float a = clamped_magnitude(x, 20.0f);
  float small = a < 0.625f ? a : 0.625f;
  Pair near = pair_scale(tanh_shrink_cubic(small), -0x1p-96f);
  Pair t = a < 0.625f ? add_to_pair(small, near) : tanh_shrink_tanh(a);
  Pair square = pair_square(pair_scale(t, 0x1p32f));
  return quiet(x, (square.hi + square.lo) * 0x1p-64f);
}
#else
INLINE double tanh_shrink(double x) {
  double a = clamped_magnitude(x, 0x1p56);
  Pair near = tanh_shrink_cubic(a < 1.0 ? a : 1.0);
  Pair t = tanh_shrink_tanh(a < 20.0 ? a : 20.0);
  Pair far = fast_two_sum(a, -t.hi);
  double r = a < 1.0 ? (near.hi + near.lo) * 0x1p-900 : far.hi + (far.lo - t.lo);
  // From 2^56 on x rounds to itself.
  return quiet(x, a < 0x1p56 ? with_sign(r, x) : x);
}

INLINE double tanh_shrink_derivative(double x) {
  double a = clamped_magnitude(x, 20.0);
  double small = a < 1.0 ? a : 1.0;
  Pair near = pair_scale(tanh_shrink_cubic(small), -0x1p-900);
  Pair t = a < 1.0 ? add_to_pair(small, near) : tanh_shrink_tanh(a);
  Pair square = pair_square(pair_scale(t, 0x1p300));
  return quiet(x, (square.hi + square.lo) * 0x1p-600);
}
#endif
