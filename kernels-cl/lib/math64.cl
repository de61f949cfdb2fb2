// The words of math for doubles: pairs of doubles, quotients and exponentials, in the same straight
// lines. A program has math or math64, so that what stands once for both types finds its words.
//
// With them every pointwise activation is within 2 ULP of a double (but where the terms of xielu
// cancel), and exact where it is exact for floats; the bounds in the headers are float32's.
//
// Error-free transformations: Dekker 1971, doi:10.1007/BF01397083; Knuth, TAOCP 2, section 4.2.2;
// Ogita, Rump, Oishi 2005, doi:10.1137/030601818.

// The unevaluated sum hi + lo. Normalised when hi is the sum rounded to double.
typedef struct {
  double hi, lo;
} Pair;

INLINE Pair pair(double hi, double lo) {
  Pair p;
  p.hi = hi;
  p.lo = lo;
  return p;
}

// ---- Special values and signs ----

// r, but the one NaN of this library where x is NaN: payloads differ between devices.
INLINE double quiet(double x, double r) { return x == x ? r : as_double(0x7FF8000000000000); }

// r with the sign bit of x, for an r that is zero or has the sign of x already: it restores the
// sign of zero, which fma and addition lose.
INLINE double with_sign(double r, double x) {
  return as_double(as_ulong(r) | (as_ulong(x) & 0x8000000000000000));
}

// min(|x|, limit); NaN stays NaN, which fmin would drop.
INLINE double clamped_magnitude(double x, double limit) {
  double a = fabs(x);
  return limit < a ? limit : a;
}

// ---- Pairs ----

// a + b exactly (Knuth).
INLINE Pair two_sum(double a, double b) {
  double s = a + b;
  double t = s - a;
  return pair(s, (a - (s - t)) + (b - t));
}

// a + b exactly if |a| >= |b| or a = 0 (Dekker).
INLINE Pair fast_two_sum(double a, double b) {
  double s = a + b;
  return pair(s, (a - s) + b);
}

// a·b exactly, short of underflow.
INLINE Pair two_product(double a, double b) {
  double p = a * b;
  return pair(p, fma(a, b, -p));
}

