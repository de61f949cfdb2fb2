// gelu_tanh(x) = x·(1 + tanh(√(2/π)·(x + 0.044715·x³)))/2 = x·σ(z), z = 2·√(2/π)·(x + 0.044715·x³);
// derivative σ(z) + x·z'·σ(z)·(1 - σ(z)).
// Source: Hendrycks, Gimpel 2016, arXiv:1606.08415, section 2. Backward needs: input.
// Bound: 1 ULP.

// a·(k + c·s) for s >= 0.
INLINE Pair gelu_tanh_line(Pair a, Pair k, Pair c, Pair s) {
  return pair_multiply(pair_sum(k, pair_multiply(c, s)), a);
}

#ifndef FLOAT64
INLINE float gelu_tanh_value(float x, bool near) {
  Pair k = pair(0x1.988454p0f, -0x1.857936p-25f);  // 2·√(2/π)
  Pair c = pair(0x1.2444f2p-4f, 0x1.49b16ap-29f);  // 0.044715·k
  Pair s = two_product(x, x);
  Pair any = pair_sum(k, pair_multiply(c, s));
  // Up to 4.7, k + c·s is less than 2k.
  float hi = fma(c.hi, s.hi, k.hi);
  float low = fma(c.hi, s.lo, fma(c.lo, s.hi, k.lo));
  Pair small = pair(hi, fma(c.hi, s.hi, k.hi - hi) + low);
  Pair factor = near || fabs(x) < 4.7f ? small : any;
  return times_sigmoid_value(x, pair_product(factor, -x), near);
}

INLINE float gelu_tanh(float x) {
  return USUALLY(fabs(x) < 4.7f) ? gelu_tanh_value(x, true) : gelu_tanh_value(x, false);
}
#else
INLINE double gelu_tanh(double x) {
  double a = clamped_magnitude(x, 21.8);
  Pair k = pair(0x1.9884533d43651p0, -0x1.cbc0d30ebfd15p-54);  // 2·√(2/π)
  Pair c = pair(0x1.2444f2a4d8b4bp-4, -0x1.6c843a29d1c7p-61);  // 0.044715·k
  Pair y = gelu_tanh_line(pair(-a, 0.0), k, c, two_product(a, a));
  return quiet(x, a < 21.8 ? times_sigmoid(x, y) : x < 0.0 ? -0.0 : x);
}
#endif

// The root of times_sigmoid_derivative is at |x| = a0 = 0.752. With a = |x| and s = a² + a·a0 +
// a0², z(a0) - z(a) = (a0 - a)·(k + c·s), and a·z' lacks (a0 - a)·(k + 3·c·s) to its value there.
#ifndef FLOAT64
INLINE float gelu_tanh_derivative(float x) {
  float a = clamped_magnitude(x, 11.0f);

  // a0 - a, a0 = 0.75 + 0x1.429f9ep-9 + 0x1.2fc996p-34
  Pair first = fast_two_sum(0.75f, -a);
  Pair second = fast_two_sum(first.hi, 0x1.429f9ep-9f);
  Pair distance = pair(second.hi, second.lo + (first.lo + 0x1.2fc996p-34f));

  Pair ahead = two_sum(a, 0x1.8142ap-1f);
  Pair rise = pair_product(pair(ahead.hi, ahead.lo - 0x1.85a06cp-27f), a);
  Pair s = pair_sum(rise, pair(0x1.21e4bap-1f, 0x1.71b62ap-26f));
  Pair k = pair(0x1.988454p0f, -0x1.857936p-25f);
  Pair c = pair(0x1.2444f2p-4f, 0x1.49b16ap-29f);
  Pair d = gelu_tanh_line(distance, k, c, s);
  Pair line = gelu_tanh_line(distance, k, pair(0x1.b6676cp-3f, -0x1.175e2p-32f), s);

  Pair root = pair(0x1.2af64ep-2f, 0x1.3890bep-27f);  // e^-z(a0)
  return times_sigmoid_derivative(x, d, line, root);
}
#else
INLINE double gelu_tanh_derivative(double x) {
  double a = clamped_magnitude(x, 21.8);

  // a0 - a, a0 = 0x1.81429f9e97e4dp-1 - 0x1.4f523ed77dbdcp-55
  Pair distance = two_sum(0x1.81429f9e97e4dp-1, -a);
  distance = fast_two_sum(distance.hi, distance.lo - 0x1.4f523ed77dbdcp-55);

  Pair ahead = two_sum(a, 0x1.81429f9e97e4dp-1);
  Pair rise = pair_product(pair(ahead.hi, ahead.lo - 0x1.4f523ed77dbdcp-55), a);
  Pair s = pair_sum(rise, pair(0x1.21e4bab8db157p-1, -0x1.3bbcb5d6e01bap-58));
  Pair k = pair(0x1.9884533d43651p0, -0x1.cbc0d30ebfd15p-54);
  Pair c = pair(0x1.2444f2a4d8b4bp-4, -0x1.6c843a29d1c7p-61);
  Pair d = gelu_tanh_line(distance, k, c, s);
  Pair line = gelu_tanh_line(distance, k, pair(0x1.b6676bf7450fp-3, 0x1.bba7351828aabp-57), s);

  Pair root = pair(0x1.2af64e9c485eep-2, -0x1.3ca470b477afcp-57);  // e^-z(a0)
  return quiet(x, times_sigmoid_derivative(x, d, line, root));
}
#endif
