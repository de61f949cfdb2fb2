// The arithmetic of rows: sums that are exact, and shares of exponentials.
//
// A term of a sum is an integer: high·2^-21 + mid·2^-43 + low·2^-65. Adding integers is exact, so
// that any split, width and order of a reduction gives the same bits. Rows have at most 2^32
// elements, which together lose less than 2^-33.

// A term. None of its limbs is above 2^22 in magnitude.
typedef struct {
  int high, mid, low;
} Limbs;

INLINE Limbs limbs(int high, int mid, int low) {
  Limbs l;
  l.high = high;
  l.mid = mid;
  l.low = low;
  return l;
}

// What is known about a row, the same for all of its elements.
typedef struct {
  // What the fold has found.
  float m;
  // What the last sum has told; -1 before the first.
  Pair value;
  // Not 0 as long as another sum is needed; what its terms need to know. 1 before the first.
  float pending;
  // The parameter of the activation, if it has one.
  float parameter;
} Row;

// A row after its fold.
INLINE Row row_of(float m, float parameter) {
  Row row;
  row.m = m;
  row.value = pair(-1.0f, 0.0f);
  row.pending = 1.0f;
  row.parameter = parameter;
  return row;
}

// The row after a sum.
INLINE Row row_with(Row row, Pair value, float pending) {
  row.value = value;
  row.pending = pending;
  return row;
}

// ---- Folds ----

// The larger of the two; NaN once any is NaN.
INLINE float maximum(float m, float x) { return x > m ? x : (x == x ? m : x); }

// The larger of m and |dy|; NaN once anything is NaN, or y infinite.
INLINE float magnitude(float m, float y, float dy) { return maximum(m, fabs(fma(y, 0.0f, dy))); }

// ---- Sums ----

INLINE int bits_above(float sum, float start) { return (int)(as_uint(sum) - as_uint(start)); }

// The limbs of value·power/unit for a normalised pair and powers of two, if that is below 2.
//
// Adding 1.5·2^k to less than half of 2^k rounds to a multiple of 2^(k - 23), which then stands in
// the low bits. Each limb is cut off so; what is left of it is exact, but for the last.
INLINE Limbs limbs_in(Pair value, float power, float unit) {
  float first = 0x1.8p2f * unit;
  float second = 0x1.8p-20f * unit;
  float third = 0x1.8p-42f * unit;
  float high = fma(value.hi, power, first);
  float rest = fma(value.hi, power, first - high);
  float mid = fma(value.lo, power, rest + second);
  float low = fma(value.lo, power, rest + (second - mid)) + third;
  return limbs(bits_above(high, first), bits_above(mid, second), bits_above(low, third));
}

// The limbs of a normalised pair below 2; 0 for what is no number.
INLINE Limbs limbs_of(Pair value) {
  bool valid = fabs(value.hi) < 2.0f;
  return limbs_in(pair(valid ? value.hi : 0.0f, valid ? value.lo : 0.0f), 1.0f, 1.0f);
}

// The value of added limbs, as a normalised pair.
INLINE Pair sum_of_limbs(int64 high, int64 mid, int64 low) {
  int64 carried_mid = mid + (low >> 22);
  int64 carried = high + (carried_mid >> 22);
  float hi = (float)carried;
  int64 rest = (carried - (int64)hi) * 0x400000 + (carried_mid & 0x3FFFFF);
  float lo = (float)rest;
  float last = (float)((rest - (int64)lo) * 0x400000 + (low & 0x3FFFFF));
  Pair sum = fast_two_sum(hi * 0x1p-21f, lo * 0x1p-43f);
  return fast_two_sum(sum.hi, fma(last, 0x1p-65f, sum.lo));
}

// The power of two below m, kept where its reciprocal is a normal float too.
INLINE float power_below(float m) {
  uint exponent = as_uint(m) >> 23;
  exponent = exponent < 1u ? 1u : exponent > 253u ? 253u : exponent;
  return as_float(exponent << 23);
}

// 1/power, exactly.
INLINE float inverse_power(float power) { return as_float((254u << 23) - as_uint(power)); }

// ---- Shares of exponentials: e^(x - m)/Σ e^(x - m), m the largest x ----

// x - m exactly, as a pair, clamped where e^(x - m) has vanished. Equal infinities differ by 0.
INLINE Pair difference(float x, float m) {
  Pair d = two_sum(x, -m);
  bool counts = d.hi > -109.0f;
  bool top = x == m;
  return pair(top ? 0.0f : counts ? d.hi : -109.0f, top ? 0.0f : counts ? d.lo : 0.0f);
}

