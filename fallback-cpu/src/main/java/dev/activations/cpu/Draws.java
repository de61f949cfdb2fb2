package dev.activations.cpu;

import dev.activations.cpu.scalar.Fusing;
import dev.activations.cpu.scalar.Halves;

/**
 * The random numbers of a pass as elements to read, drawn when they are asked for.
 *
 * @param loops where the loop that draws comes from
 * @param seed the key
 * @param first the index of the first element
 */
record Draws(Loops loops, long seed, long first) implements Elements<float[]> {
  /** Elements that are drawn at once. */
  static final int CHUNK = 1 << 12;

  /** The place of each element in a chunk. */
  static final float[] PLACES = places();

  private static float[] places() {
    float[] places = new float[CHUNK];
    for (int i = 0; i < CHUNK; i++) {
      places[i] = i;
    }
    return places;
  }

  /** Seed and index of a chunk, as the methods that draw take them, and what else they take. */
  static float[] uniforms(long seed, long first, float... more) {
    float[] uniforms = new float[8 + more.length];
    int at = 0;
    for (long word : new long[] {seed, seed >> 32, first, first >> 32}) {
      Halves halves = Halves.of((int) word);
      uniforms[at++] = halves.upper();
      uniforms[at++] = halves.lower();
    }
    System.arraycopy(more, 0, uniforms, at, more.length);
    return uniforms;
  }

  @Override
  public void get(long at, float[] to, int toAt, int count) {
    for (int done = 0; done < count; done += CHUNK) {
      Span<float[]> span = new Span<>();
      span.first = PLACES;
      span.second = PLACES;
      span.out = to;
      span.outAt = toAt + done;
      span.count = Math.min(CHUNK, count - done);
      span.uniforms = uniforms(seed, first + at + done);
      loops.map(Fusing.class, "unitAt", 1).run(span);
    }
  }

  @Override
  public float[] array(long at, int count) {
    return null;
  }

  @Override
  public int position(long at) {
    throw new UnsupportedOperationException("numbers without an array");
  }

  @Override
  public void put(long at, float[] from, int fromAt, int count) {
    throw new UnsupportedOperationException("random numbers are only read");
  }
}
