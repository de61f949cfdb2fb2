// hard_sigmoid(x) = min(max(slope·x + offset, 0), 1); derivative 0 < slope·x + offset < 1 ? slope :
// 0.
// Source: Courbariaux, Bengio, David 2015, arXiv:1511.00363. Backward needs: input or output.
// Bound: 0.5 ULP; derivative exact.

INLINE real hard_sigmoid(real x, real slope, real offset) {
  real z = fma(slope, x, offset);
  return quiet(x, z > 0.0f ? (z < 1.0f ? z : 1.0f) : 0.0f);
}

// Beyond the limit the product might overflow, so all is scaled down; what offset and 1 lose by
// that is nothing beside it.
#ifndef FLOAT64
#define HARD_SIGMOID_LIMIT 0x1p64f
#define HARD_SIGMOID_SCALE 0x1p-64f
#else
#define HARD_SIGMOID_LIMIT 0x1p256
#define HARD_SIGMOID_SCALE 0x1p-256
#endif

INLINE real hard_sigmoid_derivative(real x, real slope, real offset) {
  // Rounding keeps the sign of z, but may lift it to 1: the sign of z - 1 needs all of its digits.
  real scale = fabs(x) > HARD_SIGMOID_LIMIT ? HARD_SIGMOID_SCALE : 1.0f;
  real z = offset == 0.0f ? x : fma(slope, x, offset);
  Pair product = two_product(slope, x * scale);
  Pair rest = two_sum(offset * scale, -scale);
  Pair sum = two_sum(product.hi, rest.hi);
  real above = sum.hi + (sum.lo + (product.lo + rest.lo));
  return quiet(x, z > 0.0f ? (above < 0.0f ? slope : 0.0f) : 0.0f);
}

INLINE real hard_sigmoid_derivative_from_output(real y, real slope, real offset) {
  return quiet(y, y > 0.0f ? (y < 1.0f ? slope : 0.0f) : 0.0f);
}
