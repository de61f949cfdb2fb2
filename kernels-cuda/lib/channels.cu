// The sum of the terms of a channel, in any order: channel_magnitude over the terms, from 0;
// sum_of_limbs of the added limbs of channel_limbs; then channel_total. A limb is an integer, and
// adding integers is exact.
//
// Bound: for n terms, at most 2^32, 1 ULP of the exact sum and max|term|·n·2^-53, of doubles
// max|term|·n·2^-87. A NaN or an infinity among the terms makes the sum NaN.

// The larger of m and |term|; NaN once any is NaN.
INLINE real channel_magnitude(real m, Pair term) { return maximum(m, fabs(term.hi)); }

// A term in units of 4·power_below(m), which keeps it below 1.
INLINE Limbs channel_limbs(Pair term, real m) {
  return limbs_of(pair_scale(term, inverse_power(power_below(m)) * 0.25f));
}

// The sum, of added limbs as a pair.
INLINE real channel_total(Pair sum, real m) {
  Pair four = pair_scale(sum, 4.0f);
  real power = power_below(m);
  real r = fma(four.hi, power, four.lo * power);
  // Of an infinite m the difference is no number.
  return quiet(m - m, quiet(r, r));
}
