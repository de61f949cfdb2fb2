// softmax(x)[i] = e^x[i] / Σ e^x[j]; backward dx[i] = y[i]·(dy[i] - Σ dy[j]·y[j]).
// Source: Bridle 1990, Probabilistic Interpretation of Feedforward Networks.
// Backward needs: output.
// Bound: 1 ULP. Backward, for the y given, 1 ULP and y[i]·max|dy|·(n·2^-53 + 2^-47), which shows
// only where dy[i] meets the sum.
//
// The pieces of a pass over rows of at most 2^32 elements; the loops stand elsewhere:
//
//   forward   m = softmax_maximum over the row, from -∞
//             total = softmax_sum of the added limbs of softmax_term
//             y = softmax(x, m, total)
//   backward  m = softmax_magnitude over the row, from 0
//             dot = softmax_sum of the added limbs of softmax_product
//             dx = softmax_gradient(y, dy, m, dot)
//
// A term is an integer: high·2^-24 + low·2^-54. Adding integers is exact, so that any split, width
// and order of the reduction gives the same bits.
//
// Special rows: a NaN anywhere, or -∞ everywhere, makes the row NaN; +∞ entries share the row
// equally; -∞ entries are 0. On the way back NaN or infinity anywhere makes the row NaN.

typedef struct {
  int high, low;
} Limbs;

// The larger of the two; NaN once any is NaN.
INLINE float softmax_maximum(float m, float x) { return x > m ? x : (x == x ? m : x); }

// The limbs of a normalised pair below 2; 0 for what is no number.
INLINE Limbs softmax_limbs(Pair value) {
  bool valid = fabs(value.hi) < 2.0f;
  float a = (valid ? value.hi : 0.0f) * 0x1p24f;
  float b = (valid ? value.lo : 0.0f) * 0x1p54f;
  Limbs limbs;
  limbs.high = (int)a;
  float rest = (a - (float)limbs.high) * 0x1p30f;
  int low = (int)rest;
  // What is left is rounded half away from zero: truncation alone would add up along a row.
  float last = (rest - (float)low) + b;
  limbs.low = low + (int)(last + (last < 0.0f ? -0.5f : 0.5f));
  return limbs;
}

// x - m as a pair, clamped where e^(x - m) has vanished. Equal infinities differ by 0.
INLINE Pair softmax_difference(float x, float m) {
  Pair d = two_sum(x, -m);
  bool counts = d.hi > -109.0f;
  bool top = x == m;
  return pair(top ? 0.0f : counts ? d.hi : -109.0f, top ? 0.0f : counts ? d.lo : 0.0f);
}

// e^(x - m), for the sum.
INLINE Limbs softmax_term(float x, float m) {
  Pair d = softmax_difference(x, m);
  float power = exp_power_64(d.hi);
  return softmax_limbs(pair_scale_64(exp_of_pair(d), power));
}

// The value of added limbs, as a normalised pair.
INLINE Pair softmax_sum(int64 high, int64 low) {
  int64 carried = high + (low >> 30);
  float hi = (float)carried;
  float mid = (float)(carried - (int64)hi);
  float lo = (float)(low & 0x3FFFFFFF);
  return fast_two_sum(hi * 0x1p-24f, fma(lo, 0x1p-54f, mid * 0x1p-24f));
}

// e^(x - m)/total.
INLINE float softmax(float x, float m, Pair total) {
  Pair d = softmax_difference(x, m);
  float q = quotient(exp_of_pair(d), total);
  float y = scale_64(q, exp_power_64(d.hi));
  // No number is above -∞ in a row of -∞ alone, nor is NaN.
  return m > as_float(0xFF800000u) ? y : as_float(0x7FC00000u);
}

// The larger of m and |dy|; NaN once anything is NaN, or y infinite.
INLINE float softmax_magnitude(float m, float y, float dy) {
  return softmax_maximum(m, fabs(fma(y, 0.0f, dy)));
}

// The power of two below m, kept where its reciprocal is a normal float too.
INLINE float softmax_power(float m) {
  uint exponent = as_uint(m) >> 23;
  exponent = exponent < 1u ? 1u : exponent > 253u ? 253u : exponent;
  return as_float(exponent << 23);
}

// 1/power, exactly.
INLINE float softmax_inverse(float power) { return as_float((254u << 23) - as_uint(power)); }

// dy·y in units of 4·softmax_power(m), which keeps it below 1, for the sum.
INLINE Limbs softmax_product(float y, float dy, float m) {
  float scaled = dy * softmax_inverse(softmax_power(m));
  return softmax_limbs(two_product(scaled * 0.25f, y));
}

// y·(dy - dot), dot in units of 4·softmax_power(m).
INLINE float softmax_gradient(float y, float dy, float m, Pair dot) {
  float power = softmax_power(m);
  Pair mean = pair_scale(dot, 4.0f);
  Pair d = two_sum(dy * softmax_inverse(power), -mean.hi);
  d = fast_two_sum(d.hi, d.lo - mean.lo);
  // A power above 1 goes to y, which it may lift out of the subnormals; one below to the product.
  bool large = power > 1.0f;
  float weight = y * (large ? power : 1.0f);
  float r = fma(weight, d.hi, weight * d.lo) * (large ? 1.0f : power);
  return m < as_float(0x7F800000u) ? quiet(r, r) : as_float(0x7FC00000u);
}
