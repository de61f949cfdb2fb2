// tanh_shrink(x) = x - tanh x; derivative tanh² x.
// Source: PyTorch's Tanhshrink. Backward needs: input.
// Bound: 1 ULP.
//
// Below 0.625 x - tanh x = x³·P(x²), P a minimax fit of relative error, within 2^-33 (fpminimax of
// Sollya, the first coefficient a pair). From there on tanh |x| = -m/(2 + m), m = e^(-2|x|) - 1.

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

// tanh a, for 0.625 <= a <= 43.
INLINE Pair tanh_shrink_tanh(float a) {
  Pair m = exp_minus_one(a * -2.0f);
  return quotient_pair(pair(-m.hi, -m.lo), add_to_pair(2.0f, m));
}

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
