// gelu(x) = x·Φ(x), Φ the normal distribution; derivative Φ(x) + x·φ(x), φ its density.
// Source: Hendrycks, Gimpel 2016, arXiv:1606.08415.
// Backward needs: input.
// Bound: 1 ULP.
//
// With a = |x| and u = c - 1/(a + k) both are a simple factor times e^(-a²/2 + S(u)) on the left of
// zero; on the right gelu(a) = a + gelu(-a) and gelu'(a) = 1 - gelu'(-a). S is normal_exponent for
// gelu; its derivative has one of its own, fitted in the same way on 0 <= a <= 14.6: it stays
// within 2^-30.0; for doubles on 0 <= a <= 38.7, within 2^-58.4.

#ifndef FLOAT64
// gelu(-a) = -a·e^(-a²/2 + S(u))/(a + 2.5).
INLINE float gelu(float x) {
  float a = clamped_magnitude(x, 14.5f);
  Pair r = reciprocal_of_pair(fast_two_sum(2.5f, a));
  Pair s = normal_exponent(r);
  // S(0) = 0.22 exceeds a²/2 near zero, where this sum may be off by 2^-27.
  Pair y = pair_add(two_product(a, a * -0.5f), s);

  Pair e = pair_multiply(exp_of_pair(y), r);
  float g = scale_64(fma(a, e.hi, a * e.lo), exp_power_64(y.hi));
  return quiet(x, x < 0.0f ? -g : x - g);
}

// gelu'(-a) = (a0 - a)·½e^(-a²/2 + S(u)), a0 = 0.7518 its root.
INLINE float gelu_derivative(float x) {
  float a = clamped_magnitude(x, 14.6f);
  Pair r = reciprocal_of_pair(fast_two_sum(3.0f, a));
  Pair u = normal_variable(r, pair(0x1.8e98aep-3f, -0x1.2fbcdcp-28f));
  float q = 0x1.8bc734p10f;
  q = fma(q, u.hi, 0x1.22e05ap8f);
  q = fma(q, u.hi, -0x1.4c1122p8f);
  q = fma(q, u.hi, -0x1.08559cp6f);
  q = fma(q, u.hi, 0x1.c704ecp5f);
  q = fma(q, u.hi, 0x1.306bbcp3f);
  q = fma(q, u.hi, -0x1.674e8p3f);
  q = fma(q, u.hi, -0x1.0d4578p-2f);
  q = fma(q, u.hi, 0x1.7c9f3ep1f);
  Pair s = normal_correction(u, -0x1.ab74fap0f, q);
  Pair y = pair_sum(two_product(a, a * -0.5f), s);

  // a0 - a, a0 = 0.75 + 0x1.d5a33p-10 - 0x1.fe9844p-38
  Pair first = fast_two_sum(0.75f, -a);
  Pair d = fast_two_sum(first.hi, 0x1.d5a33p-10f);
  d = pair(d.hi, d.lo + (first.lo - 0x1.fe9844p-38f));

  Pair n = pair_multiply(d, exp_of_pair(y));
  float left = ((n.hi + n.lo) * exp_power_64(y.hi)) * 0x1p-65f;  // scaled and halved
  return quiet(x, x < 0.0f ? left : 1.0f - left);
}
#else
// gelu(-a) = -a·e^(-a²/2 + S(u))/(a + 3.25).
INLINE double gelu(double x) {
  double a = clamped_magnitude(x, 38.6);
  Pair r = reciprocal_of_pair(two_sum(3.25, a));
  Pair y = pair_sum(two_product(a, a * -0.5), normal_exponent(r));
  Pair e = pair_multiply(exp_of_pair(y), r);
  // 2^128 keeps the product clear of the subnormal numbers until the last step.
  double lifted = a * 0x1p128;
  double g = (fma(lifted, e.hi, lifted * e.lo) * exp_power_128(y.hi)) * 0x1p-256;
  return quiet(x, x < 0.0 ? -g : x - g);
}

// gelu'(-a) = (a0 - a)·½e^(-a²/2 + S(u)), a0 = 0.7518 its root.
INLINE double gelu_derivative(double x) {
  double a = clamped_magnitude(x, 38.7);
  Pair r = reciprocal_of_pair(two_sum(3.625, a));
  Pair u = normal_variable(r, pair(0x1.635e601c9fabcp-3, -0x1.4d94aed272eb5p-57));
  double q = 0x1.5c011219e72d1p32;
  q = fma(q, u.hi, -0x1.4cdfda19adbc2p31);
  q = fma(q, u.hi, -0x1.3a5cb52b6d234p28);
  q = fma(q, u.hi, 0x1.5c9379d832587p28);
  q = fma(q, u.hi, -0x1.49e16e84a9fbfp24);
  q = fma(q, u.hi, -0x1.91a6daa19468fp24);
  q = fma(q, u.hi, 0x1.eb7e5230dc98cp22);
  q = fma(q, u.hi, 0x1.78c187add4b31p19);
  q = fma(q, u.hi, -0x1.4b41481162c12p20);
  q = fma(q, u.hi, 0x1.22919cec26509p17);
  q = fma(q, u.hi, 0x1.4e3f0319cd0d2p17);
  q = fma(q, u.hi, -0x1.361ea4363b327p15);
  q = fma(q, u.hi, -0x1.0a623d0c8c8c3p14);
  q = fma(q, u.hi, 0x1.95f36253bd2b1p12);
  q = fma(q, u.hi, 0x1.2e7bfa273ace2p10);
  q = fma(q, u.hi, -0x1.b50d5f4cf6861p9);
  q = fma(q, u.hi, -0x1.3296b83c36b4dp3);
  q = fma(q, u.hi, 0x1.914dfdada83abp6);
  q = fma(q, u.hi, -0x1.35da26bdcb94p4);
  q = fma(q, u.hi, -0x1.04f3c10154d72p3);
  q = fma(q, u.hi, 0x1.8b77793e30ecep2);
  Pair s = normal_correction(u, -0x1.0ce33e506e97dp1, q);
  Pair y = pair_sum(two_product(a, a * -0.5), s);

  // a0 - a, a0 = 0x1.80ead197f00b4p-1 - 0x1.13e74c58cada8p-56
  Pair d = two_sum(0x1.80ead197f00b4p-1, -a);
  d = fast_two_sum(d.hi, d.lo - 0x1.13e74c58cada8p-56);

  Pair n = pair_scale(pair_multiply(d, exp_of_pair(y)), 0.5);
  double power = exp_power_128(y.hi);
  Pair g = pair_scale_128(n, power);
  Pair right = add_to_pair(1.0, pair(-g.hi, -g.lo));
  return quiet(x, x < 0.0 ? scale_128(n.hi + n.lo, power) : right.hi + right.lo);
}
#endif