// x - m as an exponent, clamped where e^(x - m) has vanished: a pair within 2^-38 whose high part
// is a multiple of 2^-16 and whose low part is below 2^-13. Equal infinities differ by 0.
//
// Below 256 each side is cut at 2^-14 for that. From there on x - m is exact as a float where it
// counts, and from 2^31 on all x below m have vanished.
INLINE Pair exponent(float x, float m) {
  float size = fabs(m);
  bool huge = !(size < 0x1p31f);
  float b = huge ? 0.0f : m;
  float bottom = b - 128.0f;
  float kept = as_float(as_uint(x) & (huge ? 0u : 0xFFFFFFFFu));
  float a = x >= (huge ? m : bottom) ? kept : bottom;
  float cut = size < 256.0f ? 0x1.8p9f : 0.0f;
  float left = a + cut;
  float right = b + cut;
  return pair(left - right, (a - (left - cut)) - (b - (right - cut)));
}

// An exponent of the form that exponent returns.
INLINE Pair exponent_of(Pair d) {
  float hi = (d.hi + 0x1.8p9f) - 0x1.8p9f;
  return pair(hi, (d.hi - hi) + d.lo);
}

// n + 191 in the lowest bits, n the integer nearest to d·log2(e).
INLINE float exponent_shifted(Pair d) { return fma(d.hi, 0x1.715476p0f, 0x1.8p23f + 191.0f); }

// 2^(n + 64), for -190 <= n <= 63.
INLINE float exponent_power_64(Pair d) { return as_float(as_uint(exponent_shifted(d)) << 23); }

// e^d/2^n, in [0.7, 1.42], within 2^-27, for an exponent d. The high part has few bits, so that it
// takes part exactly; the low one is up to 0.07.
INLINE Pair exp_of_exponent(Pair d) {
  float n = exponent_shifted(d) - (0x1.8p23f + 191.0f);
  float hi = fma(n, -0x1.62e4p-1f, d.hi);
  float lo = fma(n, -0x1.7f7d1cp-20f, d.lo);
  float r = hi + lo;
  return pair(1.0f + hi, fma(r * r, exp_curve(r), lo));
}

INLINE Limbs exp_term_in(Pair d, float power_64) {
  Pair e = exp_of_exponent(d);
  return limbs_in(fast_two_sum(e.hi, e.lo), power_64, 0x1p64f);
}

// e^d for an exponent d, for the sum.
INLINE Limbs exp_term(Pair d) { return exp_term_in(d, exponent_power_64(d)); }

// e^d·2^shift for an exponent d, if it counts and is below 2; otherwise 0.
INLINE Limbs exp_term_scaled(Pair d, int shift, bool counts) {
  float power = as_float((as_uint(exponent_shifted(d)) + (uint)shift) << 23);
  return exp_term_in(d, counts ? power : 0.0f);
}

// The row, with 2^-64/Σ e^d.
INLINE Row with_exp_sum(Row row, Pair sum) {
  return row_with(row, pair_scale(reciprocal_of_pair(sum), 0x1p-64f), 0.0f);
}

// e^d/Σ e^d for an exponent d.
INLINE float exp_share(Pair d, Row row) {
  Pair e = exp_of_exponent(d);
  float q = fma(e.hi, row.value.hi, fma(e.hi, row.value.lo, e.lo * row.value.hi));
  float y = q * exponent_power_64(d);
  // No number is above -∞ in a row of -∞ alone, nor is NaN.
  return row.m > as_float(0xFF800000u) ? y : as_float(0x7FC00000u);
}

// On the way back dx = y·(dy - Σ dy·y). The sum is one of units of 4·power_below(m), for m the
// largest |dy|, which keeps it below 1.

// dy·y, for the sum.
INLINE Limbs share_gradient_term(float y, float dy, Row row) {
  return limbs_of(two_product(dy * (inverse_power(power_below(row.m)) * 0.25f), y));
}

// dy - value, in units of power_below(m), as a pair within 2^-47, not normalised.
INLINE Pair share_gradient_difference(float dy, Row row) {
  Pair mean = pair_scale(row.value, 4.0f);
  Pair d = two_sum(dy * inverse_power(power_below(row.m)), -mean.hi);
  return pair(d.hi, d.lo - mean.lo);
}

// y·d, d in units of power_below(m).
INLINE float share_gradient(float y, Pair d, Row row) {
  float power = power_below(row.m);
  // A power above 1 goes to y, which it may lift out of the subnormals; one below to the product.
  bool large = power > 1.0f;
  float weight = y * (large ? power : 1.0f);
  float r = fma(weight, d.hi, weight * d.lo) * (large ? 1.0f : power);
  return row.m < as_float(0x7F800000u) ? quiet(r, r) : as_float(0x7FC00000u);
}
