// Moves elements of 16 bits. A function of one has 65,536 values, so the host lets the device
// compute a table of them, in float32, and these kernels look it up: one program serves all
// pointwise activations. Stands behind launch/elements. The host names the type by two definitions:
//
//   WIDEN     makes a float of an element
//   NARROW    makes an element of a float, rounded
//
// Each kernel takes its buffers, each with the offset of its first element, and the number of
// elements. An output may be an input, but no table: a work-item reads its elements before it
// writes them, and nobody else touches them.

typedef struct ALIGNED(16) {
  ushort at[ITEMS];
} Bits;

INLINE void load_bits(ushort* values, GLOBAL const ushort* from, int64 count){
    LOAD(Bits, values, from, ELEMENT, IN_VECTORS(from, count), count)}

INLINE void store_bits(GLOBAL ushort* to, const ushort* values,
                       int64 count){STORE(Bits, to, values, ELEMENT, IN_VECTORS(to, count), count)}

KERNEL void widen(GLOBAL const ushort* x, int64 x_offset, GLOBAL float* y, int64 y_offset,
                  int64 count) {
  ushort v[ITEMS];
  float r[ITEMS];
  load_bits(v, x + x_offset, count);
  UNROLL for (int k = 0; k < ITEMS; k++) r[k] = WIDEN(v[k]);
  store(y + y_offset, r, count);
}

KERNEL void narrow(GLOBAL const float* x, int64 x_offset, GLOBAL ushort* y, int64 y_offset,
                   int64 count) {
  float v[ITEMS];
  ushort r[ITEMS];
  load(v, x + x_offset, count);
  UNROLL for (int k = 0; k < ITEMS; k++) r[k] = NARROW(v[k]);
  store_bits(y + y_offset, r, count);
}

// y = table[x].
KERNEL void lookup(GLOBAL const ushort* x, int64 x_offset, GLOBAL const ushort* table,
                   int64 table_offset, GLOBAL ushort* y, int64 y_offset, int64 count) {
  ushort v[ITEMS];
  load_bits(v, x + x_offset, count);
  UNROLL for (int k = 0; k < ITEMS; k++) v[k] = table[table_offset + v[k]];
  store_bits(y + y_offset, v, count);
}

// y = table[x] and slope = slopes[x]: one read, two writes.
KERNEL void lookup_both(GLOBAL const ushort* x, int64 x_offset, GLOBAL const ushort* table,
                        int64 table_offset, GLOBAL const ushort* slopes, int64 slopes_offset,
                        GLOBAL ushort* y, int64 y_offset, GLOBAL ushort* slope, int64 slope_offset,
                        int64 count) {
  ushort v[ITEMS];
  ushort s[ITEMS];
  load_bits(v, x + x_offset, count);
  UNROLL for (int k = 0; k < ITEMS; k++) {
    s[k] = slopes[slopes_offset + v[k]];
    v[k] = table[table_offset + v[k]];
  }
  store_bits(y + y_offset, v, count);
  store_bits(slope + slope_offset, s, count);
}

// dx = dy * slopes[x] in float32, of a table of floats.
KERNEL void lookup_backward(GLOBAL const ushort* x, int64 x_offset, GLOBAL const ushort* dy,
                            int64 dy_offset, GLOBAL const float* slopes, int64 slopes_offset,
                            GLOBAL ushort* dx, int64 dx_offset, int64 count) {
  ushort v[ITEMS];
  ushort gradient[ITEMS];
  load_bits(v, x + x_offset, count);
  load_bits(gradient, dy + dy_offset, count);
  UNROLL for (int k = 0; k < ITEMS; k++) {
    v[k] = NARROW(WIDEN(gradient[k]) * slopes[slopes_offset + v[k]]);
  }
  store_bits(dx + dx_offset, v, count);
}
