package dev.activations.cpu;

import dev.activations.spi.Runs;

/**
 * One piece of some elements, which lies in runs between those of other pieces. Its positions count
 * its own elements only.
 *
 * @param elements the elements of all pieces
 * @param first the first one of this piece
 * @param runs how its elements lie
 */
record InRuns(Elements<float[]> elements, long first, Runs runs) implements Elements<float[]> {

  @Override
  public float[] array(long at, int count) {
    return at % runs.width() + count <= runs.width() ? elements.array(place(at), count) : null;
  }

  @Override
  public int position(long at) {
    return elements.position(place(at));
  }

  @Override
  public void get(long at, float[] to, int toAt, int count) {
    float[] array = spanned(at, count);
    for (int done = 0; done < count; ) {
      int length = length(at + done, count - done);
      if (array == null) {
        elements.get(place(at + done), to, toAt + done, length);
      } else {
        copy(array, elements.position(place(at + done)), to, toAt + done, length);
      }
      done += length;
    }
  }

  @Override
  public void put(long at, float[] from, int fromAt, int count) {
    float[] array = spanned(at, count);
    for (int done = 0; done < count; ) {
      int length = length(at + done, count - done);
      if (array == null) {
        elements.put(place(at + done), from, fromAt + done, length);
      } else {
        copy(from, fromAt + done, array, elements.position(place(at + done)), length);
      }
      done += length;
    }
  }

  private long place(long at) {
    return first + at / runs.width() * runs.stride() + at % runs.width();
  }

  /** The elements from one on that lie in its run, at most {@code most}. */
  private int length(long at, int most) {
    return (int) Math.min(most, runs.width() - at % runs.width());
  }

  /** The array that holds some elements and all between them, or null. */
  private float[] spanned(long at, int count) {
    long span = place(at + count - 1) - place(at) + 1;
    return span > Integer.MAX_VALUE ? null : elements.array(place(at), (int) span);
  }

  /** Runs may be so short that a call of System.arraycopy takes longer than a copy. */
  private static void copy(float[] from, int fromAt, float[] to, int toAt, int count) {
    for (int i = 0; i < count; i++) {
      to[toAt + i] = from[fromAt + i];
    }
  }
}
