// The arithmetic below the activations: pairs of floats, quotients and exponentials, built from
// operations that IEEE 754 rounds the same way everywhere. No division, no library function, no
// loop: each function is a straight line, so that every device and every vector lane gets the same
// bits. Where one branches, both ways give the same bits, and the shorter leaves out what has no
// effect near zero.
//
// Error-free transformations: Dekker 1971, doi:10.1007/BF01397083; Knuth, TAOCP 2, section 4.2.2;
// Ogita, Rump, Oishi 2005, doi:10.1137/030601818.

// The unevaluated sum hi + lo. Normalised when hi is the sum rounded to float.
typedef struct {
  float hi, lo;
} Pair;

INLINE Pair pair(float hi, float lo) {
  Pair p;
  p.hi = hi;
  p.lo = lo;
  return p;
}

// ---- Special values and signs ----

// r, but the one NaN of this library where x is NaN: payloads differ between devices.
INLINE float quiet(float x, float r) { return x == x ? r : as_float(0x7FC00000u); }

// r with the sign bit of x, for an r that is zero or has the sign of x already: it restores the
// sign of zero, which fma and addition lose.
INLINE float with_sign(float r, float x) {
  return as_float(as_uint(r) | (as_uint(x) & 0x80000000u));
}

// min(|x|, limit); NaN stays NaN, which fmin would drop.
INLINE float clamped_magnitude(float x, float limit) {
  float a = fabs(x);
  return limit < a ? limit : a;
}

// ---- Pairs ----

// a + b exactly (Knuth).
INLINE Pair two_sum(float a, float b) {
  float s = a + b;
  float t = s - a;
  return pair(s, (a - (s - t)) + (b - t));
}

// a + b exactly if |a| >= |b| or a = 0 (Dekker).
INLINE Pair fast_two_sum(float a, float b) {
  float s = a + b;
  return pair(s, (a - s) + b);
}

// a·b exactly, short of underflow.
INLINE Pair two_product(float a, float b) {
  float p = a * b;
  return pair(p, fma(a, b, -p));
}

// a + b if |a| >= |b.hi|.
INLINE Pair add_to_pair(float a, Pair b) {
  Pair s = fast_two_sum(a, b.hi);
  return pair(s.hi, s.lo + b.lo);
}

// a + b if |a.hi| >= |b.hi|; otherwise within half a unit in the last place of b.hi.
INLINE Pair pair_add(Pair a, Pair b) {
  Pair s = fast_two_sum(a.hi, b.hi);
  return pair(s.hi, s.lo + (a.lo + b.lo));
}

// a + b, whichever is the larger.
INLINE Pair pair_sum(Pair a, Pair b) {
  Pair s = two_sum(a.hi, b.hi);
  return pair(s.hi, s.lo + (a.lo + b.lo));
}

// a + b for a float b, whichever is the larger.
INLINE Pair pair_plus(Pair a, float b) {
  Pair s = two_sum(a.hi, b);
  return pair(s.hi, s.lo + a.lo);
}

// a·b.
INLINE Pair pair_multiply(Pair a, Pair b) {
  Pair p = two_product(a.hi, b.hi);
  return pair(p.hi, fma(a.lo, b.hi, fma(a.hi, b.lo, p.lo)));
}

// c + a·b for floats b and c, if the sum lies between c/2 and 2c.
INLINE Pair pair_line(float c, Pair a, float b) {
  float hi = fma(a.hi, b, c);
  return pair(hi, fma(a.lo, b, fma(a.hi, b, c - hi)));
}

// a·b for a float b.
INLINE Pair pair_product(Pair a, float b) {
  Pair p = two_product(a.hi, b);
  return pair(p.hi, fma(a.lo, b, p.lo));
}

// a².
INLINE Pair pair_square(Pair a) {
  Pair p = two_product(a.hi, a.hi);
  return pair(p.hi, fma(a.hi + a.hi, a.lo, p.lo));
}

// a·power, exactly, for a power of two.
INLINE Pair pair_scale(Pair a, float power) { return pair(a.hi * power, a.lo * power); }

// -|x·factor| for factor > 0, clamped to [-limit, 0].
INLINE Pair minus_magnitude(float x, float factor, float limit) {
  Pair y = two_product(-factor, fabs(x));
  bool beyond = y.hi < -limit;
  return pair(beyond ? -limit : y.hi, beyond ? 0.0f : y.lo);
}

