// Moves data past maxout. The axis of the input is cut into pieces, each of which lies in runs of
// `width` neighbours that begin `stride` apart; the pieces take turns, so that there are stride /
// width of them, and one begins `width` after the other. The output is as one of them, side by
// side. A work-item takes one element of each piece, and reads all before it writes any, so that
// the gradient may take the place of the input.

KERNEL void forward(GLOBAL const real* x, int64 x_offset, GLOBAL real* y, int64 y_offset,
                    int64 count, int64 width, int64 stride) {
  int64 i = GROUP * GROUP_SIZE + ITEM;
  if (i >= count) return;
  GLOBAL const real* in = x + x_offset + place_in_runs(i, width, stride);
  real m = in[0];
  for (int64 piece = 0; piece < stride; piece += width) m = maxout(m, in[piece]);
  y[y_offset + i] = m;
}

KERNEL void backward(GLOBAL const real* x, int64 x_offset, GLOBAL const real* dy, int64 dy_offset,
                     GLOBAL real* dx, int64 dx_offset, int64 count, int64 width, int64 stride) {
  int64 i = GROUP * GROUP_SIZE + ITEM;
  if (i >= count) return;
  int64 first = place_in_runs(i, width, stride);
  GLOBAL const real* in = x + x_offset + first;
  GLOBAL real* out = dx + dx_offset + first;
  real m = in[0];
  int64 largest = 0;
  for (int64 piece = width; piece < stride; piece += width) {
    if (in[piece] > m) largest = piece;
    m = maxout(m, in[piece]);
  }
  real gradient = dy[dy_offset + i];
  for (int64 piece = 0; piece < stride; piece += width) {
    out[piece] = maxout_gradient(m, gradient, piece == largest);
  }
}
