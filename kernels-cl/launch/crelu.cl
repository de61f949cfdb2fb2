// Moves data past crelu. Each half of the output lies in runs of `width` neighbours that begin
// `stride` apart, the second one `width` after the first; the input lies side by side. The gradient
// may take the place of the input.

KERNEL void forward(GLOBAL const real* x, int64 x_offset, GLOBAL real* y, int64 y_offset,
                    int64 count, int64 width, int64 stride) {
  int64 i = GROUP * GROUP_SIZE + ITEM;
  if (i >= count) return;
  GLOBAL real* out = y + y_offset + place_in_runs(i, width, stride);
  real v = x[x_offset + i];
  out[0] = crelu(v);
  out[width] = crelu(-v);
}

KERNEL void backward(GLOBAL const real* x, int64 x_offset, GLOBAL const real* dy, int64 dy_offset,
                     GLOBAL real* dx, int64 dx_offset, int64 count, int64 width, int64 stride) {
  int64 i = GROUP * GROUP_SIZE + ITEM;
  if (i >= count) return;
  GLOBAL const real* in = dy + dy_offset + place_in_runs(i, width, stride);
  dx[dx_offset + i] = crelu_gradient(x[x_offset + i], in[0], in[width]);
}
