// rrelu(x) = x > 0 ? x : (lower + upper)/2·x; derivative x > 0 ? 1 : (lower + upper)/2. In training
// the slope is drawn for each element, and takes the place of both.
// Source: Xu, Wang, Chen, Li 2015, arXiv:1505.00853.
// Backward needs: input or output. Bound: 1 ULP; derivative 0.5 ULP.

#ifndef FLOAT64
#define RRELU_LARGEST 0x1.fffffep127f
#else
#define RRELU_LARGEST 0x1.fffffffffffffp1023
#endif

INLINE real rrelu(real x, real lower, real upper) {
  // Halves of subnormal slopes would be rounded.
  bool tiny = fabs(lower) + fabs(upper) < 0x1p-64f;
  real lift = tiny ? 0x1p64f : 1.0f;
  Pair slope = two_sum(lower * lift * 0.5f, upper * lift * 0.5f);
  // What the slope lacks counts for numbers only: at -∞ its sign may be the other one.
  real rest = x < -RRELU_LARGEST ? 0.0f : slope.lo * x;
  // Slope 0 is relu: its limit at -∞ is 0, where the product would be NaN.
  real negative = slope.hi == 0.0f ? 0.0f : fma(slope.hi, x, rest) * (tiny ? 0x1p-64f : 1.0f);
  return quiet(x, x > 0.0f ? x : negative);
}

INLINE real rrelu_derivative(real x, real lower, real upper) {
  return quiet(x, x > 0.0f ? 1.0f : (lower + upper) * 0.5f);
}

INLINE real rrelu_derivative_from_output(real y, real lower, real upper) {
  return rrelu_derivative(y, lower, upper);
}
