package dev.activations.cpu;

import java.nio.FloatBuffer;

/**
 * Where a pass reads and writes. Runs loops in place where the elements lie in arrays, or all in
 * direct buffers that the loop can map, and through a worker's scratch where they do not.
 *
 * @param storage what all of it is kept in
 * @param first what the first stream reads
 * @param second what the second stream reads; {@code first} again where there is only one
 * @param out where the results go
 */
record Operands<A>(Storage<A> storage, Elements<A> first, Elements<A> second, Elements<A> out) {
  /** Elements copied at once: small enough to be still in the first cache when they are used. */
  static final int COPIED = 1 << 11;

  /**
   * Runs a loop over adjacent elements.
   *
   * @param span carries uniforms and sums; its streams and count are set here
   * @param writes whether the loop maps
   */
  void run(Loop<A> loop, Span<A> span, long from, int count, boolean writes, Scratch scratch) {
    Loop<FloatBuffer> direct = writes && areDirect() ? loop.direct() : null;
    if (direct != null) {
      direct.run(direct(span, (int) from, count));
      return;
    }
    int step = inArrays(from, count, writes) ? count : COPIED;
    for (int done = 0; done < count; done += step) {
      piece(loop, span, from + done, Math.min(step, count - done), writes, scratch);
    }
  }

  private boolean areDirect() {
    return first.direct() != null && second.direct() != null && out.direct() != null;
  }

  private Span<FloatBuffer> direct(Span<A> span, int from, int count) {
    Span<FloatBuffer> direct = new Span<>();
    direct.first = first.direct();
    direct.firstAt = from;
    direct.second = second.direct();
    direct.secondAt = from;
    direct.out = out.direct();
    direct.outAt = from;
    direct.count = count;
    // Only loops of floats have a direct one.
    direct.uniforms = FloatBuffer.wrap(float[].class.cast(span.uniforms));
    return direct;
  }

  private boolean inArrays(long from, int count, boolean writes) {
    return first.array(from, count) != null
        && second.array(from, count) != null
        && (!writes || out.array(from, count) != null);
  }

  private void piece(
      Loop<A> loop, Span<A> span, long from, int count, boolean writes, Scratch scratch) {
    span.count = count;
    span.first = first.array(from, count);
    if (span.first == null) {
      span.first = scratch.first(storage);
      first.get(from, span.first, 0, count);
      span.firstAt = 0;
    } else {
      span.firstAt = first.position(from);
    }
    if (second == first) {
      span.second = span.first;
      span.secondAt = span.firstAt;
    } else {
      span.second = second.array(from, count);
      if (span.second == null) {
        span.second = scratch.second(storage);
        second.get(from, span.second, 0, count);
        span.secondAt = 0;
      } else {
        span.secondAt = second.position(from);
      }
    }
    span.out = writes ? out.array(from, count) : null;
    if (!writes) {
      loop.run(span);
    } else if (span.out != null) {
      span.outAt = out.position(from);
      loop.run(span);
    } else {
      // Results may overwrite the scratch they come from, as in any pass in place.
      span.out = scratch.first(storage);
      span.outAt = 0;
      loop.run(span);
      out.put(from, span.out, 0, count);
    }
  }
}
