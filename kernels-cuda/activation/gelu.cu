// gelu(x) = x·Φ(x), Φ the normal distribution; derivative Φ(x) + x·φ(x), φ its density.
// Source: Hendrycks, Gimpel 2016, arXiv:1606.08415. Backward needs: input.
// Bound: 2 ULP; measured 1.24 (subnormal results 1.08), derivative 1.28 (1.10).
//
// With a = |x|: gelu(-a) = -a·e^(-a²/2 + S(u))/(1.5·a + 2), S a polynomial of
// u = (a - 2.125)/(a + 3); gelu(a) = a + gelu(-a).

INLINE float gelu(float x) {
  float a = clamped_magnitude(x, 14.5f);
  float u = (a - 2.125f) * fine_reciprocal(a + 3.0f);
  float s = 0x1.e2efd8p-12f;
  s = fma(s, u, -0x1.8ab0bep-12f);
  s = fma(s, u, -0x1.f2484ap-10f);
  s = fma(s, u, -0x1.a00d24p-15f);
  s = fma(s, u, 0x1.e55fe2p-8f);
  s = fma(s, u, 0x1.9fa46ap-13f);
  s = fma(s, u, -0x1.e577ecp-7f);
  s = fma(s, u, -0x1.d23d9ap-6f);
  s = fma(s, u, 0x1.e09872p-4f);
  s = fma(s, u, -0x1.9f1364p-5f);
  s = fma(s, u, -0x1.708ab4p-2f);
  s = fma(s, u, -0x1.7630eep-3f);
  Pair square = two_product(a, a * -0.5f);
  Pair sum = fast_two_sum(square.hi, s);
  Pair y = pair(sum.hi, sum.lo + square.lo);

  float line = fma(a, 1.5f, 2.0f);
  Pair d = pair(line, fma(a, 1.5f, 2.0f - line));
  Pair q = quotient_pair(exp_of_pair(y), d);
  float g = scale_64(fma(a, q.hi, a * q.lo), exp_power_64(y.hi));
  return quiet(x, x < 0.0f ? -g : x - g);
}

// With a = |x|: gelu'(-a) = (a0 - a)·½e^(-a²/2 + S(u)), a0 = 0.7518 its root, S a polynomial of
// u = a/(a + 3) - 0.25; gelu'(a) = 1 - gelu'(-a).
INLINE float gelu_derivative(float x) {
  float a = clamped_magnitude(x, 14.6f);
  float u = fma(a, fine_reciprocal(a + 3.0f), -0.25f);
  float s = 0x1.d7657ap-6f;
  s = fma(s, u, -0x1.121d48p-5f);
  s = fma(s, u, -0x1.30c8a6p-5f);
  s = fma(s, u, 0x1.2dbcb4p-5f);
  s = fma(s, u, 0x1.2869d8p-4f);
  s = fma(s, u, -0x1.5c3cc6p-5f);
  s = fma(s, u, -0x1.1829a2p-3f);
  s = fma(s, u, 0x1.5e8f9cp-4f);
  s = fma(s, u, 0x1.3eec5cp-2f);
  s = fma(s, u, -0x1.543dcp-1f);
  s = fma(s, u, 0x1.9fcb7cp-4f);
  Pair square = two_product(a, a * -0.5f);
  Pair sum = fast_two_sum(square.hi, s);
  Pair y = pair(sum.hi, sum.lo + square.lo);

  // a0 - a, a0 = 0.75 + 0x1.d5a33p-10 - 0x1.fe9844p-38
  Pair first = fast_two_sum(0.75f, -a);
  Pair d = fast_two_sum(first.hi, 0x1.d5a33p-10f);
  d = pair(d.hi, d.lo + (first.lo - 0x1.fe9844p-38f));

  Pair n = pair_multiply(d, exp_of_pair(y));
  float power = exp_power_64(y.hi);
  float left = ((n.hi + n.lo) * power) * 0x1p-65f;
  Pair g = pair_scale(pair_scale(n, 0x1p-65f), power);
  Pair right = add_to_pair(1.0f, pair(-g.hi, -g.lo));
  return quiet(x, x < 0.0f ? left : right.hi + right.lo);
}
