// silu(x) = x·σ(beta·x); derivative σ(z) + z·σ(z)·(1 - σ(z)), z = beta·x, σ(z) = 1/(1 + e^-z).
// Source: Elfwing, Uchibe, Doya 2017, arXiv:1702.03118; Ramachandran et al. 2017.
// Backward needs: input.
// Bound: 1 ULP for every beta.

INLINE float silu(float x, float beta) {
  Pair y = minus_magnitude(x, beta, 132.0f);
  float r = times_sigmoid(x, y);
  return quiet(x, y.hi > -132.0f ? r : x < 0.0f ? -0.0f : x);
}

// The root of times_sigmoid_derivative is where y = -|z| is z0 = -1.278.
INLINE float silu_derivative(float x, float beta) {
  Pair y = minus_magnitude(x, beta, 110.0f);

  // d = y - z0, z0 = -1.25 - 0x1.d25cf2p-6 - 0x1.0482ep-34 + 0x1.ca2d0ep-60. Near the root the
  // leading parts cancel exactly, and then even the last counts.
  Pair first = fast_two_sum(1.25f, y.hi);
  Pair second = fast_two_sum(first.hi, 0x1.d25cf2p-6f);
  Pair third = two_sum(second.hi, y.lo);
  Pair last = two_sum(third.hi, 0x1.0482ep-34f);
  Pair d = fast_two_sum(last.hi, last.lo + (third.lo + ((second.lo + first.lo) - 0x1.ca2d0ep-60f)));

  Pair root = pair(0x1.1d25dp-2f, -0x1.bdf6fap-27f);  // e^z0
  return quiet(x, times_sigmoid_derivative(x, d, d, root));
}
