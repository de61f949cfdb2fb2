// log_softmax(x)[i] = x[i] - log Σ e^x[j]; backward dx[i] = dy[i] - e^y[i]·Σ dy[j].
// Source: the logarithm of softmax.
// Backward needs: output.
// Bound: 1 ULP. Backward, for the y given, 1 ULP and 2^-26·e^y[i]·|Σ dy| + n·2^-52·max|dy|, which
// shows only where the two sides of the difference meet.
//
// Special rows: a NaN anywhere, or -∞ everywhere, makes the row NaN; k entries of +∞ are -log k,
// the others beside them -∞; -∞ entries stay. On the way back NaN anywhere, or an infinite dy,
// makes the row NaN. A zero is -0, as of log_sigmoid.

// ---- Forward: the largest x, Σ e^(x - m), the differences ----
//
// Beside a dominant entry the result is -log(1 + rest), where the rest may be small, and is the
// result itself then. A first sum is one of all terms. Where the rest turns out to be below 2^-20
// of the unit of the sum, another adds up the others alone, scaled by 2^20, and so on, until it is
// not.

// x - m as a pair.
#ifndef FLOAT64
INLINE Pair log_softmax_difference(float x, float m) {
  Pair d = two_sum(x, -m);
  bool top = x == m;
  bool finite = d.hi > as_float(0xFF800000u);
  return pair(top ? 0.0f : d.hi, top ? 0.0f : finite ? d.lo : 0.0f);
}
#else
INLINE Pair log_softmax_difference(double x, double m) {
  Pair d = two_sum(x, -m);
  bool top = x == m;
  bool finite = d.hi > as_double(0xFFF0000000000000);
  return pair(top ? 0.0 : d.hi, top ? 0.0 : finite ? d.lo : 0.0);
}
#endif

INLINE real log_softmax_fold(real m, real x) { return maximum(m, x); }

#ifndef FLOAT64
INLINE Limbs log_softmax_term(float x, Row row) {
  Pair d = exponent(x, row.m);
  int shift = (int)row.pending - 1;
  // Beyond that, all the terms of a row together are below the smallest float.
  return exp_term_scaled(d, shift, d.hi > -128.0f && (x < row.m || shift == 0));
}

INLINE Row log_softmax_solve(Row row, Pair sum) {
  int shift = (int)row.pending - 1;
  Pair rest = pair_sum(sum, pair(shift == 0 ? -1.0f : 0.0f, 0.0f));
  bool small = rest.hi < 0x1p-20f;
  // Half of 2^-shift, so that neither half leaves the floats.
  float half_power = as_float((uint)(127 - (shift >> 1)) << 23);
  Pair unscaled = pair_scale(pair_scale(rest, half_power), half_power);
  return row_with(row, log_one_plus_large(unscaled),
                  small && shift < 140 ? row.pending + 20.0f : 0.0f);
}

INLINE float log_softmax(float x, Row row) {
  Pair d = log_softmax_difference(x, row.m);
  Pair s = two_sum(d.hi, -row.value.hi);
  float y = s.hi + (s.lo + (d.lo - row.value.lo));
  bool infinite = d.hi == as_float(0xFF800000u);
  // No number is above -∞ in a row of -∞ alone, nor is NaN.
  return row.m > as_float(0xFF800000u) ? (infinite ? d.hi : with_sign(y, -1.0f))
                                       : as_float(0x7FC00000u);
}
#else
INLINE Limbs log_softmax_term(double x, Row row) {
  Pair d = log_softmax_difference(x, row.m);
  // Beyond that, all the terms of a row together are below the smallest double.
  bool counts = d.hi > -768.0;
  Pair y = pair(counts ? d.hi : -768.0, counts ? d.lo : 0.0);
  int shift = (int)row.pending - 1;
  Pair e = pair_scale(exp_of_pair(y), as_double((uint64)(1023 + shift) << 52));
  Pair term = pair(exp_scaled(e.hi, y.hi), exp_scaled(e.lo, y.hi));
  bool other = counts && (x < row.m || shift == 0);
  return limbs_of(pair(other ? term.hi : 0.0, other ? term.lo : 0.0));
}

