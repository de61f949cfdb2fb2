// mish(x) = x·tanh(ln(1 + e^x)); derivative t + x·(1 - t²)·σ(x), t = tanh(ln(1 + e^x)).
// Source: Misra 2019, arXiv:1908.08681.
// Backward needs: input.
// Bound: 1 ULP.
//
// With e = e^x the tanh is (e² + 2e)/(e² + 2e + 2). As e = s/t, t = 2^-n, this is N/D, N = s² + 2st
// and D = N + 2t² = (s + t)² + t², on both sides of zero.

#ifndef FLOAT64
// D, rounded.
INLINE float mish_denominator(Pair s, float t) {
  float sum = s.hi + t;
  return fma(sum, sum, t * t);
}

// N as d - 2t² and what is left, which d lacks to D as well.
INLINE Pair mish_numerator(Pair s, float t, float d) {
  float twice = t + t;
  float sum = s.hi + t;
  float n = fma(t, -twice, d);
  float low = fma(s.hi, s.hi, fma(s.hi, twice, -n));
  return pair(n, fma(s.lo, sum + sum, low));
}

INLINE float mish_value(float x, bool near) {
  float z = near ? x : x < -110.0f ? -110.0f : x;
  Pair s = lean_exp_pair(pair(z, 0.0f));
  float t = exp_inverse(z);
  float d = mish_denominator(s, t);
  Pair n = mish_numerator(s, t, d);
  Pair normalised = fast_two_sum(n.hi, n.lo);
  float r = reciprocal(d);
  float q = normalised.hi * r;
  float rest = remainder_of(normalised, pair(d, n.lo), q) * r;
  // 2^64 keeps the product clear of the subnormal numbers until the last step.
  float lifted = x * 0x1p64f;
  float middle = fma(lifted, q, lifted * rest) * 0x1p-64f;

  // Far to the left N/D is e - e²/2.
  float power = exp_power_64(z);
  float second = fma(s.hi * -0.5f, scale_64(s.hi, power), s.lo);
  float left = scale_64(fma(z, s.hi, z * second), power);
  return near ? middle : quiet(x, x > 14.0f ? x : x < -14.0f ? left : middle);
}

INLINE float mish(float x) {
  return USUALLY(fabs(x) < 14.0f) ? mish_value(x, true) : mish_value(x, false);
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

// With Q = N/D as above it is Q + 4x·t²·(s² + st)/D². Within 3/16 of its root x0 = -1.192, where
// these terms cancel, it is a polynomial of degree 6 in x - x0 without a constant term, fitted to
// the relative error (least squares in Chebyshev's points, the coefficients rounded one after the
// other): within 2^-27.1.
#ifndef FLOAT64
INLINE float mish_slope(float x, bool near) {
  float z = near ? x : x < -110.0f ? -110.0f : x;
  Pair s = lean_exp_pair(pair(z, 0.0f));
  float t = exp_inverse(z);
  float square = t * (t + t);
  float d = mish_denominator(s, t);
  Pair n = mish_numerator(s, t, d);
  float lost = n.lo + (square - (d - n.hi));

  // 1/D, (s² + st)/D, and N + 4x·t²·(s² + st)/D
  float r = reciprocal(d);
  Pair inverse = pair(r, fma(-r, lost, fma(-r, d, 1.0f)) * r);
  float product = s.hi * t;
  float hi = fma(s.hi, s.hi, product);
  float lo = fma(s.hi, s.hi, product - hi);
  Pair g = pair_multiply(pair(hi, fma(s.lo, s.hi + (s.hi + t), lo)), inverse);
  Pair bend = pair_product(g, x * (square + square));
  Pair m = pair_sum(n, bend);
  float general = fma(m.hi, inverse.hi, fma(m.hi, inverse.lo, m.lo * inverse.hi));

  float h = x + 0x1.31432cp0f;
  float p = -0x1.b4372p-9f;
  p = fma(p, h, -0x1.0242dcp-6f);
  p = fma(p, h, -0x1.4c212cp-6f);
  p = fma(p, h, 0x1.574d76p-5f);
  p = fma(p, h, 0x1.a34a24p-3f);
  // x0 and the first coefficient have low parts.
  float rest = fma(h, -0x1.481714p-27f, 0x1.beb774p-31f);
  float root = fma(h, 0x1.115accp-2f, fma(h * h, p, rest));
  float middle = fabs(h) < 0.1875f ? root : general;

  // Far to the left it is e·(1 + x) - e²·(x + 1/2).
  float power = exp_power_64(z);
  float line = 1.0f + z;
  float second = (s.hi * scale_64(s.hi, power)) * (z + 0.5f);
  float left = scale_64(fma(line, s.hi, fma(line, s.lo, -second)), power);
  return near ? middle : quiet(x, x > 12.0f ? 1.0f : x < -12.0f ? left : middle);
}

INLINE float mish_derivative(float x) {
  return USUALLY(fabs(x) < 12.0f) ? mish_slope(x, true) : mish_slope(x, false);
}
#else
// To the left of zero, around the root x0 = -1.192, with d = x - x0 and m = e^d - 1: all terms of
// e·(d·P2(m) + m·P1(m))/D² have one sign, so nothing cancels; D = 2 + g, g = 2e + e². To the right
// (D + 2e·(D + x·g))/D², D = 1 + g, g = 2e + 2e².
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
