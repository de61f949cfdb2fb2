// The words of rows for doubles: sums that are exact, and shares of exponentials. A program has
// rows or rows64.
//
// A term of a sum is an integer: high·2^-28 + mid·2^-58 + low·2^-88. Rows have at most 2^32
// elements.
//
// With them every activation over an axis is within 2 ULP of a double; the bounds in the headers
// are float32's, and Kind.bound64 says what adds to it where a difference cancels.

// A term.
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
  double m;
  // What the last sum has told; -1 before the first.
  Pair value;
  // Not 0 as long as another sum is needed; what its terms need to know. 1 before the first.
  double pending;
  // The parameter of the activation, if it has one.
  double parameter;
} Row;

// A row after its fold.
INLINE Row row_of(double m, double parameter) {
  Row row;
  row.m = m;
  row.value = pair(-1.0, 0.0);
  row.pending = 1.0;
  row.parameter = parameter;
  return row;
}

// The row after a sum.
INLINE Row row_with(Row row, Pair value, double pending) {
  row.value = value;
  row.pending = pending;
  return row;
}

// ---- Folds ----

// The larger of the two; NaN once any is NaN.
INLINE double maximum(double m, double x) { return x > m ? x : (x == x ? m : x); }

// The larger of m and |dy|; NaN once anything is NaN, or y infinite.
INLINE double magnitude(double m, double y, double dy) { return maximum(m, fabs(fma(y, 0.0, dy))); }

// ---- Sums ----

// The limbs of a normalised pair below 2; 0 for what is no number.
INLINE Limbs limbs_of(Pair value) {
  bool valid = fabs(value.hi) < 2.0;
  double a = (valid ? value.hi : 0.0) * 0x1p28;
  double b = (valid ? value.lo : 0.0) * 0x1p58;
  int high = (int)a;
  double rest = (a - (double)high) * 0x1p30;
  int mid = (int)rest;
  // Both parts of the pair may reach into the middle limb.
  double tail = (rest - (double)mid) + b;
  int more = (int)tail;
  // What is left is rounded half away from zero: truncation alone would add up along a row.
  double last = (tail - (double)more) * 0x1p30;
  return limbs(high, mid + more, (int)(last + (last < 0.0 ? -0.5 : 0.5)));
}

// The value of added limbs, as a normalised pair.
INLINE Pair sum_of_limbs(int64 high, int64 mid, int64 low) {
  int64 carried_mid = mid + (low >> 30);
  int64 carried_high = high + (carried_mid >> 30);
  double hi = (double)carried_high;
  // What a double drops of the high limb comes before the middle one.
  double dropped = (double)(carried_high - (int64)hi);
  double middle = fma(dropped, 0x1p-28, (double)(carried_mid & 0x3FFFFFFF) * 0x1p-58);
  Pair rest = fast_two_sum(middle, (double)(low & 0x3FFFFFFF) * 0x1p-88);
  Pair sum = add_to_pair(hi * 0x1p-28, rest);
  return fast_two_sum(sum.hi, sum.lo);
}

// The power of two below m, kept where its reciprocal is a normal double too.
INLINE double power_below(double m) {
  uint64 exponent = as_ulong(m) >> 52;
  exponent = exponent < 1 ? 1 : exponent > 2045 ? 2045 : exponent;
  return as_double(exponent << 52);
}

// 1/power, exactly.
INLINE double inverse_power(double power) {
  return as_double(((uint64)2046 << 52) - as_ulong(power));
}

// ---- Shares of exponentials: e^(x - m)/Σ e^(x - m), m the largest x ----

// x - m as a pair, clamped where e^(x - m) has vanished. Equal infinities differ by 0.
INLINE Pair difference(double x, double m) {
  Pair d = two_sum(x, -m);
  bool counts = d.hi > -750.0;
  bool top = x == m;
  return pair(top ? 0.0 : counts ? d.hi : -750.0, top ? 0.0 : counts ? d.lo : 0.0);
}

// The same as an exponent: any pair is one here.
INLINE Pair exponent(double x, double m) { return difference(x, m); }

INLINE Pair exponent_of(Pair d) { return d; }

// e^d, for the sum.
INLINE Limbs exp_term(Pair d) {
  double power = exp_power_128(d.hi);
  return limbs_of(pair_scale_128(exp_of_pair(d), power));
}

// The row, with Σ e^d.
INLINE Row with_exp_sum(Row row, Pair sum) { return row_with(row, sum, 0.0); }

// e^d/value.
INLINE double exp_share(Pair d, Row row) {
  double q = quotient(exp_of_pair(d), row.value);
  double y = scale_128(q, exp_power_128(d.hi));
  // No number is above -∞ in a row of -∞ alone, nor is NaN.
  return row.m > as_double(0xFFF0000000000000) ? y : as_double(0x7FF8000000000000);
}

// On the way back dx = y·(dy - Σ dy·y). The sum is one of units of 4·power_below(m), for m the
// largest |dy|, which keeps it below 1.

// dy·y, for the sum.
INLINE Limbs share_gradient_term(double y, double dy, Row row) {
  double scaled = dy * inverse_power(power_below(row.m));
  return limbs_of(two_product(scaled * 0.25, y));
}

// dy - value, in units of power_below(m), as a pair.
INLINE Pair share_gradient_difference(double dy, Row row) {
  Pair mean = pair_scale(row.value, 4.0);
  Pair d = two_sum(dy * inverse_power(power_below(row.m)), -mean.hi);
  return fast_two_sum(d.hi, d.lo - mean.lo);
}

// y·d, d in units of power_below(m).
INLINE double share_gradient(double y, Pair d, Row row) {
  double power = power_below(row.m);
  // A power above 1 goes to y, which it may lift out of the subnormals; one below to the product.
  bool large = power > 1.0;
  double weight = y * (large ? power : 1.0);
  double r = fma(weight, d.hi, weight * d.lo) * (large ? 1.0 : power);
  return row.m < as_double(0x7FF0000000000000) ? quiet(r, r) : as_double(0x7FF8000000000000);
}
