// quick_gelu(x) = x·σ(1.702·x); derivative σ(z) + z·σ(z)·(1 - σ(z)), z = 1.702·x.
// Source: Hendrycks, Gimpel 2016, arXiv:1606.08415, section 2. Backward needs: input.
// Bound: 1 ULP.

#ifndef FLOAT64
INLINE float quick_gelu(float x) {
  return times_sigmoid(x, pair_product(pair(-0x1.b3b646p0f, 0x1.78d4fep-26f), x));
}
#else
INLINE double quick_gelu(double x) {
  double a = clamped_magnitude(x, 460.0);
  Pair y = pair_product(pair(-0x1.b3b645a1cac08p0, -0x1.89374bc6a7efap-55), a);
  return quiet(x, a < 460.0 ? times_sigmoid(x, y) : x < 0.0 ? -0.0 : x);
}
#endif

// The root of times_sigmoid_derivative is at |x| = a0 = 0.751.
#ifndef FLOAT64
INLINE float quick_gelu_derivative(float x) {
  float a = clamped_magnitude(x, 64.0f);

  // a0 - a, a0 = 0.75 + 0x1.2e94c6p-10 - 0x1.07085cp-35
  Pair first = fast_two_sum(0.75f, -a);
  Pair second = fast_two_sum(first.hi, 0x1.2e94c6p-10f);
  Pair distance = pair(second.hi, second.lo + (first.lo - 0x1.07085cp-35f));
  Pair d = pair_multiply(distance, pair(0x1.b3b646p0f, -0x1.78d4fep-26f));

  Pair root = pair(0x1.1d25dp-2f, -0x1.bdf6fap-27f);  // e^(-1.702·a0)
  return times_sigmoid_derivative(x, d, d, root);
}
#else
INLINE double quick_gelu_derivative(double x) {
  double a = clamped_magnitude(x, 450.0);

  // a0 - a, a0 = 0x1.80974a62be3dfp-1 - 0x1.b12c858d26bfp-55
  Pair distance = two_sum(0x1.80974a62be3dfp-1, -a);
  distance = fast_two_sum(distance.hi, distance.lo - 0x1.b12c858d26bfp-55);
  Pair d = pair_multiply(distance, pair(0x1.b3b645a1cac08p0, 0x1.89374bc6a7efap-55));

  Pair root = pair(0x1.1d25cf210482ep-2, -0x1.ca2d0d94faaecp-60);  // e^(-1.702·a0)
  return quiet(x, times_sigmoid_derivative(x, d, d, root));
}
#endif
