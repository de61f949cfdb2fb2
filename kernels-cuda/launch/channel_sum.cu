// Sums the elements of each channel. Element (o·channels + c)·inner + i belongs to channel c.
//
// A group takes `width` neighbouring channels, so that neighbours read neighbours; its work-items
// share out the terms of each. The first walk finds a channel's largest term, the second adds
// integers in units of it: sums of integers do not depend on their order.

// The largest group, a power of two.
#define MAX_GROUP 256

// A term: an element, or with `weighted` what it adds to the gradient of a weight.
INLINE Pair channel_term(GLOBAL const real* x, GLOBAL const real* dy, int64 at, int64 weighted) {
  if (weighted != 0) return prelu_weight_term(x[at], dy[at]);
  return pair(x[at], 0.0f);
}

// Where the n-th term of a channel is. A division of 32 bits takes a GPU a fraction of the time
// that one of 64 takes.
INLINE int64 channel_place(int64 n, int64 terms, int64 channel, int64 channels, int64 inner) {
  if (inner == 1) return n * channels + channel;
  int64 run = terms <= 0x7FFFFFFF ? (int64)((uint)n / (uint)inner) : n / inner;
  return (run * channels + channel) * inner + (n - run * inner);
}

// What the work-items of a channel share: each writes its own, and reads all. No barrier stands in
// a loop: with one for each halving, which is fewer steps, PoCL 3.1 on several threads gave wrong
// sums in one launch of ten.

// The largest of the values for a channel.
INLINE real channel_maximum(SHARED real* values, real mine, int64 width) {
  BARRIER();
  values[ITEM] = mine;
  BARRIER();
  real m = 0.0f;
  for (int64 i = ITEM % width; i < GROUP_SIZE; i += width) m = maximum(m, values[i]);
  return m;
}

// The sum of the values for a channel.
INLINE int64 channel_added(SHARED int64* values, int64 mine, int64 width) {
  BARRIER();
  values[ITEM] = mine;
  BARRIER();
  int64 sum = 0;
  for (int64 i = ITEM % width; i < GROUP_SIZE; i += width) sum += values[i];
  return sum;
}

KERNEL void channel_sum(GLOBAL const real* x, int64 x_offset, GLOBAL const real* dy,
                        int64 dy_offset, GLOBAL real* out, int64 out_offset, int64 weighted,
                        int64 outer, int64 channels, int64 inner, int64 width) {
  SHARED_ARRAY(real, maxima, MAX_GROUP);
  SHARED_ARRAY(int64, sums, MAX_GROUP);
  int64 lanes = GROUP_SIZE / width;
  int64 channel = GROUP * width + ITEM % width;
  // Beyond the last channel there is nothing to add, but others wait at the barriers.
  int64 terms = channel < channels ? outer * inner : 0;

  real m = 0.0f;
  for (int64 n = ITEM / width; n < terms; n += lanes) {
    int64 at = channel_place(n, terms, channel, channels, inner);
    m = channel_magnitude(m, channel_term(x + x_offset, dy + dy_offset, at, weighted));
  }
  m = channel_maximum(maxima, m, width);

  int64 high = 0;
  int64 mid = 0;
  int64 low = 0;
  for (int64 n = ITEM / width; n < terms; n += lanes) {
    int64 at = channel_place(n, terms, channel, channels, inner);
    Limbs term = channel_limbs(channel_term(x + x_offset, dy + dy_offset, at, weighted), m);
    high += term.high;
    mid += term.mid;
    low += term.low;
  }
  high = channel_added(sums, high, width);
  mid = channel_added(sums, mid, width);
  low = channel_added(sums, low, width);
  Pair sum = sum_of_limbs(high, mid, low);

  if (ITEM < width && channel < channels) out[out_offset + channel] = channel_total(sum, m);
}
