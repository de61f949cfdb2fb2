// laplace(x) = Φ(z) = (1 + erf(z/√2))/2, z = (x - mu)/sigma, Φ the normal distribution; derivative
// φ(z)/sigma, φ its density.
// Source: Ma et al. 2022, Mega, arXiv:2209.10655. Backward needs: input.
// Bound: 1 ULP for every mu and sigma.
//
// Φ(-a) = e^(-a²/2 + S)/(a + 2.5) (for doubles 3.25), S as in gelu, and Φ(a) = 1 - Φ(-a).

// min(|x - mu|/sigma, limit).
INLINE Pair laplace_distance(Pair n, real sigma, real limit) {
  bool beyond = fabs(n.hi) > sigma * limit;
  bool left = n.hi < 0.0f;
  Pair a = pair(beyond ? sigma * limit : left ? -n.hi : n.hi, beyond ? 0.0f : left ? -n.lo : n.lo);
  return pair_multiply(a, reciprocal_pair(sigma));
}

#ifndef FLOAT64
INLINE float laplace(float x, float mu, float sigma) {
  Pair n = two_sum(with_sign(clamped_magnitude(x, 0x1p100f), x), -mu);
  Pair a = laplace_distance(n, sigma, 14.5f);
  Pair r = reciprocal_of_pair(pair_plus(a, 2.5f));
  Pair y = pair_sum(pair_scale(pair_square(a), -0.5f), normal_exponent(r));
  Pair e = pair_multiply(exp_of_pair(y), r);
  float power = exp_power_64(y.hi);
  Pair g = pair_scale_64(e, power);
  Pair right = add_to_pair(1.0f, pair(-g.hi, -g.lo));
  return quiet(x, n.hi < 0.0f ? scale_64(e.hi + e.lo, power) : right.hi + right.lo);
}

INLINE float laplace_derivative(float x, float mu, float sigma) {
  Pair n = two_sum(with_sign(clamped_magnitude(x, 0x1p100f), x), -mu);
  // Even for the smallest sigma the result is 0 from here on.
  Pair a = laplace_distance(n, sigma, 17.0f);
  Pair y = pair_scale(pair_square(a), -0.5f);
  Pair top =
      pair_multiply(reciprocal_pair(sigma), pair(0x1.988454p-2f, -0x1.857936p-27f));  // φ(0)/sigma
  Pair e = pair_multiply(exp_of_pair(y), top);
  return quiet(x, exp_scaled(e.hi + e.lo, y.hi, 0));
}
#else
INLINE double laplace(double x, double mu, double sigma) {
  Pair n = two_sum(with_sign(clamped_magnitude(x, 0x1p200), x), -mu);
  Pair a = laplace_distance(n, sigma, 38.6);
  Pair r = reciprocal_of_pair(pair_plus(a, 3.25));
  Pair y = pair_sum(pair_scale(pair_square(a), -0.5), normal_exponent(r));
  Pair e = pair_multiply(exp_of_pair(y), r);
  double power = exp_power_128(y.hi);
  Pair g = pair_scale_128(e, power);
  Pair right = add_to_pair(1.0, pair(-g.hi, -g.lo));
  return quiet(x, n.hi < 0.0 ? scale_128(e.hi + e.lo, power) : right.hi + right.lo);
}

INLINE double laplace_derivative(double x, double mu, double sigma) {
  Pair n = two_sum(with_sign(clamped_magnitude(x, 0x1p200), x), -mu);
  // Even for the smallest sigma the result is 0 from here on.
  Pair a = laplace_distance(n, sigma, 39.5);
  Pair y = pair_scale(pair_square(a), -0.5);
  // φ(0)/sigma
  Pair top =
      pair_multiply(reciprocal_pair(sigma), pair(0x1.9884533d43651p-2, -0x1.cbc0d30ebfd15p-56));
  Pair e = pair_multiply(exp_of_pair(y), top);
  return quiet(x, exp_scaled(e.hi + e.lo, y.hi));
}
#endif
