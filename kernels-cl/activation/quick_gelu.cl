// quick_gelu(x) = x·σ(1.702·x); derivative σ(z) + z·σ(z)·(1 - σ(z)), z = 1.702·x.
// Source: Hendrycks, Gimpel 2016, arXiv:1606.08415, section 2. Backward needs: input.
// Bound: 1 ULP.

INLINE float quick_gelu(float x) {
  float a = clamped_magnitude(x, 76.0f);
  Pair y = pair_product(pair(-0x1.b3b646p0f, 0x1.78d4fep-26f), a);
  return quiet(x, a < 76.0f ? times_sigmoid(x, y) : x < 0.0f ? -0.0f : x);
}

// The root of times_sigmoid_derivative is at |x| = a0 = 0.751.
INLINE float quick_gelu_derivative(float x) {
  float a = clamped_magnitude(x, 64.0f);

  // a0 - a, a0 = 0.75 + 0x1.2e94c6p-10 - 0x1.07085cp-35
  Pair first = fast_two_sum(0.75f, -a);
  Pair second = fast_two_sum(first.hi, 0x1.2e94c6p-10f);
  Pair distance = pair(second.hi, second.lo + (first.lo - 0x1.07085cp-35f));
  Pair d = pair_multiply(distance, pair(0x1.b3b646p0f, -0x1.78d4fep-26f));

  Pair root = pair(0x1.1d25dp-2f, -0x1.bdf6fap-27f);  // e^(-1.702·a0)
  return quiet(x, times_sigmoid_derivative(x, d, d, root));
}
