// Where the pieces of an array lie that take turns along an axis.

// The place of a piece's element i, which lies in runs of `width` neighbours that begin `stride`
// apart. A division of 64 bits takes a GPU several times as long as one of 32.
INLINE int64 place_in_runs(int64 i, int64 width, int64 stride) {
  if (width == stride) return i;
  int64 run = ((i | width) >> 32) != 0 ? i / width : (int64)((uint)i / (uint)width);
  return i + run * (stride - width);
}
