package dev.activations.cpu;

import dev.activations.spi.Runs;

/**
 * One piece of some elements, which lies in runs between those of other pieces. Its positions count
 * its own elements only.
 *
 * @param storage what they are kept in
 * @param elements the elements of all pieces
 * @param first the first one of this piece
 * @param runs how its elements lie
 */
record InRuns<A>(Storage<A> storage, Elements<A> elements, long first, Runs runs)
    implements Elements<A> {

  @Override
  public A array(long at, int count) {
    return at % runs.width() + count <= runs.width() ? elements.array(place(at), count) : null;
  }

  @Override
  public int position(long at) {
    return elements.position(place(at));
  }

  @Override
  public void get(long at, A to, int toAt, int count) {
    A array = spanned(at, count);
    for (int done = 0; done < count; ) {
      int length = length(at + done, count - done);
      if (array == null) {
        elements.get(place(at + done), to, toAt + done, length);
      } else {
        storage.copy().run(array, elements.position(place(at + done)), to, toAt + done, length);
      }
      done += length;
    }
  }

  @Override
  public void put(long at, A from, int fromAt, int count) {
    A array = spanned(at, count);
    for (int done = 0; done < count; ) {
      int length = length(at + done, count - done);
      if (array == null) {
        elements.put(place(at + done), from, fromAt + done, length);
      } else {
        storage.copy().run(from, fromAt + done, array, elements.position(place(at + done)), length);
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
  private A spanned(long at, int count) {
    long span = place(at + count - 1) - place(at) + 1;
    return span > Integer.MAX_VALUE ? null : elements.array(place(at), (int) span);
  }
}
