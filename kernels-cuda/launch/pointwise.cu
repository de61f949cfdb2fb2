// Moves data past one activation, element by element. The host names it by three definitions:
//
//   FUNCTION    the function, DERIVATIVE its derivative
//   ARITY       the number of parameters that follow x
//
// Each kernel takes its buffers, each with the offset of its first element, the number of elements,
// and the parameters. An output may be an input: a work-item reads its elements before it writes
// them, and nobody else touches them.

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

#define FIRST (GROUP * ITEMS * GROUP_SIZE + ITEM)

KERNEL void forward(GLOBAL const float* x, int64 x_offset, GLOBAL float* y, int64 y_offset,
                    int64 count PARAMETERS) {
  x += x_offset;
  y += y_offset;
  float in[ITEMS];
  // All loads come first, so that several are under way at once.
  for (int k = 0; k < ITEMS; k++) {
    int64 i = FIRST + k * GROUP_SIZE;
    in[k] = i < count ? x[i] : 0.0f;
  }
  for (int k = 0; k < ITEMS; k++) {
    int64 i = FIRST + k * GROUP_SIZE;
    if (i < count) y[i] = APPLY(FUNCTION, in[k]);
  }
}

KERNEL void derivative(GLOBAL const float* x, int64 x_offset, GLOBAL float* y, int64 y_offset,
                       int64 count PARAMETERS) {
  x += x_offset;
  y += y_offset;
  float in[ITEMS];
  for (int k = 0; k < ITEMS; k++) {
    int64 i = FIRST + k * GROUP_SIZE;
    in[k] = i < count ? x[i] : 0.0f;
  }
  for (int k = 0; k < ITEMS; k++) {
    int64 i = FIRST + k * GROUP_SIZE;
    if (i < count) y[i] = APPLY(DERIVATIVE, in[k]);
  }
}
