package dev.activations.cpu;

import java.nio.FloatBuffer;

/**
 * One formula, over the elements of a span. Holds no state; safe for use by several threads.
 *
 * @param <A> the arrays of the span; see {@link Storage}
 */
interface Loop<A> {
  void run(Span<A> span);

  /**
   * Goes where ordinary elements do not, with the uniforms of this span: a way that HotSpot has
   * never seen taken it leaves out, and compiles anew, long after, when it is.
   */
  default void rehearse(Span<A> span) {}

  /**
   * Returns the same loop over direct buffers, the uniforms in a buffer with an array, or null if
   * there is none that is faster than to copy elements to arrays and back.
   */
  default Loop<FloatBuffer> direct() {
    return null;
  }
}
