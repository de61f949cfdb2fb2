package dev.activations.bench;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.FloatBuffer;
import java.util.SplittableRandom;

/** What the benchmarks run on. */
final class Data {
  private Data() {}

  /** A direct buffer in the native order. */
  static FloatBuffer direct(int count) {
    return ByteBuffer.allocateDirect(Float.BYTES * count)
        .order(ByteOrder.nativeOrder())
        .asFloatBuffer();
  }

  /** Pre-activations as they are: both signs, a few units wide. The same each time. */
  static float[] values(int count) {
    SplittableRandom random = new SplittableRandom(1);
    float[] values = new float[count];
    for (int i = 0; i < count; i++) {
      values[i] = (float) (random.nextDouble() * 16 - 8);
    }
    return values;
  }
}