// ---- Quotients ----

// 1/d for d in [2^-120, 2^120], within 2^-17: a seed from the exponent, then Newton's iteration.
INLINE float reciprocal(float d) {
  float r = as_float(0x7EF311C7u - as_uint(d));
  r = fma(r, fma(-d, r, 1.0f), r);
  return fma(r, fma(-d, r, 1.0f), r);
}

// 1/d as reciprocal, within 2^-14.8, by one step of third order with the least largest error.
INLINE float rough_reciprocal(float d) {
  float r = as_float(0x7EF33400u - as_uint(d));
  float e = fma(-d, r, 0x1.803ee8p0f);
  return r * fma(e, e, 0x1.7f81e4p-1f);
}

// 1/d as reciprocal, within 2^-23.
INLINE float fine_reciprocal(float d) {
  float r = as_float(0x7EF311C7u - as_uint(d));
  float e = fma(-d, r, 1.0f);
  r = fma(r, fma(e, e, e), r);
  return fma(r, fma(-d, r, 1.0f), r);
}

// What is left of n after q parts of d.
INLINE float remainder_of(Pair n, Pair d, float q) {
  return fma(-q, d.hi, n.hi) + fma(-q, d.lo, n.lo);
}

// n/d, rounded once.
INLINE float quotient(Pair n, Pair d) {
  float r = reciprocal(d.hi);
  float q = n.hi * r;
  return fma(remainder_of(n, d, q), r, q);
}

// n/d as a normalised pair, within 2^-34.
INLINE Pair quotient_pair(Pair n, Pair d) {
  float r = reciprocal(d.hi);
  float q = n.hi * r;
  float rest = remainder_of(n, d, q);
  float hi = fma(rest, r, q);
  return pair(hi, fma(rest, r, q - hi));
}

// n/d as a normalised pair, within 2^-45.
INLINE Pair fine_quotient_pair(Pair n, Pair d) {
  float r = fine_reciprocal(d.hi);
  float q = n.hi * r;
  float hi = fma(remainder_of(n, d, q), r, q);
  return fast_two_sum(hi, remainder_of(n, d, hi) * r);
}

// 1/d as a pair, within 2^-46; (1, 0) for d = 1.
INLINE Pair reciprocal_pair(float d) {
  float r = fine_reciprocal(d);
  float hi = fma(r, fma(-d, r, 1.0f), r);
  return pair(hi, hi * fma(-d, hi, 1.0f));
}

// 1/d for a pair d, normalised, within 2^-34.
INLINE Pair reciprocal_of_pair(Pair d) {
  float r = reciprocal(d.hi);
  float rest = fma(-d.lo, r, fma(-d.hi, r, 1.0f));
  float hi = fma(r, rest, r);
  return pair(hi, fma(r, rest, r - hi));
}

// ---- Roots ----

// The root of v in [2^-100, 2^100], normalised, within 2^-34: a seed of its reciprocal from half
// the exponent, Newton's iteration, and what the square lacks.
INLINE Pair root_of_pair(Pair v) {
  float halved = v.hi * 0.5f;
  float r = as_float(0x5F375A86u - (as_uint(v.hi) >> 1));
  r = fma(r, fma(-halved * r, r, 0.5f), r);
  r = fma(r, fma(-halved * r, r, 0.5f), r);
  float s = v.hi * r;
  float rest = fma(-s, s, v.hi) + v.lo;
  float share = r * 0.5f;
  float hi = fma(rest, share, s);
  return pair(hi, fma(rest, share, s - hi));
}

// ---- Exponentials: e^y = 2^n·e^rest, n the integer nearest to y·log2(e) ----

// n, in the lowest bits of n + 1.5·2^23: adding that constant rounds to an integer.
INLINE float exp_shifted(float y) { return fma(y, 0x1.715476p0f, 0x1.8p23f); }

// 2^n, for |n| <= 126.
INLINE float exp_power(float y) { return as_float((as_uint(exp_shifted(y)) << 23) + (127u << 23)); }

// 2^(n + 64), for -190 <= n <= 63: above the subnormals where 2^n is not.
INLINE float exp_power_64(float y) {
  return as_float((as_uint(exp_shifted(y)) << 23) + ((127u + 64u) << 23));
}

// v·2^n, rounded once even where it is subnormal, for power = exp_power_64(y).
INLINE float scale_64(float v, float power) { return (v * power) * 0x1p-64f; }

