// The arithmetic of rows: sums that are exact, and shares of exponentials.
//
// A term of a sum is an integer: high·2^-24 + low·2^-54. Adding integers is exact, so that any
// split, width and order of a reduction gives the same bits. Rows have at most 2^32 elements.

// A term.
typedef struct {
  int high, low;
} Limbs;

INLINE Limbs limbs(int high, int low) {
  Limbs l;
  l.high = high;
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

// The limbs of a normalised pair below 2; 0 for what is no number.
INLINE Limbs limbs_of(Pair value) {
  bool valid = fabs(value.hi) < 2.0f;
  float a = (valid ? value.hi : 0.0f) * 0x1p24f;
  float b = (valid ? value.lo : 0.0f) * 0x1p54f;
  int high = (int)a;
  float rest = (a - (float)high) * 0x1p30f;
  int low = (int)rest;
  // What is left is rounded half away from zero: truncation alone would add up along a row.
  float last = (rest - (float)low) + b;
  return limbs(high, low + (int)(last + (last < 0.0f ? -0.5f : 0.5f)));
}

// The value of added limbs, as a normalised pair.
INLINE Pair sum_of_limbs(int64 high, int64 low) {
  int64 carried = high + (low >> 30);
  float hi = (float)carried;
  float mid = (float)(carried - (int64)hi);
  float lo = (float)(low & 0x3FFFFFFF);
  return fast_two_sum(hi * 0x1p-24f, fma(lo, 0x1p-54f, mid * 0x1p-24f));
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

// x - m as a pair, clamped where e^(x - m) has vanished. Equal infinities differ by 0.
INLINE Pair difference(float x, float m) {
  Pair d = two_sum(x, -m);
  bool counts = d.hi > -109.0f;
  bool top = x == m;
  return pair(top ? 0.0f : counts ? d.hi : -109.0f, top ? 0.0f : counts ? d.lo : 0.0f);
}

// e^d, for the sum.
INLINE Limbs exp_term(Pair d) {
  float power = exp_power_64(d.hi);
  return limbs_of(pair_scale_64(exp_of_pair(d), power));
}

// e^d/value.
INLINE float exp_share(Pair d, Row row) {
  float q = quotient(exp_of_pair(d), row.value);
  float y = scale_64(q, exp_power_64(d.hi));
  // No number is above -∞ in a row of -∞ alone, nor is NaN.
  return row.m > as_float(0xFF800000u) ? y : as_float(0x7FC00000u);
}

// On the way back dx = y·(dy - Σ dy·y). The sum is one of units of 4·power_below(m), for m the
// largest |dy|, which keeps it below 1.

// dy·y, for the sum.
INLINE Limbs share_gradient_term(float y, float dy, Row row) {
  float scaled = dy * inverse_power(power_below(row.m));
  return limbs_of(two_product(scaled * 0.25f, y));
}

// dy - value, in units of power_below(m), as a pair.
INLINE Pair share_gradient_difference(float dy, Row row) {
  Pair mean = pair_scale(row.value, 4.0f);
  Pair d = two_sum(dy * inverse_power(power_below(row.m)), -mean.hi);
  return fast_two_sum(d.hi, d.lo - mean.lo);
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