// a + b if |a| >= |b.hi|.
INLINE Pair add_to_pair(double a, Pair b) {
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

// a + b for a double b, whichever is the larger.
INLINE Pair pair_plus(Pair a, double b) {
  Pair s = two_sum(a.hi, b);
  return pair(s.hi, s.lo + a.lo);
}

// a·b.
INLINE Pair pair_multiply(Pair a, Pair b) {
  Pair p = two_product(a.hi, b.hi);
  return pair(p.hi, fma(a.lo, b.hi, fma(a.hi, b.lo, p.lo)));
}

// c + a·b for doubles b and c, if the sum lies between c/2 and 2c.
INLINE Pair pair_line(double c, Pair a, double b) {
  double hi = fma(a.hi, b, c);
  return pair(hi, fma(a.lo, b, fma(a.hi, b, c - hi)));
}

// a·b for a double b.
INLINE Pair pair_product(Pair a, double b) {
  Pair p = two_product(a.hi, b);
  return pair(p.hi, fma(a.lo, b, p.lo));
}

// a².
INLINE Pair pair_square(Pair a) {
  Pair p = two_product(a.hi, a.hi);
  return pair(p.hi, fma(a.hi + a.hi, a.lo, p.lo));
}

// a·power, exactly, for a power of two.
INLINE Pair pair_scale(Pair a, double power) { return pair(a.hi * power, a.lo * power); }

// -|x·factor| for factor > 0, clamped to [-limit, 0].
INLINE Pair minus_magnitude(double x, double factor, double limit) {
  Pair y = two_product(-factor, fabs(x));
  bool beyond = y.hi < -limit;
  return pair(beyond ? -limit : y.hi, beyond ? 0.0 : y.lo);
}

// ---- Quotients ----

// 1/d for d in [2^-1000, 2^1000], within 2^-38: a seed from the exponent, then two steps of the
// third order.
INLINE double reciprocal(double d) {
  double r = as_double(0x7FDE623822FC16E6 - as_ulong(d));
  double e = fma(-d, r, 1.0);
  r = fma(r, fma(e, e, e), r);
  e = fma(-d, r, 1.0);
  return fma(r, fma(e, e, e), r);
}

// What is left of n after q parts of d.
INLINE double remainder_of(Pair n, Pair d, double q) {
  return fma(-q, d.hi, n.hi) + fma(-q, d.lo, n.lo);
}

// n/d, rounded once.
INLINE double quotient(Pair n, Pair d) {
  double r = reciprocal(d.hi);
  double q = n.hi * r;
  return fma(remainder_of(n, d, q), r, q);
}

// n/d as a normalised pair, within 2^-76.
INLINE Pair quotient_pair(Pair n, Pair d) {
  double r = reciprocal(d.hi);
  double q = n.hi * r;
  double rest = remainder_of(n, d, q);
  double hi = fma(rest, r, q);
  return pair(hi, fma(rest, r, q - hi));
}

// n/d as a normalised pair, within 2^-90.
INLINE Pair fine_quotient_pair(Pair n, Pair d) {
  double r = reciprocal(d.hi);
  double q = n.hi * r;
  double hi = fma(remainder_of(n, d, q), r, q);
  return fast_two_sum(hi, remainder_of(n, d, hi) * r);
}

// 1/d as a pair, within 2^-104; (1, 0) for d = 1.
INLINE Pair reciprocal_pair(double d) {
  double r = reciprocal(d);
  double hi = fma(r, fma(-d, r, 1.0), r);
  return pair(hi, hi * fma(-d, hi, 1.0));
}

// 1/d for a pair d, normalised, within 2^-76.
INLINE Pair reciprocal_of_pair(Pair d) {
  double r = reciprocal(d.hi);
  double rest = fma(-d.lo, r, fma(-d.hi, r, 1.0));
  double hi = fma(r, rest, r);
  return pair(hi, fma(r, rest, r - hi));
}

// ---- Roots ----

// The root of v in [2^-1000, 2^1000], normalised, within 2^-69: a seed of its reciprocal from half
// the exponent, Newton's iteration, and what the square lacks.
INLINE Pair root_of_pair(Pair v) {
  double halved = v.hi * 0.5;
  double r = as_double(0x5FE6EB50C7B537A9 - (as_ulong(v.hi) >> 1));
  r = fma(r, fma(-halved * r, r, 0.5), r);
  r = fma(r, fma(-halved * r, r, 0.5), r);
  r = fma(r, fma(-halved * r, r, 0.5), r);
  double s = v.hi * r;
  double rest = fma(-s, s, v.hi) + v.lo;
  double share = r * 0.5;
  double hi = fma(rest, share, s);
  return pair(hi, fma(rest, share, s - hi));
}

// ---- Exponentials: e^y = 2^n·e^rest, n the integer nearest to y·log2(e) ----

// n, in the lowest bits of n + 1.5·2^52: adding that constant rounds to an integer.
INLINE double exp_shifted(double y) { return fma(y, 0x1.71547652b82fep0, 0x1.8p52); }

// 2^n, for |n| <= 1022.
INLINE double exp_power(double y) {
  return as_double((as_ulong(exp_shifted(y)) << 52) + ((uint64)1023 << 52));
}

// 2^(n + 128), for -1150 <= n <= 895: above the subnormals where 2^n is not.
INLINE double exp_power_128(double y) {
  return as_double((as_ulong(exp_shifted(y)) << 52) + ((uint64)(1023 + 128) << 52));
}

// v·2^n, rounded once even where it is subnormal, for power = exp_power_128(y).
INLINE double scale_128(double v, double power) { return (v * power) * 0x1p-128; }

// The same for a pair.
INLINE Pair pair_scale_128(Pair a, double power) {
  return pair(scale_128(a.hi, power), scale_128(a.lo, power));
}

// v·2^n for -2044 <= n <= 2046. The power comes in two halves, so that neither leaves the doubles.
INLINE double exp_scaled(double v, double y) {
  uint64 exponents = as_ulong(exp_shifted(y)) - 0x4338000000000000 + (uint64)2046;
  uint64 part = exponents >> 1;
  return (v * as_double(part << 52)) * as_double((exponents - part) << 52);
}

// y - n·ln(2), with ln(2) in two parts of which the first has zeros to spare for n.
INLINE Pair exp_rest(double y) {
  double n = exp_shifted(y) - 0x1.8p52;
  double r = fma(n, -0x1.62e42fefa38p-1, y);
  double hi = fma(n, -0x1.ef35793c7673p-45, r);
  return pair(hi, fma(n, -0x1.ef35793c7673p-45, r - hi));
}

// The same for a pair. Its low part joins before the polynomial, where it counts.
INLINE Pair exp_rest_of_pair(Pair y) {
  double n = exp_shifted(y.hi) - 0x1.8p52;
  return fast_two_sum(fma(n, -0x1.62e42fefa38p-1, y.hi), fma(n, -0x1.ef35793c7673p-45, y.lo));
}

// e^r - 1 = r + r²·P(r), P of degree 10 and itself within 2^-58, so that the whole is accurate near
// zero as well. Not normalised.
INLINE Pair exp_less_one(Pair r) {
  double p = 0x1.1f32e8682686cp-29;
  p = fma(p, r.hi, 0x1.af4eb35b72b52p-26);
  p = fma(p, r.hi, 0x1.27e500e2105b8p-22);
  p = fma(p, r.hi, 0x1.71de01b8495ccp-19);
  p = fma(p, r.hi, 0x1.a01a0197bc743p-16);
  p = fma(p, r.hi, 0x1.a01a01ac1a7cdp-13);
  p = fma(p, r.hi, 0x1.6c16c16c18932p-10);
  p = fma(p, r.hi, 0x1.1111111110056p-7);
  p = fma(p, r.hi, 0x1.5555555555552p-5);
  p = fma(p, r.hi, 0x1.5555555555557p-3);
  p = fma(p, r.hi, 0x1p-1);
  return pair(r.hi, fma(r.hi * r.hi, p, fma(r.lo, r.hi, r.lo)));
}

// 1 + a for |a| < 1, normalised; a need not be.
INLINE Pair one_plus(Pair a) {
  Pair s = fast_two_sum(a.hi, a.lo);
  return add_to_pair(1.0, s);
}

// e^y/2^n, in [0.7, 1.42], normalised: exp_power has the rest.
INLINE Pair exp_pair(double y) { return one_plus(exp_less_one(exp_rest(y))); }

// The same for a pair.
INLINE Pair exp_of_pair(Pair y) { return one_plus(exp_less_one(exp_rest_of_pair(y))); }

// power·(1 + a) - 1, normalised, for power <= 1: with a = e^rest - 1 this is e^y - 1, accurate
// where it is small.
INLINE Pair scaled_less_one(Pair a, double power) {
  double m = power - 1.0;
  double hi = fma(power, a.hi, m);
  double lo = fma(power, a.lo, fma(power, a.hi, m - hi));
  return fast_two_sum(hi, lo + (power - (m + 1.0)));
}

// e^y - 1 for -708 <= y <= 0, normalised.
INLINE Pair exp_minus_one(double y) {
  return scaled_less_one(exp_less_one(exp_rest(y)), exp_power(y));
}

// ---- The logistic function σ(z) = 1/(1 + e^-z) ----

// x·σ(z) for a z with the sign of x, given as y = -|z|, not below -790.
INLINE double times_sigmoid(double x, Pair y) {
  double power = exp_power_128(y.hi);
  Pair e = exp_of_pair(y);  // e^y = e·2^n
  Pair d = add_to_pair(1.0, pair_scale_128(e, power));
  bool left = x < 0.0;
  Pair q = quotient_pair(pair(left ? e.hi : 1.0, left ? e.lo : 0.0), d);
  double product = fma(x, q.hi, x * q.lo);
  return with_sign(left ? scale_128(product, power) : product, x);
}

// The derivative of x·σ(z) for an odd, rising function z of x: g = e^y·f/(1 + e^y)² on the left of
// zero and 1 - g on the right, with y = -|z| and f = 1 - x·z' + e^y. Where |z| is z0, f has a root.
// With d = z0 - |z| it is line + root·(e^d - 1), line being what x·z' lacks to its value there, and
// root e^-z0: two terms of one sign, so nothing cancels.
INLINE double times_sigmoid_derivative(double x, Pair d, Pair line, Pair root) {
  Pair r = exp_less_one(exp_rest_of_pair(d));
  // Beyond -80 e^d is 0 beside 1.
  Pair m = scaled_less_one(r, d.hi > -80.0 ? exp_power(d.hi) : 0.0);
  Pair f = pair_add(line, pair_multiply(m, root));
  double power = exp_power_128(d.hi);
  Pair e = pair_multiply(one_plus(r), root);  // e^y = e·2^n
  Pair full = pair_scale_128(e, power);
  Pair q = quotient_pair(pair_multiply(e, f), pair_square(add_to_pair(1.0, full)));
  double left = scale_128(q.hi, power);
  Pair g = pair_scale_128(q, power);
  Pair right = add_to_pair(1.0, pair(-g.hi, -g.lo));
  return x < 0.0 ? left : right.hi + right.lo;
}

// ---- The normal distribution Φ ----

// u = c - r, r = 1/(a + k). Since r <= 2c, no bit of r.hi is lost.
INLINE Pair normal_variable(Pair r, Pair c) { return add_to_pair(c.hi, pair(-r.hi, c.lo - r.lo)); }

// S(u) = u·(slope + u·q): a double q is enough, its share is small.
INLINE Pair normal_correction(Pair u, double slope, double q) {
  double hi = fma(q, u.hi, slope);
  return pair_multiply(pair(hi, fma(q, u.hi, slope - hi)), u);
}

// S in Φ(-a) = r·e^(-a²/2 + S) for r = 1/(a + 3.25), 0 <= a <= 38.6: a polynomial in u = c - r, c
// its root. It is a minimax fit (Lawson's weights) of absolute error; the coefficients were rounded
// one after the other, lowest first, and the rest fitted anew each time. It stays within 2^-58.4.
INLINE Pair normal_exponent(Pair r) {
  Pair u = normal_variable(r, pair(0x1.b83611034f5d8p-3, -0x1.0d3d98a447047p-57));
  double q = 0x1.e48f84827791fp36;
  q = fma(q, u.hi, -0x1.dc634e99c6cd4p36);
  q = fma(q, u.hi, 0x1.8e5084dd630ddp34);
  q = fma(q, u.hi, 0x1.1504ae9b1b7abp33);
  q = fma(q, u.hi, -0x1.fd987fe2340a5p30);
  q = fma(q, u.hi, -0x1.c281059aeb81dp29);
  q = fma(q, u.hi, 0x1.460c53cc605afp24);
  q = fma(q, u.hi, 0x1.71dc7cf4b1182p26);
  q = fma(q, u.hi, 0x1.01904a4bb82ebp24);
  q = fma(q, u.hi, -0x1.97f908fb10f5dp22);
  q = fma(q, u.hi, -0x1.665700164b122p21);
  q = fma(q, u.hi, 0x1.00a4a08032dc9p17);
  q = fma(q, u.hi, 0x1.316b8b894109p18);
  q = fma(q, u.hi, 0x1.40cef403d91d2p15);
  q = fma(q, u.hi, -0x1.75730665da23ap14);
  q = fma(q, u.hi, -0x1.ececedd98496dp12);
  q = fma(q, u.hi, 0x1.2ba36598c4a96p10);
  q = fma(q, u.hi, 0x1.ea511298c5e6ep9);
  q = fma(q, u.hi, 0x1.a55fb2cea1c04p-1);
  q = fma(q, u.hi, -0x1.ba2a14d145202p6);
  q = fma(q, u.hi, -0x1.58cbe2928d577p3);
  q = fma(q, u.hi, 0x1.e1c95b8112c54p3);
  q = fma(q, u.hi, 0x1.111bd8947985ep1);
  return normal_correction(u, -0x1.4ab69ea8a8f9cp2, q);
}

// ---- Logarithm ----

// ln(1 + v) for v in [0, 1]. From 3/8 on it is ln(2) + ln(1 + f), f = (v - 1)/2, so that |f| <= 3/8
// and ln(1 + f) = f - f²/2 + f³·Q(f), Q of degree 19 within 2^-56 of the result. Not normalised.
INLINE Pair log_one_plus(Pair v) {
  bool upper = v.hi > 0.375;
  double factor = upper ? 0.5 : 1.0;
  double shift = upper ? -0.5 : 0.0;
  double f = fma(v.hi, factor, shift);
  double rest = fma(v.lo, factor, fma(v.hi, factor, shift - f));
  double q = -0x1.7572ddfae1e2p-5;
  q = fma(q, f, 0x1.2c78cbf8312a3p-4);
  q = fma(q, f, -0x1.d0f4c072686cbp-5);
  q = fma(q, f, 0x1.83628d134d61cp-5);
  q = fma(q, f, -0x1.b7bce62e75ca5p-5);
  q = fma(q, f, 0x1.e6a67d75df5eep-5);
  q = fma(q, f, -0x1.00fa65639be8bp-4);
  q = fma(q, f, 0x1.10ea0e6a2ea4dp-4);
  q = fma(q, f, -0x1.248056b77d19cp-4);
  q = fma(q, f, 0x1.3b15352575c43p-4);
  q = fma(q, f, -0x1.55561824191c4p-4);
  q = fma(q, f, 0x1.745d0e207117ap-4);
  q = fma(q, f, -0x1.999994cad562dp-4);
  q = fma(q, f, 0x1.c71c71e7d744p-4);
  q = fma(q, f, -0x1.0000000832138p-3);
  q = fma(q, f, 0x1.2492492471278p-3);
  q = fma(q, f, -0x1.5555555548a6ap-3);
  q = fma(q, f, 0x1.9999999999bb1p-3);
  q = fma(q, f, -0x1.000000000002ep-2);
  q = fma(q, f, 0x1.5555555555555p-2);
  // The three leading terms are added exactly; only f³·Q(f) is left to a double.
  Pair square = two_product(f, f * -0.5);
  Pair line = fast_two_sum(upper ? 0x1.62e42fefa39efp-1 : 0.0, f);
  Pair sum = fast_two_sum(line.hi, square.hi);
  double low = (line.lo + square.lo) + (upper ? 0x1.abc9e3b39803fp-56 : 0.0);
  low = fma(square.hi * -2.0, f * q, low + fma(-rest, f, rest));
  return pair(sum.hi, sum.lo + low);
}

// The same for v in [0, 2^1000]: 1 + v = 2^n·(1 + f) with f in [0, 1], and ln is n·ln(2) + ln(1 +
// f).
INLINE Pair log_one_plus_large(Pair v) {
  bool large = v.hi >= 1.0;
  Pair all = pair_plus(v, 1.0);
  uint64 exponent = large ? as_ulong(all.hi) >> 52 : (uint64)1023;
  Pair scaled = pair_scale(all, as_double(((uint64)2046 - exponent) << 52));
  Pair f = large ? fast_two_sum(scaled.hi - 1.0, scaled.lo) : v;
  double n = (double)((int)exponent - 1023);
  Pair whole = two_product(n, 0x1.62e42fefa39efp-1);
  whole.lo = fma(n, 0x1.abc9e3b39803fp-56, whole.lo);
  return pair_sum(whole, log_one_plus(f));
}
