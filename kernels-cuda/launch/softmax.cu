// Moves rows past the pieces of softmax. A row is `axis` elements that lie `inner` apart; there are
// `rows` of them, and row r begins at (r / inner)·axis·inner + r mod inner.
//
// Two ways to walk, with the same bits, because sums of integers do not depend on their order:
//
//   forward_group, backward_group   a group for each row: long rows
//   forward_item, backward_item     a work-item for each row: short rows, and neighbours that lie
//                                   next to each other
//
// An output may be an input: each element is read and written last by one work-item, after all
// passes that read others.

// The largest group, a power of two.
#define MAX_GROUP 256

INLINE int64 row_start(int64 row, int64 axis, int64 inner) {
  return (row / inner) * axis * inner + row % inner;
}

// ---- Reductions in a group: every work-item gets the result ----

// The largest of the work-items' values.
INLINE float group_maximum(SHARED float* values, float mine) {
  BARRIER();
  values[ITEM] = mine;
  for (int width = GROUP_SIZE / 2; width > 0; width /= 2) {
    BARRIER();
    if (ITEM < width) values[ITEM] = softmax_maximum(values[ITEM], values[ITEM + width]);
  }
  BARRIER();
  return values[0];
}

// The sum of the work-items' values.
INLINE int64 group_sum(SHARED int64* values, int64 mine) {
  BARRIER();
  values[ITEM] = mine;
  for (int width = GROUP_SIZE / 2; width > 0; width /= 2) {
    BARRIER();
    if (ITEM < width) values[ITEM] += values[ITEM + width];
  }
  BARRIER();
  return values[0];
}

// ---- A group for each row ----

KERNEL void forward_group(GLOBAL const float* x, int64 x_offset, GLOBAL float* y, int64 y_offset,
                          int64 rows, int64 axis, int64 inner) {
  SHARED_ARRAY(float, maxima, MAX_GROUP);
  SHARED_ARRAY(int64, sums, MAX_GROUP);
  for (int64 row = GROUP; row < rows; row += GROUPS) {
    GLOBAL const float* in = x + x_offset + row_start(row, axis, inner);
    GLOBAL float* out = y + y_offset + row_start(row, axis, inner);

    float m = as_float(0xFF800000u);
    for (int64 i = ITEM; i < axis; i += GROUP_SIZE) m = softmax_maximum(m, in[i * inner]);
    m = group_maximum(maxima, m);

    int64 high = 0;
    int64 low = 0;
    for (int64 i = ITEM; i < axis; i += GROUP_SIZE) {
      Limbs term = softmax_term(in[i * inner], m);
      high += term.high;
      low += term.low;
    }
    high = group_sum(sums, high);
    low = group_sum(sums, low);

    Pair total = softmax_sum(high, low);
    for (int64 i = ITEM; i < axis; i += GROUP_SIZE) {
      out[i * inner] = softmax(in[i * inner], m, total);
    }
  }
}

KERNEL void backward_group(GLOBAL const float* y, int64 y_offset, GLOBAL const float* dy,
                           int64 dy_offset, GLOBAL float* dx, int64 dx_offset, int64 rows,
                           int64 axis, int64 inner) {
  SHARED_ARRAY(float, maxima, MAX_GROUP);
  SHARED_ARRAY(int64, sums, MAX_GROUP);
  for (int64 row = GROUP; row < rows; row += GROUPS) {
    GLOBAL const float* saved = y + y_offset + row_start(row, axis, inner);
    GLOBAL const float* in = dy + dy_offset + row_start(row, axis, inner);
    GLOBAL float* out = dx + dx_offset + row_start(row, axis, inner);

    float m = 0.0f;
    for (int64 i = ITEM; i < axis; i += GROUP_SIZE) {
      m = softmax_magnitude(m, saved[i * inner], in[i * inner]);
    }
    m = group_maximum(maxima, m);

    int64 high = 0;
    int64 low = 0;
    for (int64 i = ITEM; i < axis; i += GROUP_SIZE) {
      Limbs product = softmax_product(saved[i * inner], in[i * inner], m);
      high += product.high;
      low += product.low;
    }
    high = group_sum(sums, high);
    low = group_sum(sums, low);

    Pair dot = softmax_sum(high, low);
    for (int64 i = ITEM; i < axis; i += GROUP_SIZE) {
      out[i * inner] = softmax_gradient(saved[i * inner], in[i * inner], m, dot);
    }
  }
}

// ---- A work-item for each row ----

KERNEL void forward_item(GLOBAL const float* x, int64 x_offset, GLOBAL float* y, int64 y_offset,
                         int64 rows, int64 axis, int64 inner) {
  int64 row = GROUP * GROUP_SIZE + ITEM;
  if (row >= rows) return;
  GLOBAL const float* in = x + x_offset + row_start(row, axis, inner);
  GLOBAL float* out = y + y_offset + row_start(row, axis, inner);

  float m = as_float(0xFF800000u);
  for (int64 i = 0; i < axis; i++) m = softmax_maximum(m, in[i * inner]);

  int64 high = 0;
  int64 low = 0;
  for (int64 i = 0; i < axis; i++) {
    Limbs term = softmax_term(in[i * inner], m);
    high += term.high;
    low += term.low;
  }

  Pair total = softmax_sum(high, low);
  for (int64 i = 0; i < axis; i++) out[i * inner] = softmax(in[i * inner], m, total);
}

KERNEL void backward_item(GLOBAL const float* y, int64 y_offset, GLOBAL const float* dy,
                          int64 dy_offset, GLOBAL float* dx, int64 dx_offset, int64 rows,
                          int64 axis, int64 inner) {
  int64 row = GROUP * GROUP_SIZE + ITEM;
  if (row >= rows) return;
  GLOBAL const float* saved = y + y_offset + row_start(row, axis, inner);
  GLOBAL const float* in = dy + dy_offset + row_start(row, axis, inner);
  GLOBAL float* out = dx + dx_offset + row_start(row, axis, inner);

  float m = 0.0f;
  for (int64 i = 0; i < axis; i++) m = softmax_magnitude(m, saved[i * inner], in[i * inner]);

  int64 high = 0;
  int64 low = 0;
  for (int64 i = 0; i < axis; i++) {
    Limbs product = softmax_product(saved[i * inner], in[i * inner], m);
    high += product.high;
    low += product.low;
  }

  Pair dot = softmax_sum(high, low);
  for (int64 i = 0; i < axis; i++) {
    out[i * inner] = softmax_gradient(saved[i * inner], in[i * inner], m, dot);
  }
}
