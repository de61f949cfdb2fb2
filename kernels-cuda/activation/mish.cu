// mish(x) = x·tanh(ln(1 + e^x)); derivative t + x·(1 - t²)·σ(x), t = tanh(ln(1 + e^x)).
// Source: Misra 2019, arXiv:1908.08681.
// Backward needs: input.
// Bound: 1 ULP.
//
// With e = e^-|x| the tanh is (1 + 2e)/(1 + 2e + 2e²) to the right of zero and
// (2e + e²)/(2 + 2e + e²) to the left.

#ifndef FLOAT64
INLINE float mish(float x) {
  float y = -clamped_magnitude(x, 110.0f);
  float power = exp_power_64(y);
  Pair e = exp_pair(y);  // e^y = e·2^n
  Pair full = pair_scale_64(e, power);
  bool right = x > 0.0f;
  Pair b = pair_scale(full, right ? 2.0f : 1.0f);
  Pair g = pair_multiply(e, add_to_pair(2.0f, b));
  Pair d = add_to_pair(right ? 1.0f : 2.0f, pair_scale_64(g, power));
  Pair n = add_to_pair(1.0f, b);
  Pair q = quotient_pair(pair(right ? n.hi : g.hi, right ? n.lo : g.lo), d);
  // 2^64 keeps the product clear of the subnormal numbers until the last step.
  float lifted = (x < -110.0f ? -110.0f : x) * 0x1p64f;
  float product = fma(lifted, q.hi, lifted * q.lo);
  float r = with_sign((right ? product : scale_64(product, power)) * 0x1p-64f, x);
  return quiet(x, x > 110.0f ? x : r);
}
#else
INLINE double mish(double x) {
  double y = -clamped_magnitude(x, 760.0);
  double power = exp_power_128(y);
  Pair e = exp_pair(y);  // e^y = e·2^n
  Pair full = pair_scale_128(e, power);
  bool right = x > 0.0;
  Pair b = pair_scale(full, right ? 2.0 : 1.0);
  Pair g = pair_multiply(e, add_to_pair(2.0, b));
  Pair d = add_to_pair(right ? 1.0 : 2.0, pair_scale_128(g, power));
  Pair n = add_to_pair(1.0, b);
  Pair q = quotient_pair(pair(right ? n.hi : g.hi, right ? n.lo : g.lo), d);
  // 2^128 keeps the product clear of the subnormal numbers until the last step.
  double lifted = (x < -760.0 ? -760.0 : x) * 0x1p128;
  double product = fma(lifted, q.hi, lifted * q.lo);
  double r = with_sign((right ? product : scale_128(product, power)) * 0x1p-128, x);
  return quiet(x, x > 760.0 ? x : r);
}
#endif

// To the left of zero, around the root x0 = -1.192, with d = x - x0 and m = e^d - 1: all terms of
// e·(d·P2(m) + m·P1(m))/D² have one sign, so nothing cancels; D = 2 + g, g = 2e + e². To the right
// (D + 2e·(D + x·g))/D², D = 1 + g, g = 2e + 2e².
#ifndef FLOAT64
INLINE float mish_derivative(float x) {
  float a = clamped_magnitude(x, 110.0f);
  bool left = x < 0.0f;

  // d = -a - x0, x0 = -1.25 + 0x1.d79a7ep-5 + 0x1.7693dep-31
  Pair first = fast_two_sum(1.25f, -a);
  Pair d = fast_two_sum(first.hi, -0x1.d79a7ep-5f);
  d = pair(d.hi, d.lo + (first.lo - 0x1.7693dep-31f));

  Pair r = exp_less_one(exp_rest_of_pair(d));
  float power = exp_power_64(d.hi);
  Pair e = pair_multiply(one_plus(r), pair(0x1.36c42p-2f, 0x1.7e1f66p-29f));
  Pair full = pair_scale_64(e, power);  // e^-a

  Pair m = scaled_less_one(r, a < 80.0f ? exp_power(d.hi) : 0.0f);
  Pair p1 = pair_line(0x1.31ac36p0f, m, fma(m.hi, 0x1.c9f402p-6f, 0x1.cf1d54p-2f));
  Pair p2 = pair_line(0x1.4db108p2f, m, 0x1.36c42p0f);
  Pair leftmost = pair_multiply(e, pair_add(pair_multiply(d, p2), pair_multiply(m, p1)));

  Pair b = pair_scale(full, left ? 1.0f : 2.0f);
  Pair g = pair_multiply(full, add_to_pair(2.0f, b));
  Pair denominator = add_to_pair(left ? 2.0f : 1.0f, g);
  Pair line = pair_line(denominator.hi, g, a);
  line = pair(line.hi, line.lo + denominator.lo);
  Pair rightmost = pair_sum(denominator, pair_multiply(b, line));

  Pair n = pair(left ? leftmost.hi : rightmost.hi, left ? leftmost.lo : rightmost.lo);
  float q = quotient(n, pair_square(denominator));
  return quiet(x, left ? scale_64(q, power) : q);
}
#else
INLINE double mish_derivative(double x) {
  double a = clamped_magnitude(x, 760.0);
  bool left = x < 0.0;

  // d = -a - x0, x0 = -1.25 + 0x1.d79a7e5da4f79p-5 + 0x1.9cdd564bbdf62p-64
  Pair first = fast_two_sum(1.25, -a);
  Pair d = fast_two_sum(first.hi, -0x1.d79a7e5da4f79p-5);
  d = fast_two_sum(d.hi, d.lo + (first.lo - 0x1.9cdd564bbdf62p-64));

  Pair r = exp_less_one(exp_rest_of_pair(d));
  double power = exp_power_128(d.hi);
  Pair e = pair_multiply(one_plus(r), pair(0x1.36c4202fc3eccp-2, 0x1.6d73a02f8d922p-56));
  Pair full = pair_scale_128(e, power);  // e^-a

  Pair m = scaled_less_one(r, a < 80.0 ? exp_power(d.hi) : 0.0);
  Pair p1 =
      pair_line(0x1.31ac354e2a079p0, m, fma(m.hi, 0x1.c9f40193f744cp-6, 0x1.cf1d5480ba0e5p-2));
  Pair p2 = pair_line(0x1.4db1080bf0fb3p2, m, 0x1.36c4202fc3eccp0);
  Pair leftmost = pair_multiply(e, pair_add(pair_multiply(d, p2), pair_multiply(m, p1)));

  Pair b = pair_scale(full, left ? 1.0 : 2.0);
  Pair g = pair_multiply(full, add_to_pair(2.0, b));
  Pair denominator = add_to_pair(left ? 2.0 : 1.0, g);
  Pair line = pair_line(denominator.hi, g, a);
  line = pair(line.hi, line.lo + denominator.lo);
  Pair rightmost = pair_sum(denominator, pair_multiply(b, line));

  Pair n = pair(left ? leftmost.hi : rightmost.hi, left ? leftmost.lo : rightmost.lo);
  double q = quotient(n, pair_square(denominator));
  return quiet(x, left ? scale_128(q, power) : q);
}
#endif
