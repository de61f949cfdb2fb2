// Moves data past the two factors of a gated activation, f(gate)·value. Stands behind
// launch/elements. The host names the factors by these definitions:
//
//   FUNCTION    the function of the gate, DERIVATIVE its derivative
//   VALUE       the function of the value, VALUE_DERIVATIVE its derivative; only where it has one
//
// Each kernel takes its buffers, each with the offset of its first element; the number of elements
// of each; how those of gate, value and their gradients lie, which may be halves of a packed array:
// in runs of `width` neighbours that begin `stride` apart; the channels, of which gate and value
// each have a bias, with `inner` neighbours in one; and the parameters. The result and its gradient
// lie side by side. A gradient may take the place of any input but a bias: a work-item reads its
// elements before it writes them, and nobody else touches them.
//
// Without channels there is no bias. In place of its buffers stand others, which are then not read.

// The product, rounded once, and the one NaN where it is none.
INLINE real product(real a, real b) {
  real r = a * b;
  return quiet(r, r);
}

// Where the elements of this work-item lie in runs.
typedef struct {
  int64 at[ITEMS];
  bool neighbours;
} Places;

#define IN_RUNS(k) places->at[k]

INLINE void load_runs(real* values, GLOBAL const real* from, const Places* places, int64 count){
    LOAD(Reals, values, from, IN_RUNS, places->neighbours&& IN_VECTORS(from, count), count)}

INLINE void store_runs(GLOBAL real* to, const real* values, const Places* places, int64 count){
    STORE(Reals, to, values, IN_RUNS, places->neighbours&& IN_VECTORS(to, count), count)}

// Sets where they lie: side by side, and in order, where vectors fill the runs.
INLINE void place(Places* places, int64 width, int64 stride) {
  places->neighbours = ((width | stride) & (ITEMS - 1)) == 0;
  places->at[0] = place_in_runs(ELEMENT(0), width, stride);
  UNROLL for (int k = 1; k < ITEMS; k++) {
    places->at[k] =
        places->neighbours ? places->at[0] + k : place_in_runs(ELEMENT(k), width, stride);
  }
}

// Adds the biases of their channels to the elements of this work-item.
INLINE void add_biases(real* gates, real* values, GLOBAL const real* gate_bias,
                       GLOBAL const real* value_bias, int64 count, int64 channels, int64 inner) {
  UNROLL for (int k = 0; k < ITEMS; k++) {
    int64 channel = channel_of(ELEMENT(k), count, channels, inner);
    gates[k] = added(gates[k], gate_bias[channel]);
    values[k] = added(values[k], value_bias[channel]);
  }
}

KERNEL void forward(GLOBAL const real* gate, int64 gate_offset, GLOBAL const real* value,
                    int64 value_offset, GLOBAL const real* gate_bias, int64 gate_bias_offset,
                    GLOBAL const real* value_bias, int64 value_bias_offset, GLOBAL real* y,
                    int64 y_offset, int64 count, int64 width, int64 stride, int64 channels,
                    int64 inner PARAMETERS) {
  Places places;
  real g[ITEMS];
  real v[ITEMS];
  place(&places, width, stride);
  load_runs(g, gate + gate_offset, &places, count);
  load_runs(v, value + value_offset, &places, count);
  if (channels > 0) {
    add_biases(g, v, gate_bias + gate_bias_offset, value_bias + value_bias_offset, count, channels,
               inner);
  }
  UNROLL for (int k = 0; k < ITEMS; k++) {
#ifdef VALUE
    v[k] = APPLY(VALUE, v[k]);
#endif
    g[k] = product(APPLY(FUNCTION, g[k]), v[k]);
  }
  store(y + y_offset, g, count);
}

// dgate = (dy·value)·f'(gate) and dvalue = dy·f(gate), each product rounded.
KERNEL void backward(GLOBAL const real* gate, int64 gate_offset, GLOBAL const real* value,
                     int64 value_offset, GLOBAL const real* dy, int64 dy_offset,
                     GLOBAL const real* gate_bias, int64 gate_bias_offset,
                     GLOBAL const real* value_bias, int64 value_bias_offset, GLOBAL real* dgate,
                     int64 dgate_offset, GLOBAL real* dvalue, int64 dvalue_offset, int64 count,
                     int64 width, int64 stride, int64 channels, int64 inner PARAMETERS) {
  Places places;
  real g[ITEMS];
  real v[ITEMS];
  real gradient[ITEMS];
  place(&places, width, stride);
  load_runs(g, gate + gate_offset, &places, count);
  load_runs(v, value + value_offset, &places, count);
  load(gradient, dy + dy_offset, count);
  if (channels > 0) {
    add_biases(g, v, gate_bias + gate_bias_offset, value_bias + value_bias_offset, count, channels,
               inner);
  }
  UNROLL for (int k = 0; k < ITEMS; k++) {
    real of_value = product(gradient[k], APPLY(FUNCTION, g[k]));
    real factor = v[k];
#ifdef VALUE
    of_value = product(of_value, APPLY(VALUE_DERIVATIVE, v[k]));
    factor = APPLY(VALUE, v[k]);
#endif
    g[k] = product(product(gradient[k], factor), APPLY(DERIVATIVE, g[k]));
    v[k] = of_value;
  }
  store_runs(dgate + dgate_offset, g, &places, count);
  store_runs(dvalue + dvalue_offset, v, &places, count);
}
