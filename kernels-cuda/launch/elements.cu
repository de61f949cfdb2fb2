// What loops over the elements of work-items share. The host gives these definitions:
//
//   ARITY       the number of parameters that follow the argument of each function
//   ITEMS       the elements of one work-item: 1, or so many that they fill 16 bytes

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

// The k-th element of this work-item. Loops over them are unrolled, whatever the size of a formula:
// a rolled one would keep its arrays in memory.
#define ELEMENT(k) ((GROUP * GROUP_SIZE + ITEM) * ITEMS + (k))
#define UNROLL _Pragma("unroll")

// Whether the elements of this group can be moved in accesses of 16 bytes: all of them exist, and
// they begin where such an access may. Those of a slice need not.
#define IN_VECTORS(from, count) \
  (ITEMS > 1 && (GROUP + 1) * GROUP_SIZE * ITEMS <= count && ((size_t)(from)&15) == 0)

// Loads the elements of this work-item, or stores them; the k-th lies at PLACE(k), and where
// vectors are said to do they are neighbours. All loads stand before the first use, so that those
// of several buffers are under way at once.
#define LOAD(Vector, values, from, PLACE, vectors, count)                                       \
  if (vectors) {                                                                                \
    Vector all = *(GLOBAL const Vector*)((from) + PLACE(0));                                    \
    UNROLL for (int k = 0; k < ITEMS; k++) values[k] = all.at[k];                               \
  } else {                                                                                      \
    UNROLL for (int k = 0; k < ITEMS; k++) values[k] = ELEMENT(k) < count ? from[PLACE(k)] : 0; \
  }

#define STORE(Vector, to, values, PLACE, vectors, count)          \
  if (vectors) {                                                  \
    Vector all;                                                   \
    UNROLL for (int k = 0; k < ITEMS; k++) all.at[k] = values[k]; \
    *(GLOBAL Vector*)((to) + PLACE(0)) = all;                     \
  } else {                                                        \
    UNROLL for (int k = 0; k < ITEMS; k++) {                      \
      if (ELEMENT(k) < count) to[PLACE(k)] = values[k];           \
    }                                                             \
  }

typedef struct ALIGNED(16) {
  real at[ITEMS];
} Reals;

INLINE void load(real* values, GLOBAL const real* from,
                 int64 count){LOAD(Reals, values, from, ELEMENT, IN_VECTORS(from, count), count)}

INLINE void store(GLOBAL real* to, const real* values,
                  int64 count){STORE(Reals, to, values, ELEMENT, IN_VECTORS(to, count), count)}

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
