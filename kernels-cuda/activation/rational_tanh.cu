// rational_tanh(x) = 1.7159·t(2/3·x), t(y) = sign(y)·(1 - 1/(1 + s)), s = |y| + y² + 1.41645·y⁴;
// derivative 1.7159·2/3·s'/(1 + s)².
// Source: ND4J's RationalTanh, after LeCun et al. 1998, doi:10.1007/3-540-49430-8_2.
// Backward needs: input. Bound: 1 ULP.

#ifndef FLOAT64
INLINE float rational_tanh(float x) {
  // From 2^10 on the result rounds to 1.7159; below 2^-14 it is 1.7159·2/3·x.
  float a = clamped_magnitude(x, 0x1p10f);
  Pair y = pair_product(pair(0x1.555556p-1f, -0x1.555556p-26f), a);
  Pair square = pair_square(y);
  Pair cubic = pair_multiply(pair_multiply(square, y), pair(0x1.6a9c78p0f, -0x1.9652bep-26f));
  Pair s = pair_multiply(y, pair_sum(pair_plus(y, 1.0f), cubic));
  Pair n = pair_multiply(s, pair(0x1.b74538p0f, 0x1.de69aep-25f));
  float r = quotient(n, pair_plus(s, 1.0f));
  float lifted = a * 0x1p64f;
  float line = fma(lifted, 0x1.24d8dp0f, lifted * 0x1.3ef11ep-25f) * 0x1p-64f;
  return quiet(x, with_sign(a < 0x1p-14f ? line : r, x));
}
#else
INLINE double rational_tanh(double x) {
  // From 2^15 on the result rounds to 1.7159; below 2^-28 it is 1.7159·2/3·x.
  double a = clamped_magnitude(x, 0x1p15);
  Pair y = pair_product(pair(0x1.5555555555555p-1, 0x1.5555555555555p-55), a);
  Pair square = pair_square(y);
  Pair cubic =
      pair_multiply(pair_multiply(square, y), pair(0x1.6a9c779a6b50bp0, 0x1.e4f765fd8adacp-57));
  Pair s = pair_multiply(y, pair_sum(pair_plus(y, 1.0), cubic));
  Pair n = pair_multiply(s, pair(0x1.b74538ef34d6ap0, 0x1.61e4f765fd8aep-56));
  double r = quotient(n, pair_plus(s, 1.0));
  double lifted = a * 0x1p128;
  double line = fma(lifted, 0x1.24d8d09f788f1p0, lifted * 0x1.9050d3e654ec8p-54) * 0x1p-128;
  return quiet(x, with_sign(a < 0x1p-28 ? line : r, x));
}
#endif

// From 2^10 on numerator and denominator are scaled by k³ and k⁴, k = 2^-20, and the quotient by
// k⁵.
#ifndef FLOAT64
INLINE float rational_tanh_derivative(float x) {
  // From 2^32 on the result is 0.
  float a = clamped_magnitude(x, 0x1p32f);
  float k = a > 0x1p10f ? 0x1p-20f : 1.0f;
  Pair y = pair_product(pair(0x1.555556p-1f, -0x1.555556p-26f), a * k);
  Pair quadratic = pair_multiply(pair_square(y), pair(0x1.6a9c78p0f, -0x1.9652bep-26f));
  Pair slope = pair_plus(pair_scale(quadratic, 4.0f), k * k + k * k);
  Pair n = pair_plus(pair_multiply(y, slope), k * k * k);
  Pair inner = pair_plus(quadratic, k * k);
  Pair line = pair_plus(pair_multiply(y, inner), k * k * k);
  Pair d = pair_plus(pair_multiply(y, line), k * k * k * k);
  Pair scaled = pair_multiply(n, pair(0x1.24d8dp0f, 0x1.3ef11ep-25f));
  return quiet(x, quotient(scaled, pair_square(d)) * (k * k * k * k * k));
}
#else
INLINE double rational_tanh_derivative(double x) {
  // From 2^216 on the result is 0.
  double a = clamped_magnitude(x, 0x1p216);
  double k = a > 0x1p20 ? 0x1p-120 : 1.0;
  Pair y = pair_product(pair(0x1.5555555555555p-1, 0x1.5555555555555p-55), a * k);
  Pair quadratic = pair_multiply(pair_square(y), pair(0x1.6a9c779a6b50bp0, 0x1.e4f765fd8adacp-57));
  Pair slope = pair_plus(pair_scale(quadratic, 4.0), k * k + k * k);
  Pair n = pair_plus(pair_multiply(y, slope), k * k * k);
  Pair inner = pair_plus(quadratic, k * k);
  Pair line = pair_plus(pair_multiply(y, inner), k * k * k);
  Pair d = pair_plus(pair_multiply(y, line), k * k * k * k);
  Pair scaled = pair_multiply(n, pair(0x1.24d8d09f788f1p0, 0x1.9050d3e654ec8p-54));
  return quiet(x, quotient(scaled, pair_square(d)) * (k * k * k * k * k));
}
#endif
