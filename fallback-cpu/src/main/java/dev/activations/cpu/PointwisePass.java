package dev.activations.cpu;

import java.util.List;

/**
 * Pointwise functions over all elements, in chunks that fit a core's cache: workers take the next
 * chunk when they have done all steps of one.
 *
 * @param <A> the arrays that hold the elements; see {@link Storage}
 */
final class PointwisePass<A> {
  /** Elements in a chunk: 64 KiB of floats. */
  static final int CHUNK = 1 << 14;

  /** One function, what it reads and writes, and the arguments that all elements share. */
  record Step<A>(Loop<A> loop, Operands<A> operands, A uniforms) {}

  private final List<Step<A>> steps;

  PointwisePass(List<Step<A>> steps) {
    this.steps = steps;
  }

  void run(Pool pool, Scratch[] scratch, long count) {
    long chunks = (count + CHUNK - 1) / CHUNK;
    pool.run(
        chunks,
        (worker, chunk) -> {
          long from = chunk * CHUNK;
          int length = (int) Math.min(CHUNK, count - from);
          for (Step<A> step : steps) {
            Span<A> span = new Span<>();
            span.uniforms = step.uniforms();
            step.operands().run(step.loop(), span, from, length, true, scratch[worker]);
          }
        });
  }
}
