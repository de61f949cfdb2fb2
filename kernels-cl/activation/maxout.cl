// maxout(x[0], x[1], ...) = the largest; its gradient goes to the first of the largest.
// Source: Goodfellow, Warde-Farley, Mirza, Courville, Bengio 2013, arXiv:1302.4389.
// Backward needs: input. Exact.

// The larger one of a maximum so far and the next piece; the first where they are equal, and NaN
// where either is.
INLINE real maxout(real so_far, real next) {
  return quiet(so_far, quiet(next, next > so_far ? next : so_far));
}

// The gradient of a piece: dy for the one that was largest first, unless the maximum is NaN.
INLINE real maxout_gradient(real maximum, real dy, bool first) {
  return quiet(maximum, first ? quiet(dy, dy) : 0.0f);
}
