package dev.activations.cpu;

/**
 * Values by channel; element {@code i} has channel {@code (i / inner) % count}.
 *
 * @param <A> the arrays that hold the values; see {@link Storage}
 */
record Channels<A>(Elements<A> values, long count, long inner) {

  /** Writes the value of each of some elements. */
  void spread(long from, int length, A to) {
    if (inner > 1) {
      runs(from, length, to);
      return;
    }
    int filled = (int) Math.min(length, count);
    int split = (int) Math.min(filled, count - from % count);
    values.get(from % count, to, 0, split);
    values.get(0, to, split, filled - split);
    repeat(to, 0, filled, length);
  }

  private void runs(long from, int length, A to) {
    for (int done = 0; done < length; ) {
      long run = (from + done) / inner;
      int end = (int) Math.min(length, (run + 1) * inner - from);
      values.get(run % count, to, done, 1);
      repeat(to, done, 1, end);
      done = end;
    }
  }

  /** Repeats the first elements up to an end; copies double, and hold whole rounds. */
  private void repeat(A array, int from, int length, int end) {
    for (int filled = length; from + filled < end; filled *= 2) {
      System.arraycopy(array, from, array, from + filled, Math.min(filled, end - from - filled));
    }
  }
}
