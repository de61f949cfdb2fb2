// The sum of the terms of a channel, in any order: channel_magnitude over the terms, from 0;
// sum_of_limbs of the added limbs of channel_limbs; then channel_total. A limb is an integer, and
// adding integers is exact.
//
// Bound: for n terms, at most 2^38, 1 ULP of the exact sum and max|term|·n·2^-53. A NaN or an
// infinity among the terms makes the sum NaN.

// The larger of m and |term|; NaN once any is NaN.
INLINE float channel_magnitude(float m, Pair term) { return maximum(m, fabs(term.hi)); }

// A term in units of 4·power_below(m), which keeps it below 1.
INLINE Limbs channel_limbs(Pair term, float m) {
  return limbs_of(pair_scale(term, inverse_power(power_below(m)) * 0.25f));
}

// The sum, of added limbs as a pair.
INLINE float channel_total(Pair sum, float m) {
  Pair four = pair_scale(sum, 4.0f);
  float power = power_below(m);
  float r = fma(four.hi, power, four.lo * power);
  return m < as_float(0x7F800000u) ? quiet(r, r) : as_float(0x7FC00000u);
}
