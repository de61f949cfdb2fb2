// cube(x) = x³; derivative 3·x².
// Source: Chen, Manning 2014, A Fast and Accurate Dependency Parser, doi:10.3115/v1/D14-1082.
// Backward needs: input. Bound: 1 ULP.
//
// The square is taken exactly, in two parts, and so that neither it nor what follows leaves the
// floats: small inputs are scaled, and from the limits on the results are infinite anyway.

#ifndef FLOAT64
INLINE float cube(float x) {
  float a = clamped_magnitude(x, 0x1p43f);
  bool small = a < 0x1p-30f;
  float b = small ? a * 0x1p40f : a;
  Pair square = two_product(b, b);
  float r = fma(square.hi, b, square.lo * b);
  return quiet(x, with_sign(small ? r * 0x1p-120f : r, x));
}

INLINE float cube_derivative(float x) {
  float a = clamped_magnitude(x, 0x1.8p63f);
  bool small = a < 0x1p-40f;
  float b = small ? a * 0x1p48f : a;
  Pair square = two_product(b, b);
  float r = fma(square.hi, 3.0f, square.lo * 3.0f);
  return quiet(x, small ? r * 0x1p-96f : r);
}
#else
INLINE double cube(double x) {
  double a = clamped_magnitude(x, 0x1p342);
  bool small = a < 0x1p-240;
  double b = small ? a * 0x1p320 : a;
  Pair square = two_product(b, b);
  double r = fma(square.hi, b, square.lo * b);
  return quiet(x, with_sign(small ? r * 0x1p-960 : r, x));
}

INLINE double cube_derivative(double x) {
  double a = clamped_magnitude(x, 0x1.8p511);
  bool small = a < 0x1p-300;
  double b = small ? a * 0x1p400 : a;
  Pair square = two_product(b, b);
  double r = fma(square.hi, 3.0, square.lo * 3.0);
  return quiet(x, small ? r * 0x1p-800 : r);
}
#endif
