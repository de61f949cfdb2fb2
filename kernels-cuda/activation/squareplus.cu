// squareplus(x) = (x + √(x² + b))/2; derivative (1 + x/√(x² + b))/2.
// Source: Barron 2021, Squareplus, arXiv:2112.11687. Backward needs: input.
// Bound: 1 ULP for every b.
//
// With a = |x|, w = √(a² + b) and h = (w + a)/2 it is h on the right of zero and b/(4h) on the
// left, and the derivative is 1 - b/(4hw) and b/(4hw): nothing cancels. From 2^40 on all is scaled
// by 2^-80 (for doubles from 2^200 on by 2^-600), where the square of a would overflow and b is
// nothing beside it.

// √(m² + b) for m >= 0.
INLINE Pair squareplus_root(real m, real b) {
  Pair square = two_product(m, m);
  return root_of_pair(pair_plus(square, b));
}

// (w + m)/2.
INLINE Pair squareplus_mean(Pair w, real m) { return pair_scale(pair_plus(w, m), 0.5f); }

#ifndef FLOAT64
INLINE float squareplus(float x, float b) {
  float a = clamped_magnitude(x, 0x1.fffffep127f);
  float scale = a > 0x1p40f ? 0x1p-80f : 1.0f;
  float m = a * scale;
  Pair h = squareplus_mean(squareplus_root(m, b * scale * scale), m);
  float right = a > 0x1p40f ? x : h.hi + h.lo;
  float left = quotient(pair(b * 0.25f, 0.0f), h) * scale;
  // Where x is -∞.
  float least = x < -0x1.fffffep127f ? 0.0f : left;
  return quiet(x, x < 0.0f ? least : right);
}

INLINE float squareplus_derivative(float x, float b) {
  float a = clamped_magnitude(x, 0x1.fffffep127f);
  float scale = a > 0x1p40f ? 0x1p-80f : 1.0f;
  float m = a * scale;
  Pair w = squareplus_root(m, b * scale * scale);
  Pair q = quotient_pair(pair(b * 0.25f, 0.0f), pair_multiply(squareplus_mean(w, m), w));
  Pair g = pair_scale(pair_scale(q, scale), scale);
  Pair right = add_to_pair(1.0f, pair(-g.hi, -g.lo));
  return quiet(x, x < 0.0f ? g.hi : right.hi + right.lo);
}
#else
INLINE double squareplus(double x, double b) {
  double a = clamped_magnitude(x, 0x1.fffffffffffffp1023);
  double scale = a > 0x1p200 ? 0x1p-600 : 1.0;
  double m = a * scale;
  Pair h = squareplus_mean(squareplus_root(m, b * scale * scale), m);
  double right = a > 0x1p200 ? x : h.hi + h.lo;
  double left = quotient(pair(b * 0.25, 0.0), h) * scale;
  // Where x is -∞.
  double least = x < -0x1.fffffffffffffp1023 ? 0.0 : left;
  return quiet(x, x < 0.0 ? least : right);
}

INLINE double squareplus_derivative(double x, double b) {
  double a = clamped_magnitude(x, 0x1.fffffffffffffp1023);
  double scale = a > 0x1p200 ? 0x1p-600 : 1.0;
  double m = a * scale;
  Pair w = squareplus_root(m, b * scale * scale);
  Pair q = quotient_pair(pair(b * 0.25, 0.0), pair_multiply(squareplus_mean(w, m), w));
  Pair g = pair_scale(pair_scale(q, scale), scale);
  Pair right = add_to_pair(1.0, pair(-g.hi, -g.lo));
  return quiet(x, x < 0.0 ? g.hi : right.hi + right.lo);
}
#endif
