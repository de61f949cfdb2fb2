package dev.activations.cpu;

import dev.activations.api.Fusion;

/**
 * The random numbers of a pass as elements to read, drawn when they are asked for.
 *
 * @param <A> the arrays that hold the elements; see {@link Storage}
 * @param drawing the loop that draws
 * @param fusion the seed, and the index of the first element
 */
record Draws<A>(Drawing<A> drawing, Fusion fusion) implements Elements<A> {
  /** Elements that are drawn at once. */
  static final int CHUNK = 1 << 12;

  @Override
  public void get(long at, A to, int toAt, int count) {
    for (int done = 0; done < count; done += CHUNK) {
      Span<A> span = new Span<>();
      span.first = drawing.places();
      span.second = drawing.places();
      span.out = to;
      span.outAt = toAt + done;
      span.count = Math.min(CHUNK, count - done);
      span.uniforms = drawing.unitUniforms(fusion, at + done);
      drawing.unit().run(span);
    }
  }

  @Override
  public A array(long at, int count) {
    return null;
  }

  @Override
  public int position(long at) {
    throw new UnsupportedOperationException("numbers without an array");
  }

  @Override
  public void put(long at, A from, int fromAt, int count) {
    throw new UnsupportedOperationException("random numbers are only read");
  }
}
