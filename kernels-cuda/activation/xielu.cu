// xielu(x) = x > 0 ? alpha_p·x² + beta·x : alpha_n·(e^x - 1 - x) + beta·x; derivative x > 0 ?
// 2·alpha_p·x + beta : alpha_n·(e^x - 1) + beta.
// Source: Huang, Schlag 2024, arXiv:2411.13010. Backward needs: input.
// Bound: 1 ULP at the default parameters. At others the two terms may cancel: beta·|x|·2^-50 is
// added, and beta·2^-50 to the derivative (2^-108 for doubles).
//
// On the left both have a root, whose place depends on the parameters, so e^x - 1 - x is computed
// to 2^-54 (2^-112 for doubles): with r = x - n·ln(2) it is (2^n - 1) + (2^n·r - x) + 2^n·(r²/2 +
// r³·Q(r)), Q the polynomial of Taylor of degree 11 (22).

// hi + (rest.hi + rest.lo).
typedef struct {
  real hi;
  Pair rest;
} XieluSum;

INLINE XieluSum xielu_sum(real hi, Pair rest) {
  XieluSum s;
  s.hi = hi;
  s.rest = rest;
  return s;
}

#ifndef FLOAT64
// What rounds to an integer when it is added, ln(2) in three parts of which the first has zeros to
// spare for n, and where e^x is nothing beside x, the square infinite and the rest nothing beside a
// line.
#define XIELU_SHIFT 0x1.8p23f
#define XIELU_LN2_FIRST 0x1.62e4p-1f
#define XIELU_LN2_SECOND 0x1.7f7d1cp-20f
#define XIELU_LN2_THIRD 0x1.ef357ap-45f
#define XIELU_VANISHED -40.0f
#define XIELU_INFINITE 0x1p72f
#define XIELU_LARGEST 0x1.fffffep127f
#define XIELU_LINE -0x1p60f

// (e^r - 1 - r - r²/2)/r³ for a pair r.
INLINE Pair xielu_tail(Pair r) {
  float q = 0x1.93974ap-37f;
  q = fma(q, r.hi, 0x1.612462p-33f);
  q = fma(q, r.hi, 0x1.1eed8ep-29f);
  q = fma(q, r.hi, 0x1.ae6456p-26f);
  q = fma(q, r.hi, 0x1.27e4fcp-22f);
  Pair p = pair_add(pair(0x1.71de3ap-19f, 0x1.55b1ccp-45f), pair_product(r, q));
  p = pair_add(pair(0x1.a01a02p-16f, -0x1.7f97fap-42f), pair_multiply(r, p));
  p = pair_add(pair(0x1.a01a02p-13f, -0x1.7f97fap-39f), pair_multiply(r, p));
  p = pair_add(pair(0x1.6c16c2p-10f, -0x1.27d27ep-35f), pair_multiply(r, p));
  p = pair_add(pair(0x1.111112p-7f, -0x1.dddddep-32f), pair_multiply(r, p));
  p = pair_add(pair(0x1.555556p-5f, -0x1.555556p-30f), pair_multiply(r, p));
  return pair_add(pair(0x1.555556p-3f, -0x1.555556p-28f), pair_multiply(r, p));
}
#else
#define XIELU_SHIFT 0x1.8p52
#define XIELU_LN2_FIRST 0x1.62e42fefap-1
#define XIELU_LN2_SECOND 0x1.cf79abc9e3b3ap-40
#define XIELU_LN2_THIRD -0x1.ff0342542fc33p-94
#define XIELU_VANISHED -80.0
#define XIELU_INFINITE 0x1p530
#define XIELU_LARGEST 0x1.fffffffffffffp1023
#define XIELU_LINE -0x1p200

// (e^r - 1 - r - r²/2)/r³ for a pair r.
INLINE Pair xielu_tail(Pair r) {
  double q = 0x1.3f3ccdd165fa9p-84;
  q = fma(q, r.hi, 0x1.f2cf01972f578p-80);
  q = fma(q, r.hi, 0x1.761b41316381ap-75);
  q = fma(q, r.hi, 0x1.0ce396db7f853p-70);
  q = fma(q, r.hi, 0x1.71b8ef6dcf572p-66);
  q = fma(q, r.hi, 0x1.e542ba4020225p-62);
  q = fma(q, r.hi, 0x1.2f49b46814157p-57);
  q = fma(q, r.hi, 0x1.6827863b97d97p-53);
  q = fma(q, r.hi, 0x1.952c77030ad4ap-49);
  q = fma(q, r.hi, 0x1.ae7f3e733b81fp-45);
  Pair p = pair_add(pair(0x1.ae7f3e733b81fp-41, 0x1.1d8656b0ee8cbp-97), pair_product(r, q));
  p = pair_add(pair(0x1.93974a8c07c9dp-37, 0x1.05d6f8a2efd1fp-92), pair_multiply(r, p));
  p = pair_add(pair(0x1.6124613a86d09p-33, 0x1.f28e0cc748ebep-87), pair_multiply(r, p));
  p = pair_add(pair(0x1.1eed8eff8d898p-29, -0x1.2aec959e14c06p-83), pair_multiply(r, p));
  p = pair_add(pair(0x1.ae64567f544e4p-26, -0x1.c062e06d1f209p-80), pair_multiply(r, p));
  p = pair_add(pair(0x1.27e4fb7789f5cp-22, 0x1.cbbc05b4fa99ap-76), pair_multiply(r, p));
  p = pair_add(pair(0x1.71de3a556c734p-19, -0x1.c154f8ddc6cp-73), pair_multiply(r, p));
  p = pair_add(pair(0x1.a01a01a01a01ap-16, 0x1.a01a01a01a01ap-76), pair_multiply(r, p));
  p = pair_add(pair(0x1.a01a01a01a01ap-13, 0x1.a01a01a01a01ap-73), pair_multiply(r, p));
  p = pair_add(pair(0x1.6c16c16c16c17p-10, -0x1.f49f49f49f49fp-65), pair_multiply(r, p));
  p = pair_add(pair(0x1.1111111111111p-7, 0x1.1111111111111p-63), pair_multiply(r, p));
  p = pair_add(pair(0x1.5555555555555p-5, 0x1.5555555555555p-59), pair_multiply(r, p));
  return pair_add(pair(0x1.5555555555555p-3, 0x1.5555555555555p-57), pair_multiply(r, p));
}
#endif

