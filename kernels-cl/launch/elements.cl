// What loops over the elements of work-items share. The host gives these definitions:
//
//   ARITY       the number of parameters that follow the argument of each function
//   ITEMS       the elements of one work-item

#if ARITY == 0
#define PARAMETERS
#define APPLY(f, x) f(x)
#elif ARITY == 1
#define PARAMETERS , real p
#define APPLY(f, x) f(x, p)
#elif ARITY == 2
#define PARAMETERS , real p, real q
#define APPLY(f, x) f(x, p, q)
#elif ARITY == 3
#define PARAMETERS , real p, real q, real w
#define APPLY(f, x) f(x, p, q, w)
#endif

// Elements of one work-item, a group's size apart, so that neighbours read neighbours. Loops over
// them are unrolled, whatever the size of a formula: a rolled one would keep its arrays in memory.
#ifndef ITEMS
#define ITEMS 4
#endif

// The k-th element of this work-item.
#define ELEMENT(k) ((GROUP * ITEMS + (k)) * GROUP_SIZE + ITEM)

// Loads the elements of this work-item. All loads stand before the first use, so that several are
// under way at once.
INLINE void load(real* values, GLOBAL const real* from, int64 count) {
#pragma unroll
  for (int k = 0; k < ITEMS; k++) values[k] = ELEMENT(k) < count ? from[ELEMENT(k)] : 0;
}

// Stores the elements of this work-item.
INLINE void store(GLOBAL real* to, const real* values, int64 count) {
#pragma unroll
  for (int k = 0; k < ITEMS; k++) {
    if (ELEMENT(k) < count) to[ELEMENT(k)] = values[k];
  }
}

// The place of an element's channel. Channels and what lies between them are no more than the
// elements; a division of 32 bits takes a GPU a fraction of the time that one of 64 takes.
INLINE int64 channel_of(int64 element, int64 count, int64 channels, int64 inner) {
  if (count <= 0x7FFFFFFF) return (uint)element / (uint)inner % (uint)channels;
  return element / inner % channels;
}

// a + b, rounded once.
INLINE real added(real a, real b) {
  real r = a + b;
  return quiet(r, r);
}
