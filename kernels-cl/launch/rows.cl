// Moves rows past the pieces of one activation, which the host names by the definition FUNCTION. A
// row is `axis` elements that lie `inner` apart; there are `rows` of them, and row r begins at
// (r / inner)·axis·inner + r mod inner. For softmax the pieces are:
//
//   forward   m = softmax_fold over the row, from -∞
//             row = softmax_solve of the sum of softmax_term, again while row.pending is not 0
//             y = softmax(x, row)
//   backward  the same with softmax_gradient_fold, from 0, and so on, of y and dy
//
// A file of pieces may say more:
//
//   #define SUMS 2    a second sum, of softmax_weight, is one more argument of softmax_solve
//   #define ARITY 1   the activation has a parameter, which the host gives last
//   #define MASKED 1  the pieces of a forward pass take a mask after x; so does the kernel
//   #define DRAWN 1   the pieces of a forward pass take a random number after x, from (0, 1); the
//                     host gives the seed and the index of the first element after `inner`
//   #define FIRST 1   in a forward pass what follows the first element that is m gets its result
//                     from softmax_later
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

#ifndef SUMS
#define SUMS 1
#endif

#ifndef FIRST
#define FIRST 0
#endif

#ifndef MASKED
#define MASKED 0
#endif

#ifndef DRAWN
#define DRAWN 0
#endif

#ifdef ARITY
#define PARAMETERS , real p
#define PARAMETER p
#else
#define PARAMETERS
#define PARAMETER 0.0f
#endif

// What the pieces of a forward pass take of a and b.
#if MASKED || DRAWN
#define INPUTS a, b
#else
#define INPUTS a
#endif

#if MASKED
#define MASK_INPUT GLOBAL const real *mask, int64 mask_offset,
#define MASK mask + mask_offset + start
#else
#define MASK_INPUT
#define MASK in
#endif

#if DRAWN
#define DRAWS , int64 seed, int64 first
#define DRAWS_FROM(start) draws_from(seed, first + (start))
#else
#define DRAWS
#define DRAWS_FROM(start) draws_from(0, 0)
#endif

// ---- The pieces. `back` is known when the compiler meets it, so that no branch is left ----

#define GLUE(a, b) a##b
#define NAME(function, piece) GLUE(function, piece)
#define PIECE(piece) NAME(FUNCTION, piece)

INLINE real fold(bool back, real m, real a, real b) {
  return back ? PIECE(_gradient_fold)(m, a, b) : PIECE(_fold)(m, INPUTS);
}

INLINE Limbs term(bool back, real a, real b, Row row) {
  return back ? PIECE(_gradient_term)(a, b, row) : PIECE(_term)(INPUTS, row);
}

#if SUMS == 2
INLINE Limbs weight(bool back, real a, real b, Row row) {
  return back ? PIECE(_gradient_weight)(a, b, row) : PIECE(_weight)(INPUTS, row);
}

INLINE Row solve(bool back, Row row, Pair sum, Pair other) {
  return back ? PIECE(_gradient_solve)(row, sum, other) : PIECE(_solve)(row, sum, other);
}
#else
INLINE Limbs weight(bool back, real a, real b, Row row) { return limbs_of(pair(0.0f, 0.0f)); }

INLINE Row solve(bool back, Row row, Pair sum, Pair other) {
  return back ? PIECE(_gradient_solve)(row, sum) : PIECE(_solve)(row, sum);
}
#endif

INLINE real map(bool back, real a, real b, Row row) {
  return back ? PIECE(_gradient)(a, b, row) : FUNCTION(INPUTS, row);
}

#if FIRST
INLINE real later(real a, Row row) { return PIECE(_later)(a, row); }
#else
INLINE real later(real a, Row row) { return a; }
#endif

// ---- Rows ----

INLINE int64 row_start(int64 row, int64 axis, int64 inner) {
  return (row / inner) * axis * inner + row % inner;
}

// What a fold starts from.
#ifndef FLOAT64
INLINE real fold_start(bool back) { return back ? 0.0f : as_float(0xFF800000u); }
#else
INLINE real fold_start(bool back) { return back ? 0.0 : as_double(0xFFF0000000000000); }
#endif

