// sparse_plus(x) = x <= -1 ? 0 : x >= 1 ? x : (x + 1)²/4; derivative x <= -1 ? 0 : x >= 1 ? 1 :
// (x + 1)/2, which is sparse_sigmoid.
// Source: jax.nn.sparse_plus. Backward needs: input.
// Bound: 1 ULP.

INLINE real sparse_plus(real x) {
  Pair square = pair_square(two_sum(x, 1.0f));
  real r = (square.hi + square.lo) * 0.25f;
  return quiet(x, x > -1.0f ? (x < 1.0f ? r : x) : 0.0f);
}

INLINE real sparse_plus_derivative(real x) {
  return quiet(x, x > -1.0f ? (x < 1.0f ? (x + 1.0f) * 0.5f : 1.0f) : 0.0f);
}