// The same for a pair.
INLINE Pair pair_scale_64(Pair a, float power) {
  return pair(scale_64(a.hi, power), scale_64(a.lo, power));
}

// 2^-n, for |n| <= 126.
INLINE float exp_inverse(float y) {
  return as_float((127u << 23) - (as_uint(exp_shifted(y)) << 23));
}

// 2^(64 - n), for -63 <= n <= 190.
INLINE float exp_inverse_64(float y) {
  return as_float(((127u + 64u) << 23) - (as_uint(exp_shifted(y)) << 23));
}

// v·2^(n + shift) for -252 <= n + shift <= 254. The power comes in two halves, so that neither
// leaves the floats.
INLINE float exp_scaled(float v, float y, int shift) {
  int n = (int)(as_uint(exp_shifted(y)) - 0x4B400000u) + shift;
  int part = n >> 1;
  float first = as_float((uint)(part + 127) << 23);
  float second = as_float((uint)(n - part + 127) << 23);
  return (v * first) * second;
}

// y - n·ln(2), with ln(2) in two parts of which the first has zeros to spare for n.
INLINE Pair exp_rest(float y) {
  float n = exp_shifted(y) - 0x1.8p23f;
  float r = fma(n, -0x1.62e4p-1f, y);
  float hi = fma(n, -0x1.7f7d1cp-20f, r);
  return pair(hi, fma(n, -0x1.7f7d1cp-20f, r - hi));
}

// The same for a pair. Its low part joins before the polynomial, where it counts.
INLINE Pair exp_rest_of_pair(Pair y) {
  float n = exp_shifted(y.hi) - 0x1.8p23f;
  return fast_two_sum(fma(n, -0x1.62e4p-1f, y.hi), fma(n, -0x1.7f7d1cp-20f, y.lo));
}

// P(r) of degree 4 in e^r = 1 + r + r²·P(r), within 2^-27 of e^r.
INLINE float exp_curve(float r) {
  float p = 0x1.681d3p-10f;
  p = fma(p, r, 0x1.123be8p-7f);
  p = fma(p, r, 0x1.555c5ep-5f);
  p = fma(p, r, 0x1.55548ep-3f);
  return fma(p, r, 0x1.fffff6p-2f);
}

// e^r - 1, within 2^-27 of e^r. Not normalised.
INLINE Pair exp_less_one(Pair r) {
  float p = exp_curve(r.hi);
  return pair(r.hi, fma(r.hi * r.hi, p, fma(r.lo, r.hi, r.lo)));
}

// The same with P of degree 5: relative to e^r - 1 itself, for use near its zero.
INLINE Pair exp_less_one_fine(Pair r) {
  float p = 0x1.a2741p-13f;
  p = fma(p, r.hi, 0x1.6d5156p-10f);
  p = fma(p, r.hi, 0x1.110feep-7f);
  p = fma(p, r.hi, 0x1.5554e4p-5f);
  p = fma(p, r.hi, 0x1.555556p-3f);
  p = fma(p, r.hi, 0x1p-1f);
  return pair(r.hi, fma(r.hi * r.hi, p, fma(r.lo, r.hi, r.lo)));
}

// 1 + a for |a| < 1, normalised; a need not be.
INLINE Pair one_plus(Pair a) {
  Pair s = fast_two_sum(a.hi, a.lo);
  return add_to_pair(1.0f, s);
}

// e^y/2^n, in [0.7, 1.42], normalised: exp_power has the rest.
INLINE Pair exp_pair(float y) { return one_plus(exp_less_one(exp_rest(y))); }

// The same for a pair.
INLINE Pair exp_of_pair(Pair y) { return one_plus(exp_less_one(exp_rest_of_pair(y))); }

// e^y/2^n as exp_of_pair, with fewer operations: n times the float nearest to ln(2) is subtracted
// exactly by fma, and what it lacks joins with y.lo at the end. The polynomial is sollya's
// fpminimax of e^r, within 2^-28.2.
INLINE Pair lean_exp_pair(Pair y) {
  float n = exp_shifted(y.hi) - 0x1.8p23f;
  float r = fma(n, -0x1.62e43p-1f, y.hi);
  float rest = fma(n, 0x1.05c61p-29f, y.lo);
  float p = 0x1.694c8ep-10f;
  p = fma(p, r, 0x1.12397ep-7f);
  p = fma(p, r, 0x1.555a26p-5f);
  p = fma(p, r, 0x1.555492p-3f);
  p = fma(p, r, 0x1.fffffap-2f);
  float square = r * r;
  Pair line = fast_two_sum(1.0f, r);
  float hi = fma(square, p, line.hi);
  return pair(hi, fma(square, p, line.hi - hi) + fma(rest, hi, line.lo));
}

