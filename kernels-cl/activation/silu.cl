// silu(x) = x·σ(beta·x); derivative σ(z) + z·σ(z)·(1 - σ(z)), z = beta·x, σ(z) = 1/(1 + e^-z).
// Source: Elfwing, Uchibe, Doya 2017, arXiv:1702.03118; Ramachandran et al. 2017.
// Backward needs: input.
// Bound: 1 ULP for every beta.

#ifndef FLOAT64
INLINE float silu(float x, float beta) { return times_sigmoid(x, two_product(-beta, x)); }
#else
INLINE double silu(double x, double beta) {
  Pair y = minus_magnitude(x, beta, 780.0);
  double power = exp_power_128(y.hi);
  Pair e = exp_of_pair(y);  // e^y = e·2^n
  Pair d = add_to_pair(1.0, pair_scale_128(e, power));
  bool left = x < 0.0;
  Pair q = quotient_pair(pair(left ? e.hi : 1.0, left ? e.lo : 0.0), d);
  double product = fma(x, q.hi, x * q.lo);
  double r = with_sign(left ? scale_128(product, power) : product, x);
  return quiet(x, y.hi > -780.0 ? r : left ? -0.0 : x);
}
#endif

#ifndef FLOAT64
// The root of times_sigmoid_derivative is where y = -|z| is z0 = -1.278.
INLINE float silu_slope(float x, float beta, bool exact, bool near) {
  Pair y = near ? pair(fabs(x) * -beta, 0.0f) : minus_magnitude(x, beta, 110.0f);

  // d = y - z0, z0 = -1.25 - 0x1.d25cf2p-6 - 0x1.0482ep-34 + 0x1.ca2d0ep-60. Near the root the
  // leading parts cancel exactly, and then, if y has a low part, even the last counts.
  Pair first = fast_two_sum(1.25f, y.hi);
  Pair second = fast_two_sum(first.hi, 0x1.d25cf2p-6f);
  float low = second.lo + first.lo;
  Pair third = two_sum(second.hi, y.lo);
  Pair last = two_sum(third.hi, 0x1.0482ep-34f);
  Pair any = fast_two_sum(last.hi, last.lo + (third.lo + (low - 0x1.ca2d0ep-60f)));
  Pair d = near || exact ? pair(second.hi, low + 0x1.0482ep-34f) : any;

  Pair root = pair(0x1.1d25dp-2f, -0x1.bdf6fap-27f);  // e^z0
  return times_sigmoid_slope(x, d, d, root, near);
}

INLINE float silu_derivative(float x, float beta) {
  // A product by a power of two is exact.
  bool exact = (as_uint(beta) & 0x7FFFFFu) == 0;
  return USUALLY(fabs(x) * beta < (exact ? 16.0f : 0.0f)) ? silu_slope(x, beta, exact, true)
                                                          : silu_slope(x, beta, exact, false);
}
#else
// With y = -|z| and e = e^y the derivative is e·(1 + y + e)/(1 + e)² on the left, and one minus
// that on the right. Around its root z0 = -1.278, with d = y - z0, the factor 1 + y + e is d +
// e^z0·(e^d - 1): two terms of one sign, so nothing cancels.
INLINE double silu_derivative(double x, double beta) {
  Pair y = minus_magnitude(x, beta, 760.0);

  // d = y - z0, z0 = -1.25 - 0x1.d25cf210482ep-6 + 0x1.ca2d0d94faaecp-60 - 0x1.2940602e9dfecp-114.
  Pair first = fast_two_sum(1.25, y.hi);
  Pair second = fast_two_sum(first.hi, 0x1.d25cf210482ep-6);
  Pair third = two_sum(second.hi, y.lo);
  Pair last = two_sum(third.hi, -0x1.ca2d0d94faaecp-60);
  double low = third.lo + ((second.lo + first.lo) + 0x1.2940602e9dfecp-114);
  Pair d = fast_two_sum(last.hi, last.lo + low);

  Pair root = pair(0x1.1d25cf210482ep-2, -0x1.ca2d0d94faaecp-60);  // e^z0
  Pair a = exp_less_one(exp_rest_of_pair(d));
  double power = exp_power_128(d.hi);
  Pair e = pair_multiply(one_plus(a), root);  // e^y = e·2^n
  Pair full = pair_scale_128(e, power);

  // Beyond -80 e^d is 0 beside 1.
  Pair m = scaled_less_one(a, y.hi > -80.0 ? exp_power(d.hi) : 0.0);
  Pair factor = pair_add(d, pair_multiply(m, root));
  Pair q = quotient_pair(pair_multiply(e, factor), pair_square(add_to_pair(1.0, full)));

  double left = scale_128(q.hi, power);
  Pair g = pair_scale_128(q, power);
  Pair right = add_to_pair(1.0, pair(-g.hi, -g.lo));
  return quiet(x, x < 0.0 ? left : right.hi + right.lo);
}
#endif
