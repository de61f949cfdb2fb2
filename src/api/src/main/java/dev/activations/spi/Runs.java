package dev.activations.spi;

/**
 * How the elements of one piece of an array lie, where several pieces take turns along an axis: in
 * runs of neighbours. Element i of the piece lies {@code i / width · stride + i mod width} elements
 * after its first.
 *
 * @param width the elements of a run, positive
 * @param stride the distance from the first element of a run to that of the next, at least the
 *     width; both are the same where nothing lies in between
 */
public record Runs(long width, long stride) {

  /** All elements of a piece side by side. */
  public static Runs contiguous(long count) {
    return new Runs(count, count);
  }

  /** Returns how many pieces take turns. */
  public long pieces() {
    return stride / width;
  }
}
