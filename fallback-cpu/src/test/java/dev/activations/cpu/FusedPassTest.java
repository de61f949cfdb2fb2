package dev.activations.cpu;

import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.activations.api.DeviceBuffer;
import dev.activations.api.Dtype;
import dev.activations.api.Geometry;
import dev.activations.api.Kind;
import dev.activations.api.Op;
import dev.activations.api.Session;
import java.util.Arrays;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Fused passes and sums on vectors, in memory of any segments and by any number of threads, against
 * scalar loops. Those are held against the definition by the conformance suite.
 */
class FusedPassTest {
  /** Shorter than a chunk, and no divisor of anything. */
  private static final int SEGMENT = 1009;

  static Stream<Geometry> layouts() {
    return Stream.of(
        new Geometry(7, 5, 1),
        new Geometry(3, 4, 9),
        new Geometry(2, 3, 1021),
        new Geometry(1, 4500, 1),
        new Geometry(300, 17, 1),
        new Geometry(5003, 1, 1));
  }

  @ParameterizedTest
  @MethodSource("layouts")
  void vectorsAndSegmentsGiveTheBitsOfScalarLoops(Geometry layout) {
    Loops vectors = CpuSessionTest.Way.VECTOR.loops;
    try (Session expected = open(ScalarLoops.INSTANCE, 1, CpuSession.SEGMENT);
        Session actual = open(vectors, 3, SEGMENT)) {
      assertEquals(bits(compute(expected, layout)), bits(compute(actual, layout)));
    }
  }

  private static Session open(Loops loops, int threads, int segment) {
    CpuDevice device = new CpuDevice("cpu:test", "test", loops, threads, Map.of());
    return new CpuSession(device, loops, threads, segment);
  }

  /** All that there is, one after the other. */
  private static float[] compute(Session session, Geometry layout) {
    int count = (int) layout.count();
    int channels = (int) layout.axis();
    DeviceBuffer x = session.upload(values(count, 1));
    DeviceBuffer dy = session.upload(values(count, 2));
    DeviceBuffer bias = session.upload(values(channels, 3));
    DeviceBuffer residual = session.upload(values(count, 4));
    DeviceBuffer results = session.allocate(Dtype.F32, 8L * count + 2L * channels);

    Op prelu =
        Op.of(Kind.PRELU)
            .withBias(bias, layout)
            .withWeight(bias, layout)
            .withDropout(0.4, 0x0123456789ABCDEFL)
            .withResidual(residual)
            .startingAt(0xFFFF_FF00L);
    Op rrelu = Op.of(Kind.RRELU).seeded(-5).startingAt(0xFFFF_FF00L);
    session.forward(prelu, x, results.slice(0, count));
    session.backward(prelu, x, dy, results.slice(count, count));
    session.forward(rrelu, x, results.slice(2L * count, count));
    session.backward(rrelu, x, dy, results.slice(3L * count, count));
    session.forward(Op.of(Kind.GELU).withBias(bias, layout), x, results.slice(4L * count, count));
    session.biasGradient(prelu, x, results.slice(5L * count, channels));
    session.weightGradient(prelu, x, dy, results.slice(5L * count + channels, channels));

    DeviceBuffer both = session.upload(values(2 * channels, 5));
    Geometry packed = new Geometry(layout.outer(), 2L * channels, layout.inner());
    Op swiglu = Op.of(Kind.SWIGLU).withBias(both, packed);
    DeviceBuffer gates = results.slice(5L * count + 2L * channels, 3L * count);
    session.forward(swiglu, x, dy, gates.slice(0, count));
    session.backward(
        swiglu, x, dy, residual, gates.slice(count, count), gates.slice(2L * count, count));
    return session.download(results);
  }

  private static float[] values(int count, long seed) {
    SplittableRandom random = new SplittableRandom(seed);
    float[] values = new float[count];
    for (int i = 0; i < count; i++) {
      values[i] = (float) (random.nextDouble() * 4 - 2);
    }
    return values;
  }

  private static String bits(float[] values) {
    int[] bits = new int[values.length];
    Arrays.setAll(bits, i -> Float.floatToRawIntBits(values[i]));
    return Arrays.toString(bits);
  }
}
