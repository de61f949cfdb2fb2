// xielu(x) = x > 0 ? alpha_p·x² + beta·x : alpha_n·(e^x - 1 - x) + beta·x; derivative x > 0 ?
// 2·alpha_p·x + beta : alpha_n·(e^x - 1) + beta.
// Source: Huang, Schlag 2024, arXiv:2411.13010. Backward needs: input.
// Bound: 1 ULP at the default parameters. At others the two terms may cancel: beta·|x|·2^-50 is
// added, and beta·2^-50 to the derivative.
//
// On the left both have a root, whose place depends on the parameters, so e^x - 1 - x is computed
// to 2^-54: with r = x - n·ln(2) it is (2^n - 1) + (2^n·r - x) + 2^n·(r²/2 + r³·Q(r)), Q the
// polynomial of Taylor of degree 11.

// hi + (rest.hi + rest.lo).
typedef struct {
  float hi;
  Pair rest;
} XieluSum;

INLINE XieluSum xielu_sum(float hi, Pair rest) {
  XieluSum s;
  s.hi = hi;
  s.rest = rest;
  return s;
}

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

// e^x - 1 - x for x <= 0.
INLINE XieluSum xielu_bend(float x) {
  // From -40 on e^x is nothing beside x.
  float y = x < -40.0f ? -40.0f : x;
  float n = exp_shifted(y) - 0x1.8p23f;
  float power = exp_power(y);
  Pair step = two_product(n, -0x1.7f7d1cp-20f);
  Pair first = two_sum(fma(n, -0x1.62e4p-1f, y), step.hi);
  Pair second = two_sum(first.lo, step.lo);
  Pair third = fast_two_sum(second.hi, fma(n, -0x1.ef357ap-45f, second.lo));
  Pair r = pair(first.hi, third.hi);

  Pair square = two_product(r.hi, r.hi * 0.5f);
  Pair cross = two_product(r.hi, r.lo);
  Pair cube = pair_multiply(pair_multiply(pair_square(r), r), xielu_tail(r));
  Pair small = two_sum(square.lo, cross.hi);
  Pair rest = pair_sum(cube, pair(small.hi, small.lo + fma(r.hi, third.lo, cross.lo)));
  rest = pair_sum(rest, third);

  float m = power - 1.0f;
  Pair line = two_sum(power * r.hi, -x);
  Pair sum = two_sum(line.hi, m);
  Pair all = two_sum(sum.hi, power * square.hi);
  rest = pair_plus(pair_scale(rest, power), all.lo);
  rest = pair_plus(rest, sum.lo);
  rest = pair_plus(rest, line.lo);
  return xielu_sum(all.hi, pair_plus(rest, power - (m + 1.0f)));
}

INLINE float xielu(float x, float alpha_p, float alpha_n, float beta) {
  // From 2^72 on the square is infinite for every alpha_p; what is added to it must not be.
  Pair slope = pair_plus(two_product(alpha_p, x < 0x1p72f ? x : 0x1p72f), beta);
  float square = x * slope.hi;
  float right = square > 0x1.fffffep127f ? square : fma(x, slope.hi, x * slope.lo);

  XieluSum h = xielu_bend(x < 0.0f ? x : 0.0f);
  Pair bend = two_product(alpha_n, h.hi);
  Pair line = two_product(beta, x);
  Pair sum = two_sum(bend.hi, line.hi);
  Pair rest = pair_plus(pair_product(h.rest, alpha_n), sum.lo);
  rest = pair_plus(pair_plus(rest, bend.lo), line.lo);
  Pair left = pair_plus(rest, sum.hi);

  // Far out it is the line (beta - alpha_n)·x - alpha_n, and near zero beta·x.
  Pair d = two_sum(beta, -alpha_n);
  float finite = x < -0x1.fffffep127f ? -0x1.fffffep127f : x;
  float far = d.hi == 0.0f ? -alpha_n : fma(x, d.hi, finite * d.lo);
  float middle = x < -0x1p-100f ? left.hi + left.lo : beta * x;
  return quiet(x, x < 0.0f ? (x < -0x1p60f ? far : middle) : right);
}

INLINE float xielu_derivative(float x, float alpha_p, float alpha_n, float beta) {
  float y = x < -40.0f ? -40.0f : x < 0.0f ? x : 0.0f;
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
