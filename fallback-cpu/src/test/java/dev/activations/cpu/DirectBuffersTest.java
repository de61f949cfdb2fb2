package dev.activations.cpu;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.activations.api.Activation;
import dev.activations.api.Direction;
import dev.activations.api.Kind;
import dev.activations.api.Op;
import dev.activations.cpu.vector.Vectorizer;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.FloatBuffer;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Direct buffers, alone and beside others, have the bits of arrays. */
class DirectBuffersTest {
  private static final float GUARD = 12345.678f;

  /** Whole vectors and some elements. */
  private static final int SIZE = 3 * Vectorizer.lanes() + 5;

  @ParameterizedTest
  @EnumSource
  void everyPointwiseKind(Kind kind) {
    if (kind.shape() != Kind.Shape.POINTWISE) {
      return;
    }
    for (CpuSessionTest.Way way : CpuSessionTest.Way.values()) {
      check(way, Activation.of(kind), SIZE);
    }
  }

  @ParameterizedTest
  @EnumSource
  void manyElements(CpuSessionTest.Way way) {
    check(way, Activation.of(Kind.LEAKY_RELU, 0.3), 2 * PointwisePass.CHUNK + 7);
  }

  @ParameterizedTest
  @EnumSource
  void rows(CpuSessionTest.Way way) {
    check(way, Activation.of(Kind.SOFTMAX), SIZE);
    check(way, Activation.of(Kind.HARDMAX), SIZE);
  }

  @Test
  void areNotCopiedWhereJavaHasMemorySegments() {
    Loop<float[]> vectors =
        CpuSessionTest.Way.VECTOR.loops.pointwise(Kind.RELU, Direction.FORWARD, false);
    assertEquals(Runtime.version().feature() >= 22, vectors.direct() != null);
  }

  private static void check(CpuSessionTest.Way way, Activation activation, int size) {
    float[] x = numbers(size, 1);
    float[] dy = numbers(size, 2);
    CpuDevice device = new CpuDevice("cpu:test", "test", ScalarLoops.INSTANCE, 1, Map.of());
    try (CpuSession scalar = new CpuSession(device, ScalarLoops.INSTANCE, 1, CpuSession.SEGMENT);
        CpuSession session = way.open()) {
      Op op = Op.of(activation);
      float[] y = scalar.forward(op, x);
      float[] dx = scalar.backward(op, op.saved() == Kind.Saved.INPUT ? x : y, dy);
      for (ByteOrder order : new ByteOrder[] {ByteOrder.LITTLE_ENDIAN, ByteOrder.BIG_ENDIAN}) {
        FloatBuffer in = direct(x, 3, order);
        FloatBuffer out = direct(new float[size], 5, order);
        session.forward(op, in, out);
        checkEqual(y, out);
        session.forward(op, FloatBuffer.wrap(x), fill(out, new float[size]));
        checkEqual(y, out);
        FloatBuffer saved = op.saved() == Kind.Saved.INPUT ? in : out;
        session.backward(op, saved, direct(dy, 1, order), saved);
        checkEqual(dx, saved);
        fill(in, x);
        session.forward(op, in, in);
        checkEqual(y, in);
      }
    }
  }

  private static void checkEqual(float[] expected, FloatBuffer actual) {
    float[] values = new float[actual.remaining()];
    actual.get(actual.position(), values);
    assertArrayEquals(expected, values);
    assertEquals(GUARD, actual.get(actual.position() - 1));
    FloatBuffer all = actual.duplicate().clear();
    assertEquals(GUARD, all.get(actual.limit()));
  }

  /** Elements in the middle of a direct buffer, between guards. */
  private static FloatBuffer direct(float[] values, int at, ByteOrder order) {
    FloatBuffer buffer =
        ByteBuffer.allocateDirect(Float.BYTES * (values.length + at + 1))
            .order(order)
            .asFloatBuffer();
    buffer.put(at - 1, GUARD).put(at + values.length, GUARD);
    return fill(buffer.limit(at + values.length).position(at), values);
  }

  private static FloatBuffer fill(FloatBuffer buffer, float[] values) {
    return buffer.put(buffer.position(), values);
  }

  private static float[] numbers(int count, long seed) {
    Random random = new Random(seed);
    float[] numbers = new float[count];
    for (int i = 0; i < count; i++) {
      numbers[i] = (float) (4 * random.nextGaussian());
    }
    return numbers;
  }
}