// Where the random numbers of a row come from.
typedef struct {
  int64 seed, first;
} Draws;

INLINE Draws draws_from(int64 seed, int64 first) {
  Draws d;
  d.seed = seed;
  d.first = first;
  return d;
}

// The second input, where there is one.
#if DRAWN
INLINE real second_input(bool back, GLOBAL const real* b, Draws draws, int64 at) {
  if (back) return b[at];
  return unit_number(threefry(words_of(draws.seed), words_of(draws.first + at)).second);
}
#else
INLINE real second_input(bool back, GLOBAL const real* b, Draws draws, int64 at) {
  return back || MASKED ? b[at] : 0.0f;
}
#endif

// A sum of terms.
#define LIMBS 3

typedef struct {
  int64 high, mid, low;
} Sum;

INLINE Sum no_sum() {
  Sum s;
  s.high = 0;
  s.mid = 0;
  s.low = 0;
  return s;
}

INLINE Sum plus(Sum s, Limbs term) {
  s.high += term.high;
  s.mid += term.mid;
  s.low += term.low;
  return s;
}

INLINE Pair value_of(Sum s) { return sum_of_limbs(s.high, s.mid, s.low); }

// ---- Reductions in a group: every work-item gets the result ----

// The largest of the work-items' values.
INLINE real group_maximum(SHARED real* values, real mine) {
  BARRIER();
  values[ITEM] = mine;
  for (int width = GROUP_SIZE / 2; width > 0; width /= 2) {
    BARRIER();
    if (ITEM < width) values[ITEM] = maximum(values[ITEM], values[ITEM + width]);
  }
  BARRIER();
  return values[0];
}

// The sum of the work-items' sums. Each limb has an array of its own: PoCL makes vectors of the
// work-items then, and none where a structure lies in shared memory.
INLINE Sum group_total(SHARED int64* high, Sum mine) {
  SHARED int64* mid = high + MAX_GROUP;
  SHARED int64* low = mid + MAX_GROUP;
  BARRIER();
  high[ITEM] = mine.high;
  mid[ITEM] = mine.mid;
  low[ITEM] = mine.low;
  for (int width = GROUP_SIZE / 2; width > 0; width /= 2) {
    BARRIER();
    if (ITEM < width) {
      high[ITEM] += high[ITEM + width];
      mid[ITEM] += mid[ITEM + width];
      low[ITEM] += low[ITEM + width];
    }
  }
  BARRIER();
  Sum total = no_sum();
  total.high = high[0];
  total.mid = mid[0];
  total.low = low[0];
  return total;
}

// The smallest of the work-items' values.
INLINE int64 group_minimum(SHARED int64* values, int64 mine) {
  BARRIER();
  values[ITEM] = mine;
  for (int width = GROUP_SIZE / 2; width > 0; width /= 2) {
    BARRIER();
    if (ITEM < width && values[ITEM + width] < values[ITEM]) values[ITEM] = values[ITEM + width];
  }
  BARRIER();
  return values[0];
}

// ---- A group for each row ----

INLINE void group_row(bool back, GLOBAL const real* a, GLOBAL const real* b, GLOBAL real* out,
                      int64 axis, int64 inner, Draws draws, real parameter, SHARED real* maxima,
                      SHARED int64* sums) {
  real m = fold_start(back);
  for (int64 i = ITEM; i < axis; i += GROUP_SIZE) {
    m = fold(back, m, a[i * inner], second_input(back, b, draws, i * inner));
  }
  Row row = row_of(group_maximum(maxima, m), parameter);

  while (row.pending != 0.0f) {
    Sum sum = no_sum();
    Sum other = no_sum();
    for (int64 i = ITEM; i < axis; i += GROUP_SIZE) {
      real first = a[i * inner];
      real second = second_input(back, b, draws, i * inner);
      sum = plus(sum, term(back, first, second, row));
      other = plus(other, weight(back, first, second, row));
    }
    sum = group_total(sums, sum);
    if (SUMS == 2) other = group_total(sums, other);
    row = solve(back, row, value_of(sum), value_of(other));
  }

  int64 first = axis;
  if (FIRST && !back) {
    for (int64 i = ITEM; i < axis && first == axis; i += GROUP_SIZE) {
      if (a[i * inner] == row.m) first = i;
    }
    first = group_minimum(sums, first);
  }

  for (int64 i = ITEM; i < axis; i += GROUP_SIZE) {
    real x = a[i * inner];
    real y = map(back, x, second_input(back, b, draws, i * inner), row);
    out[i * inner] = i > first ? later(x, row) : y;
  }
}