// power·(1 + a) - 1, normalised, for power <= 1: with a = e^rest - 1 this is e^y - 1, accurate
// where it is small.
INLINE Pair scaled_less_one(Pair a, float power) {
  float m = power - 1.0f;
  float hi = fma(power, a.hi, m);
  float lo = fma(power, a.lo, fma(power, a.hi, m - hi));
  return fast_two_sum(hi, lo + (power - (m + 1.0f)));
}

// e^y - 1 for -87 <= y <= 0, normalised.
INLINE Pair exp_minus_one(float y) {
  return scaled_less_one(exp_less_one_fine(exp_rest(y)), exp_power(y));
}

// ---- The logistic function σ(z) = 1/(1 + e^-z) ----

// n/(1 + e^y) for -43 <= y <= 132, given what exp_rest leaves of y. It is n·T/(T + e^rest), T =
// 2^-n. `near` says that |y| < 16: then what has no effect there is left out.
INLINE float over_one_plus_exp(float n, float y, Pair rest, bool near) {
  Pair growth = exp_less_one(rest);
  float power = near ? exp_inverse(y) : exp_inverse_64(y);
  float t = near ? power : power * 0x1p-64f;
  Pair first = near ? pair(t + 1.0f, 0.0f) : two_sum(t, 1.0f);
  Pair d = add_to_pair(first.hi, growth);
  d = near ? d : pair(d.hi, d.lo + first.lo);
  float r = reciprocal(d.hi + d.lo);
  float q = n * r;
  float left = fma(-q, d.lo, fma(-q, d.hi, n));
  float scaled = fma(left, r, q) * power;
  return near ? scaled : scaled * 0x1p-64f;
}

// σ'(y) = e^y/(1 + e^y)² for -120 <= y <= 0, but for the factor logistic_tail(y). It is
// e^rest·T/(T + e^rest)², T = 2^-n. `near` says that y > -16, where the factor is 1.
INLINE float logistic_slope(float y, bool near) {
  Pair e = add_to_pair(1.0f, exp_less_one(exp_rest(y)));
  // Beyond -21 the slope is e^y; a larger T would leave the floats.
  float power = exp_inverse(near || y > -21.0f ? y : -21.0f);
  Pair d = add_to_pair(power, e);
  float hi = d.hi * d.hi;
  float lo = fma(fma(d.hi, 2.0f, d.lo), d.lo, fma(d.hi, d.hi, -hi));
  float r = reciprocal(hi + lo);
  float q = (e.hi + e.lo) * r;
  return fma(remainder_of(e, pair(hi, lo), q), r, q) * power;
}

// 2^(n + 30) where y <= -21, which is where n is -30; 1 elsewhere.
INLINE float logistic_tail(float y) { return y > -21.0f ? 1.0f : exp_power_64(y) * 0x1p-34f; }

// times_sigmoid; `near` says that |y| < 16: then what has no effect there is left out.
INLINE float times_sigmoid_value(float x, Pair y, bool near) {
  // Beyond these ends the result is x, or vanishes.
  bool right = y.hi < -43.0f;
  bool left = y.hi > 132.0f;
  float hi = right ? -43.0f : left ? 132.0f : y.hi;
  float lo = right || left ? 0.0f : y.lo;
  Pair clamped = near ? y : pair(hi, lo);
  float r = over_one_plus_exp(x, clamped.hi, exp_rest_of_pair(clamped), near);
  r = with_sign(r, x);
  return near ? r : quiet(x, right ? x : left ? -0.0f : r);
}

// x·σ(z) for a z with the sign of x, given as y = -z.
INLINE float times_sigmoid(float x, Pair y) {
  return USUALLY(fabs(y.hi) < 16.0f) ? times_sigmoid_value(x, y, true)
                                     : times_sigmoid_value(x, y, false);
}

// a + b·c + low, if |a.hi| >= |b·c|.
INLINE Pair root_line(Pair a, float b, float c, float low) {
  float hi = fma(b, c, a.hi);
  return pair(hi, fma(b, c, a.hi - hi) + (low + a.lo));
}

