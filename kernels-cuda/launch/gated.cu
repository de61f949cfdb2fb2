// Moves data past the two factors of a gated activation, f(gate)·value. The host names them by
// definitions:
//
//   FUNCTION    the function of the gate, DERIVATIVE its derivative
//   VALUE       the function of the value, VALUE_DERIVATIVE its derivative; only where it has one
//   ARITY       the number of parameters that follow the argument of each
//
// Each kernel takes its buffers, each with the offset of its first element; the number of elements
// of each; how those of gate, value and their gradients lie, which may be halves of a packed array:
// in runs of `width` neighbours that begin `stride` apart; and the parameters. The result and its
// gradient lie side by side. A gradient may take the place of any input: a work-item reads its
// elements before it writes them, and nobody else touches them.

#if ARITY == 0
#define PARAMETERS
#define APPLY(f, x) f(x)
#elif ARITY == 1
#define PARAMETERS , float p
#define APPLY(f, x) f(x, p)
#elif ARITY == 2
#define PARAMETERS , float p, float q
#define APPLY(f, x) f(x, p, q)
#endif

// Elements of one work-item, a group's size apart, so that neighbours read neighbours.
#ifndef ITEMS
#define ITEMS 4
#endif

// The k-th element of this work-item.
#define ELEMENT(k) ((GROUP * ITEMS + (k)) * GROUP_SIZE + ITEM)

// The product, rounded once, and the one NaN where it is none.
INLINE float product(float a, float b) {
  float r = a * b;
  return quiet(r, r);
}

// Loads the elements of this work-item. All loads stand before the first use, so that several are
// under way at once.
INLINE void load(float* values, GLOBAL const float* from, const int64* places, int64 count) {
  for (int k = 0; k < ITEMS; k++) values[k] = ELEMENT(k) < count ? from[places[k]] : 0.0f;
}

// Stores the elements of this work-item.
INLINE void store(GLOBAL float* to, const float* values, const int64* places, int64 count) {
  for (int k = 0; k < ITEMS; k++) {
    if (ELEMENT(k) < count) to[places[k]] = values[k];
  }
}

// Sets where the elements of this work-item lie side by side, and where in runs.
INLINE void place(int64* side, int64* runs, int64 width, int64 stride) {
  for (int k = 0; k < ITEMS; k++) {
    side[k] = ELEMENT(k);
    runs[k] = place_in_runs(ELEMENT(k), width, stride);
  }
}

KERNEL void forward(GLOBAL const float* gate, int64 gate_offset, GLOBAL const float* value,
                    int64 value_offset, GLOBAL float* y, int64 y_offset, int64 count, int64 width,
                    int64 stride PARAMETERS) {
  int64 side[ITEMS];
  int64 runs[ITEMS];
  float g[ITEMS];
  float v[ITEMS];
  place(side, runs, width, stride);
  load(g, gate + gate_offset, runs, count);
  load(v, value + value_offset, runs, count);
  for (int k = 0; k < ITEMS; k++) {
#ifdef VALUE
    v[k] = APPLY(VALUE, v[k]);
#endif
    g[k] = product(APPLY(FUNCTION, g[k]), v[k]);
  }
  store(y + y_offset, g, side, count);
}

// dgate = (dy·value)·f'(gate) and dvalue = dy·f(gate), each product rounded.
KERNEL void backward(GLOBAL const float* gate, int64 gate_offset, GLOBAL const float* value,
                     int64 value_offset, GLOBAL const float* dy, int64 dy_offset,
                     GLOBAL float* dgate, int64 dgate_offset, GLOBAL float* dvalue,
                     int64 dvalue_offset, int64 count, int64 width, int64 stride PARAMETERS) {
  int64 side[ITEMS];
  int64 runs[ITEMS];
  float g[ITEMS];
  float v[ITEMS];
  float gradient[ITEMS];
  place(side, runs, width, stride);
  load(g, gate + gate_offset, runs, count);
  load(v, value + value_offset, runs, count);
  load(gradient, dy + dy_offset, side, count);
  for (int k = 0; k < ITEMS; k++) {
    float of_value = product(gradient[k], APPLY(FUNCTION, g[k]));
    float factor = v[k];
#ifdef VALUE
    of_value = product(of_value, APPLY(VALUE_DERIVATIVE, v[k]));
    factor = APPLY(VALUE, v[k]);
#endif
    g[k] = product(product(gradient[k], factor), APPLY(DERIVATIVE, g[k]));
    v[k] = of_value;
  }
  store(dgate + dgate_offset, g, runs, count);
  store(dvalue + dvalue_offset, v, runs, count);
}
