package dev.activations.cpu;

/**
 * One formula, over the elements of a span. Holds no state; safe for use by several threads.
 *
 * @param <A> the arrays of the span; see {@link Storage}
 */
interface Loop<A> {
  void run(Span<A> span);
}