// times_sigmoid_derivative; `near` says that d > -15: then what has no effect there is left out.
INLINE float times_sigmoid_slope(float x, Pair d, Pair line, Pair root, bool near) {
  Pair growth = exp_less_one_fine(exp_rest_of_pair(d));
  growth = fast_two_sum(growth.hi, growth.lo);
  // Beyond -80 e^d is 0 beside 1.
  float power = near || d.hi > -80.0f ? exp_power(d.hi) : 0.0f;

  // e^d - 1, and root times that
  float whole = power - 1.0f;
  Pair m = pair_line(whole, growth, power);
  m = near ? m : pair(m.hi, m.lo + (power - (whole + 1.0f)));
  float low = fma(root.hi, m.lo, root.lo * m.hi);
  Pair f = root_line(line, root.hi, m.hi, low);
  Pair denominator = root_line(add_to_pair(1.0f, root), root.hi, m.hi, low);  // 1 + e^y

  float hi = fma(growth.hi, f.hi, f.hi);
  float lo = fma(growth.lo, f.hi, fma(f.lo, growth.hi, f.lo));
  Pair product = pair(hi, fma(growth.hi, f.hi, f.hi - hi) + lo);
  float q = quotient(pair_multiply(product, root), pair_square(denominator));
  float left = near ? q * power : scale_64(q, exp_power_64(d.hi));
  float r = x < 0.0f ? left : 1.0f - left;
  return near ? r : quiet(x, r);
}

// The derivative of x·σ(z) for an odd, rising function z of x: g = e^y·f/(1 + e^y)² on the left of
// zero and 1 - g on the right, with y = -|z| and f = 1 - x·z' + e^y. Where |z| is z0, f has a root.
// With d = z0 - |z| it is line + root·(e^d - 1), line being what x·z' lacks to its value there, and
// root e^-z0: two terms of one sign, so nothing cancels.
INLINE float times_sigmoid_derivative(float x, Pair d, Pair line, Pair root) {
  return USUALLY(d.hi > -15.0f) ? times_sigmoid_slope(x, d, line, root, true)
                                : times_sigmoid_slope(x, d, line, root, false);
}

// ---- The normal distribution Φ ----

// u = c - r, r = 1/(a + k). Since r <= 2c, no bit of r.hi is lost.
INLINE Pair normal_variable(Pair r, Pair c) { return add_to_pair(c.hi, pair(-r.hi, c.lo - r.lo)); }

// S(u) = u·(slope + u·q): a float q is enough, its share is small.
INLINE Pair normal_correction(Pair u, float slope, float q) {
  float hi = fma(q, u.hi, slope);
  return pair_multiply(pair(hi, fma(q, u.hi, slope - hi)), u);
}

// S in Φ(-a) = r·e^(-a²/2 + S) for r = 1/(a + 2.5), 0 <= a <= 14.5: a polynomial in u = c - r, c
// its root. It is a minimax fit (Remez's exchange) of absolute error; the coefficients were rounded
// one after the other, lowest first, and the rest fitted anew each time. It stays within 2^-28.6.
INLINE Pair normal_exponent(Pair r) {
  Pair u = normal_variable(r, pair(0x1.43e674p-2f, 0x1.a5ecdep-28f));
  float q = -0x1.bf25dp11f;
  q = fma(q, u.hi, 0x1.9aa8d8p10f);
  q = fma(q, u.hi, 0x1.98be0ap8f);
  q = fma(q, u.hi, -0x1.16e94cp6f);
  q = fma(q, u.hi, -0x1.2cfb6ep6f);
  q = fma(q, u.hi, -0x1.cf449ep4f);
  q = fma(q, u.hi, 0x1.a688p1f);
  q = fma(q, u.hi, 0x1.19a0ccp3f);
  q = fma(q, u.hi, 0x1.92763p1f);
  q = fma(q, u.hi, -0x1.ca4856p0f);
  return normal_correction(u, -0x1.6aa6ccp1f, q);
}

// ---- Logarithm ----