KERNEL void forward_group(GLOBAL const real* x, int64 x_offset, MASK_INPUT GLOBAL real* y,
                          int64 y_offset, int64 rows, int64 axis, int64 inner DRAWS PARAMETERS) {
  SHARED_ARRAY(real, maxima, MAX_GROUP);
  SHARED_ARRAY(int64, sums, LIMBS * MAX_GROUP);
  for (int64 row = GROUP; row < rows; row += GROUPS) {
    int64 start = row_start(row, axis, inner);
    GLOBAL const real* in = x + x_offset + start;
    group_row(false, in, MASK, y + y_offset + start, axis, inner, DRAWS_FROM(start), PARAMETER,
              maxima, sums);
  }
}

KERNEL void backward_group(GLOBAL const real* y, int64 y_offset, GLOBAL const real* dy,
                           int64 dy_offset, GLOBAL real* dx, int64 dx_offset, int64 rows,
                           int64 axis, int64 inner PARAMETERS) {
  SHARED_ARRAY(real, maxima, MAX_GROUP);
  SHARED_ARRAY(int64, sums, LIMBS * MAX_GROUP);
  for (int64 row = GROUP; row < rows; row += GROUPS) {
    int64 start = row_start(row, axis, inner);
    group_row(true, y + y_offset + start, dy + dy_offset + start, dx + dx_offset + start, axis,
              inner, draws_from(0, 0), PARAMETER, maxima, sums);
  }
}

// ---- A work-item for each row ----

INLINE void item_row(bool back, GLOBAL const real* a, GLOBAL const real* b, GLOBAL real* out,
                     int64 axis, int64 inner, Draws draws, real parameter) {
  real m = fold_start(back);
  for (int64 i = 0; i < axis; i++) {
    m = fold(back, m, a[i * inner], second_input(back, b, draws, i * inner));
  }
  Row row = row_of(m, parameter);

  while (row.pending != 0.0f) {
    Sum sum = no_sum();
    Sum other = no_sum();
    for (int64 i = 0; i < axis; i++) {
      real first = a[i * inner];
      real second = second_input(back, b, draws, i * inner);
      sum = plus(sum, term(back, first, second, row));
      other = plus(other, weight(back, first, second, row));
    }
    row = solve(back, row, value_of(sum), value_of(other));
  }

  int64 first = axis;
  if (FIRST && !back) {
    for (int64 i = 0; i < axis && first == axis; i++) {
      if (a[i * inner] == row.m) first = i;
    }
  }

  for (int64 i = 0; i < axis; i++) {
    real x = a[i * inner];
    real y = map(back, x, second_input(back, b, draws, i * inner), row);
    out[i * inner] = i > first ? later(x, row) : y;
  }
}

KERNEL void forward_item(GLOBAL const real* x, int64 x_offset, MASK_INPUT GLOBAL real* y,
                         int64 y_offset, int64 rows, int64 axis, int64 inner DRAWS PARAMETERS) {
  int64 row = GROUP * GROUP_SIZE + ITEM;
  if (row >= rows) return;
  int64 start = row_start(row, axis, inner);
  GLOBAL const real* in = x + x_offset + start;
  item_row(false, in, MASK, y + y_offset + start, axis, inner, DRAWS_FROM(start), PARAMETER);
}

KERNEL void backward_item(GLOBAL const real* y, int64 y_offset, GLOBAL const real* dy,
                          int64 dy_offset, GLOBAL real* dx, int64 dx_offset, int64 rows, int64 axis,
                          int64 inner PARAMETERS) {
  int64 row = GROUP * GROUP_SIZE + ITEM;
  if (row >= rows) return;
  int64 start = row_start(row, axis, inner);
  item_row(true, y + y_offset + start, dy + dy_offset + start, dx + dx_offset + start, axis, inner,
           draws_from(0, 0), PARAMETER);
}
