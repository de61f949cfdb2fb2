package dev.activations.cpu;

/**
 * A pointwise function over all elements, in chunks that fit a core's cache: workers take the next
 * chunk when they have done one.
 */
final class PointwisePass {
  /** Elements in a chunk: 64 KiB an operand. */
  static final int CHUNK = 1 << 14;

  private final Loop loop;
  private final Operands operands;
  private final float[] uniforms;

  PointwisePass(Loop loop, Operands operands, float[] uniforms) {
    this.loop = loop;
    this.operands = operands;
    this.uniforms = uniforms;
  }

  void run(Pool pool, Scratch[] scratch, long count) {
    long chunks = (count + CHUNK - 1) / CHUNK;
    pool.run(
        chunks,
        (worker, chunk) -> {
          long from = chunk * CHUNK;
          Span span = new Span();
          span.uniforms = uniforms;
          operands.run(
              loop, span, from, (int) Math.min(CHUNK, count - from), true, scratch[worker]);
        });
  }
}