// ln(1 + v) for v in [0, 1]. From 3/8 on it is ln(2) + ln(1 + f), f = (v - 1)/2, so that |f| <= 3/8
// and ln(1 + f) = f - f²/2 + f³·Q(f), Q of degree 8 within 2^-30 of the result. Not normalised.
INLINE Pair log_one_plus(Pair v) {
  bool upper = v.hi > 0.375f;
  float factor = upper ? 0.5f : 1.0f;
  float shift = upper ? -0.5f : 0.0f;
  float f = fma(v.hi, factor, shift);
  float rest = fma(v.lo, factor, fma(v.hi, factor, shift - f));
  float q = 0x1.63bdb8p-4f;
  q = fma(q, f, -0x1.01b3f4p-3f);
  q = fma(q, f, 0x1.da9cbp-4f);
  q = fma(q, f, -0x1.f5735ap-4f);
  q = fma(q, f, 0x1.237734p-3f);
  q = fma(q, f, -0x1.558bf8p-3f);
  q = fma(q, f, 0x1.99a4dp-3f);
  q = fma(q, f, -0x1.ffff42p-3f);
  q = fma(q, f, 0x1.555544p-2f);
  // The three leading terms are added exactly; only f³·Q(f) is left to a float.
  Pair square = two_product(f, f * -0.5f);
  Pair line = fast_two_sum(upper ? 0x1.62e43p-1f : 0.0f, f);
  Pair sum = fast_two_sum(line.hi, square.hi);
  float low = (line.lo + square.lo) + (upper ? -0x1.05c61p-29f : 0.0f);
  low = fma(square.hi * -2.0f, f * q, low + fma(-rest, f, rest));
  return pair(sum.hi, sum.lo + low);
}

// The same for v in [0, 2^100]: 1 + v = 2^n·(1 + f) with f in [0, 1], and ln is n·ln(2) + ln(1 +
// f).
INLINE Pair log_one_plus_large(Pair v) {
  bool large = v.hi >= 1.0f;
  Pair all = pair_sum(v, pair(1.0f, 0.0f));
  uint exponent = large ? as_uint(all.hi) >> 23 : 127u;
  Pair scaled = pair_scale(all, as_float((254u - exponent) << 23));
  Pair f = large ? fast_two_sum(scaled.hi - 1.0f, scaled.lo) : v;
  float n = (float)((int)exponent - 127);
  Pair whole = two_product(n, 0x1.62e43p-1f);
  whole.lo = fma(n, -0x1.05c61p-29f, whole.lo);
  return pair_sum(whole, log_one_plus(f));
}

// max(x, 0) + ln(1 + e^y)·inverse for y = -|x|/inverse, not below -128. With e = e^y the logarithm
// is e·H(e), H a polynomial of degree 9 in e - 487/1024, sollya's fpminimax, within 2^-27.6. `near`
// says that inverse is 1 and y > -16: then what has no effect there is left out.
INLINE float log_one_plus_exp(float x, Pair y, Pair inverse, bool near) {
  Pair e = lean_exp_pair(y);
  // To the left of zero 2^64 keeps all clear of the subnormal numbers until the last step.
  bool left = x < 0.0f;
  float back = left ? 0x1p-64f : 1.0f;
  float power = near ? exp_power(y.hi) : exp_power_64(y.hi) * (left ? 1.0f : 0x1p-64f);
  float full = e.hi * power;
  float v = near ? full : full * back;

  float w = v - 0x1.e7p-2f;
  float g = -0x1.a9c91ep-9f;
  g = fma(g, w, 0x1.870bfp-8f);
  g = fma(g, w, -0x1.00ffbep-7f);
  g = fma(g, w, 0x1.a41f06p-7f);
  g = fma(g, w, -0x1.6e4594p-6f);
  g = fma(g, w, 0x1.4190b8p-5f);
  g = fma(g, w, -0x1.246b5p-4f);
  g = fma(g, w, 0x1.1a02dp-3f);
  g = fma(g, w, -0x1.2e3558p-2f);
  float h = fma(w, g, 0x1.a2d806p-1f);
  float rest = fma(w, g, 0x1.a2d806p-1f - h);
  // Of the derivative of e·H(e), by which e.lo counts, three bits are enough.
  float slope = fma(v, g, h);

  Pair scale = pair_scale(inverse, power);
  Pair scaled = pair_product(scale, e.hi);
  float bend = near ? full : scaled.hi;
  float line = x > 0.0f ? x : 0.0f;
  float sum = fma(bend, h, line);
  float part = sum - line;
  float low = line - (sum - part);
  low = fma(bend, rest, near ? low : fma(scaled.lo, h, low));
  low = fma(near ? e.lo * power : e.lo * scale.hi, slope, low);
  float r = sum + (fma(bend, h, -part) + low);
  return near ? r : x > 0x1p100f ? x : r * back;
}
