package dev.activations.cpu;

import java.nio.FloatBuffer;

/**
 * A loop that maps, over direct buffers: copies their elements to arrays and back. It serves while
 * the loop over buffers is not compiled, and for elements that do not fill a vector.
 *
 * @param loop the same over arrays
 */
record Copying(Loop<float[]> loop) implements Loop<FloatBuffer> {
  @Override
  public void run(Span<FloatBuffer> span) {
    int step = Math.min(span.count, Operands.COPIED);
    float[] first = new float[step];
    float[] second = span.second == span.first ? first : new float[step];
    for (int done = 0; done < span.count; done += step) {
      int count = Math.min(step, span.count - done);
      span.first.get(span.firstAt + done, first, 0, count);
      if (second != first) {
        span.second.get(span.secondAt + done, second, 0, count);
      }
      Span<float[]> copy = new Span<>();
      copy.first = first;
      copy.second = second;
      copy.out = first;
      copy.count = count;
      copy.uniforms = span.uniforms.array();
      loop.run(copy);
      span.out.put(span.outAt + done, first, 0, count);
    }
  }
}