// e^x - 1 - x for x <= 0.
INLINE XieluSum xielu_bend(real x) {
  // From there on e^x is nothing beside x.
  real y = x < XIELU_VANISHED ? XIELU_VANISHED : x;
  real n = exp_shifted(y) - XIELU_SHIFT;
  real power = exp_power(y);
  Pair step = two_product(n, -XIELU_LN2_SECOND);
  Pair first = two_sum(fma(n, -XIELU_LN2_FIRST, y), step.hi);
  Pair second = two_sum(first.lo, step.lo);
  Pair third = fast_two_sum(second.hi, fma(n, -XIELU_LN2_THIRD, second.lo));
  Pair r = pair(first.hi, third.hi);

  Pair square = two_product(r.hi, r.hi * 0.5f);
  Pair cross = two_product(r.hi, r.lo);
  Pair cube = pair_multiply(pair_multiply(pair_square(r), r), xielu_tail(r));
  Pair small = two_sum(square.lo, cross.hi);
  Pair rest = pair_sum(cube, pair(small.hi, small.lo + fma(r.hi, third.lo, cross.lo)));
  rest = pair_sum(rest, third);

  real m = power - 1.0f;
  Pair line = two_sum(power * r.hi, -x);
  Pair sum = two_sum(line.hi, m);
  Pair all = two_sum(sum.hi, power * square.hi);
  rest = pair_plus(pair_scale(rest, power), all.lo);
  rest = pair_plus(rest, sum.lo);
  rest = pair_plus(rest, line.lo);
  return xielu_sum(all.hi, pair_plus(rest, power - (m + 1.0f)));
}

INLINE real xielu(real x, real alpha_p, real alpha_n, real beta) {
  // From there on the square is infinite for every alpha_p; what is added to it must not be.
  Pair slope = pair_plus(two_product(alpha_p, x < XIELU_INFINITE ? x : XIELU_INFINITE), beta);
  real square = x * slope.hi;
  real right = square > XIELU_LARGEST ? square : fma(x, slope.hi, x * slope.lo);

  XieluSum h = xielu_bend(x < 0.0f ? x : 0.0f);
  Pair bend = two_product(alpha_n, h.hi);
  Pair line = two_product(beta, x);
  Pair sum = two_sum(bend.hi, line.hi);
  Pair rest = pair_plus(pair_product(h.rest, alpha_n), sum.lo);
  rest = pair_plus(pair_plus(rest, bend.lo), line.lo);
  Pair left = pair_plus(rest, sum.hi);

  // Far out it is the line (beta - alpha_n)·x - alpha_n, and near zero beta·x.
  Pair d = two_sum(beta, -alpha_n);
  real finite = x < -XIELU_LARGEST ? -XIELU_LARGEST : x;
  real far = d.hi == 0.0f ? -alpha_n : fma(x, d.hi, finite * d.lo);
  real middle = x < -0x1p-100f ? left.hi + left.lo : beta * x;
  return quiet(x, x < 0.0f ? (x < XIELU_LINE ? far : middle) : right);
}

INLINE real xielu_derivative(real x, real alpha_p, real alpha_n, real beta) {
  real y = x < XIELU_VANISHED ? XIELU_VANISHED : x < 0.0f ? x : 0.0f;
  XieluSum h = xielu_bend(y);
  Pair bend = two_product(alpha_n, h.hi);
  Pair line = two_product(alpha_n, y);
  Pair first = two_sum(line.hi, beta);
  Pair sum = two_sum(first.hi, bend.hi);
  Pair rest = pair_plus(pair_product(h.rest, alpha_n), sum.lo);
  rest = pair_plus(pair_plus(rest, first.lo), bend.lo);
  rest = pair_plus(rest, line.lo);
  Pair left = pair_plus(rest, sum.hi);
  return quiet(x, x < 0.0f ? left.hi + left.lo : fma(alpha_p + alpha_p, x, beta));
}