INLINE Row log_softmax_solve(Row row, Pair sum) {
  int shift = (int)row.pending - 1;
  Pair less = pair_plus(sum, shift == 0 ? -1.0 : 0.0);
  Pair rest = fast_two_sum(less.hi, less.lo);
  bool small = rest.hi >= 0.0 && rest.hi < 0x1p-20;
  // What lifts the rest to 1/2, as far as the limbs have known it.
  int lift = 1022 - (int)(as_ulong(rest.hi) >> 52);
  int next = shift + (lift < 80 ? lift : 80);
  next = next < 1020 ? next : 1020;
  Pair unscaled = pair_scale(rest, as_double((uint64)(1023 - shift) << 52));
  return row_with(row, log_one_plus_large(unscaled),
                  small && shift < 1020 ? (double)next + 1.0 : 0.0);
}

INLINE double log_softmax(double x, Row row) {
  Pair d = log_softmax_difference(x, row.m);
  Pair s = two_sum(d.hi, -row.value.hi);
  double y = s.hi + (s.lo + (d.lo - row.value.lo));
  bool infinite = d.hi == as_double(0xFFF0000000000000);
  // No number is above -∞ in a row of -∞ alone, nor is NaN.
  return row.m > as_double(0xFFF0000000000000) ? (infinite ? d.hi : with_sign(y, -1.0))
                                               : as_double(0x7FF8000000000000);
}
#endif

// ---- Backward: the largest |dy|, Σ dy in units of 4·power_below(m), the gradients ----

// y, or a number where e^y has vanished.
#ifndef FLOAT64
INLINE float log_softmax_clamped(float y) { return y < -109.0f ? -109.0f : y; }
#else
INLINE double log_softmax_clamped(double y) { return y < -750.0 ? -750.0 : y; }
#endif

INLINE real log_softmax_gradient_fold(real m, real y, real dy) {
  return magnitude(m, log_softmax_clamped(y), dy);
}

INLINE Limbs log_softmax_gradient_term(real y, real dy, Row row) {
  return limbs_of(pair(dy * inverse_power(power_below(row.m)) * 0.25f, 0.0f));
}

INLINE Row log_softmax_gradient_solve(Row row, Pair sum) {
  return row_with(row, pair_scale(sum, 4.0f), 0.0f);
}

#ifndef FLOAT64
// power·(1 + a) - less, not normalised, for a power from less/2 on or no less at all.
INLINE Pair log_softmax_scaled_less(Pair a, float power, float less) {
  float m = power - less;
  float hi = fma(power, a.hi, m);
  return pair(hi, fma(power, a.lo, fma(power, a.hi, m - hi)));
}

INLINE float log_softmax_gradient(float y, float dy, Row row) {
  float power = power_below(row.m);
  Pair sum = row.value;
  float z = log_softmax_clamped(y);
  // dy - sum·e^z, or where e^z is near 1, (dy - sum) - sum·(e^z - 1): exact for a row with one dy.
  bool near = z > -0.6931472f;
  Pair rest = two_sum(dy * inverse_power(power), near ? -sum.hi : 0.0f);
  rest.lo = rest.lo - (near ? sum.lo : 0.0f);
  Pair e = exp_less_one_fine(exp_rest(z));
  Pair factor = log_softmax_scaled_less(e, exp_power_64(z), near ? 0x1p64f : 0.0f);
  Pair d = pair_sum(rest, pair_multiply(pair_scale(sum, -0x1p-64f), factor));
  float r = fma(d.hi, power, d.lo * power);
  return row.m < as_float(0x7F800000u) ? quiet(r, r) : as_float(0x7FC00000u);
}
#else
INLINE double log_softmax_gradient(double y, double dy, Row row) {
  double power = power_below(row.m);
  Pair sum = row.value;
  double z = log_softmax_clamped(y);
  // dy - sum·e^z, or where e^z is near 1, (dy - sum) - sum·(e^z - 1): exact for a row with one dy.
  bool near = z > -0.6931471805599453;
  Pair rest = two_sum(dy * inverse_power(power), near ? -sum.hi : 0.0);
  rest.lo = rest.lo - (near ? sum.lo : 0.0);
  Pair far = pair_scale_128(exp_pair(z), exp_power_128(z));
  Pair factor = exp_minus_one(z);
  factor = pair(near ? factor.hi : far.hi, near ? factor.lo : far.lo);
  Pair d = pair_sum(rest, pair_multiply(pair_scale(sum, -1.0), factor));
  double r = fma(d.hi, power, d.lo * power);
  return row.m < as_double(0x7FF0000000000000) ? quiet(r, r) : as_double(0x7FF8000000000000);
}
#endif
