// Moves data past one activation, element by element. Stands behind launch/kinks. The host adds
// to the definitions:
//
//   FROM_OUTPUT the derivative where the function is y, if it has such a one
//
// Each kernel takes its buffers, each with the offset of its first element, the number of elements,
// the parameters, and where it needs the derivative the kinks. An output may be an input: a
// work-item reads its elements before it writes them, and nobody else touches them.

KERNEL void forward(GLOBAL const real* x, int64 x_offset, GLOBAL real* y, int64 y_offset,
                    int64 count PARAMETERS) {
  real v[ITEMS];
  load(v, x + x_offset, count);
  UNROLL for (int k = 0; k < ITEMS; k++) v[k] = APPLY(FUNCTION, v[k]);
  store(y + y_offset, v, count);
}

KERNEL void derivative(GLOBAL const real* x, int64 x_offset, GLOBAL real* y, int64 y_offset,
                       int64 count PARAMETERS KINKS) {
  real v[ITEMS];
  load(v, x + x_offset, count);
  UNROLL for (int k = 0; k < ITEMS; k++) v[k] = SLOPE(v[k]);
  store(y + y_offset, v, count);
}

// y = f(x) and slope = f'(x): one read, two writes.
KERNEL void forward_with_derivative(GLOBAL const real* x, int64 x_offset, GLOBAL real* y,
                                    int64 y_offset, GLOBAL real* slope, int64 slope_offset,
                                    int64 count PARAMETERS KINKS) {
  real v[ITEMS];
  real s[ITEMS];
  load(v, x + x_offset, count);
  UNROLL for (int k = 0; k < ITEMS; k++) {
    s[k] = SLOPE(v[k]);
    v[k] = APPLY(FUNCTION, v[k]);
  }
  store(y + y_offset, v, count);
  store(slope + slope_offset, s, count);
}

// dx = dy * f'(x), for activations that save their input.
KERNEL void backward(GLOBAL const real* x, int64 x_offset, GLOBAL const real* dy, int64 dy_offset,
                     GLOBAL real* dx, int64 dx_offset, int64 count PARAMETERS KINKS) {
  real v[ITEMS];
  real gradient[ITEMS];
  load(v, x + x_offset, count);
  load(gradient, dy + dy_offset, count);
  UNROLL for (int k = 0; k < ITEMS; k++) {
    real r = gradient[k] * SLOPE(v[k]);
    v[k] = quiet(r, r);
  }
  store(dx + dx_offset, v, count);
}

#ifdef FROM_OUTPUT
// dx = dy * f'(x), for activations whose output y = f(x) tells f'(x).
KERNEL void backward_from_output(GLOBAL const real* y, int64 y_offset, GLOBAL const real* dy,
                                 int64 dy_offset, GLOBAL real* dx, int64 dx_offset,
                                 int64 count PARAMETERS) {
  real v[ITEMS];
  real gradient[ITEMS];
  load(v, y + y_offset, count);
  load(gradient, dy + dy_offset, count);
  UNROLL for (int k = 0; k < ITEMS; k++) {
    real r = gradient[k] * APPLY(FROM_OUTPUT, v[k]);
    v[k] = quiet(r, r);
  }
  store(dx + dx_offset, v, count);
}
#endif
