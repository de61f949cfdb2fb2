package dev.activations.cpu;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.activations.api.Activation;
import dev.activations.api.DeviceBuffer;
import dev.activations.api.Direction;
import dev.activations.api.Dtype;
import dev.activations.api.Geometry;
import dev.activations.api.Kind;
import dev.activations.api.Op;
import dev.activations.cpu.scalar.Chain;
import dev.activations.cpu.scalar.Limbs;
import dev.activations.cpu.scalar.Pair;
import dev.activations.cpu.scalar.Row;
import dev.activations.cpu.scalar.RowArithmetic;
import dev.activations.cpu.scalar.Softmax;
import java.lang.reflect.Method;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.FloatBuffer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * The devices of this back end against the scalar definition, called one element at a time by
 * reflection and summed by the plainest loops: equal bits, whatever the size, place and order.
 */
class CpuSessionTest {
  private static final int[] SIZES = {0, 1, 3, 31, 32, 33, 255, 257, 1021};
  private static final int LARGE = (1 << 17) + 7;
  private static final float GUARD = 12345.678f;
  private static final int THREADS = 3;

  /** The kinds of loops, each from its first call on: vectors are not waited for here. */
  enum Way {
    SCALAR(ScalarLoops.INSTANCE),
    VECTOR(new VectorLoops(Way::vector)),
    WARMING(VectorLoops.INSTANCE);

    final Loops loops;

    Way(Loops loops) {
      this.loops = loops;
    }

    private static <A> Loop<A> vector(Loop<A> scalar, Loop<A> vector) {
      return vector;
    }

    CpuSession open() {
      return open(CpuSession.SEGMENT);
    }

    CpuSession open(int segment) {
      CpuDevice device = new CpuDevice("cpu:test", "test", loops, THREADS, Map.of());
      return new CpuSession(device, loops, THREADS, segment);
    }
  }

  static Stream<Arguments> pointwise() {
    List<Arguments> cases = new ArrayList<>();
    for (Way way : Way.values()) {
      for (Kind kind : Kind.values()) {
        if (kind.shape() == Kind.Shape.POINTWISE) {
          for (Direction direction : Direction.values()) {
            if (kind.supports(direction)) {
              cases.add(Arguments.of(way, Activation.of(kind), direction));
            }
          }
        }
      }
      for (Direction direction : Direction.values()) {
        cases.add(Arguments.of(way, Activation.of(Kind.ELU, 1.7), direction));
        cases.add(Arguments.of(way, Activation.of(Kind.LINEAR, -0.3, 2.5), direction));
      }
      for (Direction direction :
          List.of(Direction.FORWARD, Direction.DERIVATIVE, Direction.BACKWARD)) {
        cases.add(Arguments.of(way, Activation.of(Kind.SILU, 1.702), direction));
        cases.add(Arguments.of(way, Activation.of(Kind.SOFTPLUS, 0.01), direction));
      }
    }
    return cases.stream();
  }

  @ParameterizedTest
  @MethodSource("pointwise")
  void everySizeHasTheBitsOfTheDefinition(Way way, Activation activation, Direction direction) {
    try (CpuSession session = way.open()) {
      for (int size : SIZES) {
        checkHost(session, activation, direction, numbers(size, size), numbers(size, 1));
      }
      float[] edges = edges(activation.kind());
      checkHost(session, activation, direction, edges, numbers(edges.length, 2));
      float[] backwards = numbers(edges.length, 3);
      checkHost(session, activation, direction, backwards, edges);
    }
  }

  static Stream<Arguments> defaults() {
    return pointwise()
        .filter(
            arguments -> {
              Activation activation = (Activation) arguments.get()[1];
              return activation.equals(Activation.of(activation.kind()));
            });
  }

  @ParameterizedTest
  @MethodSource("defaults")
  void manyElementsHaveTheBitsOfTheDefinition(Way way, Activation activation, Direction direction) {
    try (CpuSession session = way.open()) {
      checkHost(session, activation, direction, numbers(LARGE, 4), numbers(LARGE, 5));
    }
  }

  /** At an offset, into an array with guards around the result. */
  private static void checkHost(
      CpuSession session, Activation activation, Direction direction, float[] x, float[] dy) {
    int size = x.length;
    float[] in = padded(x, 5);
    float[] gradient = padded(dy, 3);
    float[] out = new float[size + 11];
    Arrays.fill(out, GUARD);
    run(
        session,
        Op.of(activation),
        direction,
        FloatBuffer.wrap(in, 5, size),
        FloatBuffer.wrap(gradient, 3, size),
        FloatBuffer.wrap(out, 7, size));
    Definition definition = new Definition(activation, direction);
    for (int i = 0; i < out.length; i++) {
      float expected = i < 7 || i >= 7 + size ? GUARD : definition.of(x[i - 7], dy[i - 7]);
      int at = i;
      assertEquals(
          Float.floatToRawIntBits(expected),
          Float.floatToRawIntBits(out[i]),
          () -> "element %d of %d: expected %a, got %a".formatted(at - 7, size, expected, out[at]));
    }
  }

  private static void run(
      CpuSession session,
      Op op,
      Direction direction,
      FloatBuffer in,
      FloatBuffer gradient,
      FloatBuffer out) {
    switch (direction) {
      case FORWARD -> session.forward(op, in, out);
      case DERIVATIVE -> session.derivative(op, in, out);
      case BACKWARD -> session.backward(op, in, gradient, out);
      case BACKWARD_FROM_OUTPUT -> session.backward(op.fromOutput(), in, gradient, out);
    }
  }

  @ParameterizedTest
  @EnumSource(Way.class)
  void worksInPlaceAndInDirectBuffersOfAnyByteOrder(Way way) {
    float[] x = numbers(50_001, 6);
    float[] dy = numbers(50_001, 7);
    Op op = Op.of(Kind.GELU);
    try (CpuSession session = way.open()) {
      float[] y = session.forward(op, x);
      float[] dx = session.backward(op, x, dy);

      float[] inPlace = x.clone();
      session.forward(op, FloatBuffer.wrap(inPlace), FloatBuffer.wrap(inPlace));
      assertSameBits(y, inPlace);
      inPlace = x.clone();
      session.backward(
          op, FloatBuffer.wrap(inPlace), FloatBuffer.wrap(dy), FloatBuffer.wrap(inPlace));
      assertSameBits(dx, inPlace);
      inPlace = dy.clone();
      session.backward(
          op, FloatBuffer.wrap(x), FloatBuffer.wrap(inPlace), FloatBuffer.wrap(inPlace));
      assertSameBits(dx, inPlace);

      for (ByteOrder order : List.of(ByteOrder.BIG_ENDIAN, ByteOrder.LITTLE_ENDIAN)) {
        FloatBuffer direct =
            ByteBuffer.allocateDirect(x.length * Float.BYTES).order(order).asFloatBuffer();
        direct.put(0, x);
        session.backward(op, direct, FloatBuffer.wrap(dy), direct);
        float[] read = new float[x.length];
        direct.get(0, read);
        assertSameBits(dx, read);
        FloatBuffer readOnly = FloatBuffer.wrap(x).asReadOnlyBuffer();
        session.forward(op, readOnly, direct);
        direct.get(0, read);
        assertSameBits(y, read);
      }
    }
  }

  @Test
  void memoryInSegmentsIsLikeMemoryInOne() {
    float[] x = numbers(100_000, 8);
    float[] dy = numbers(100_000, 9);
    Op gelu = Op.of(Kind.GELU);
    try (CpuSession session = Way.VECTOR.open();
        CpuSession segmented = Way.VECTOR.open(1000)) {
      DeviceBuffer in = segmented.upload(x);
      DeviceBuffer gradient = segmented.upload(dy);
      DeviceBuffer out = segmented.allocate(Dtype.F32, x.length);
      segmented.backward(gelu, in, gradient, out);
      assertSameBits(session.backward(gelu, x, dy), segmented.download(out));

      for (Geometry geometry :
          List.of(Geometry.rows(10, 9_999), new Geometry(10, 303, 33), new Geometry(2, 6_666, 7))) {
        Op softmax = Op.of(Kind.SOFTMAX).over(geometry);
        int count = (int) geometry.count();
        segmented.forward(softmax, in.slice(3, count), out.slice(7, count));
        float[] expected = session.forward(softmax, Arrays.copyOfRange(x, 3, 3 + count));
        assertSameBits(expected, segmented.download(out.slice(7, count)));
      }
    }
  }

  @Test
  void enqueuedWorkRunsInOrderAndMemoryFreedWaitsForIt() {
    float[] x = numbers(300_000, 10);
    Op gelu = Op.of(Kind.GELU);
    Op tanh = Op.of(Kind.TANH);
    try (CpuSession session = Way.SCALAR.open()) {
      DeviceBuffer a = session.upload(x);
      DeviceBuffer b = session.allocate(Dtype.F32, x.length);
      for (int i = 0; i < 5; i++) {
        session.forward(gelu, a, b);
        session.forward(tanh, b, a);
      }
      a.close();
      CompletableFuture<Void> done = session.fence();
      float[] expected = x;
      for (int i = 0; i < 5; i++) {
        expected = session.forward(gelu, i == 0 ? x : session.forward(tanh, expected));
      }
      done.join();
      assertSameBits(expected, session.download(b));
    }
  }

  static Stream<Arguments> geometries() {
    List<Arguments> cases = new ArrayList<>();
    for (Way way : Way.values()) {
      for (long[] sizes :
          new long[][] {
            {1, 1, 1},
            {5, 1, 3},
            {1, 1000, 1},
            {700, 33, 1},
            {3, 17, 5},
            {2, 16, 33},
            {1, 3, 1},
            {1, 40_000, 1},
            {2, 100_001, 1},
            {40, 20_000, 1},
            {1, 5_000, 7},
            {3, 2_000, 16},
            {1, 70_000, 2},
            {0, 4, 1}
          }) {
        for (Direction direction : List.of(Direction.FORWARD, Direction.BACKWARD)) {
          cases.add(Arguments.of(way, new Geometry(sizes[0], sizes[1], sizes[2]), direction));
        }
      }
    }
    return cases.stream();
  }

  @ParameterizedTest
  @MethodSource("geometries")
  void softmaxHasTheBitsOfPlainLoops(Way way, Geometry geometry, Direction direction) {
    int count = (int) geometry.count();
    float[] saved = numbers(count, 11);
    float[] dy = numbers(count, 12);
    Random random = new Random(13);
    for (int i = 0; i < count; i++) {
      if (direction == Direction.BACKWARD) {
        saved[i] = (float) Math.exp(-random.nextInt(120));
        dy[i] = (float) random.nextGaussian() * 1e-3f;
      } else if (i % 97 != 0) {
        // Rows of ordinary numbers, and some with a NaN or an infinity.
        saved[i] = (float) random.nextGaussian() * 20;
      }
    }
    float[] out = new float[count + 2];
    Arrays.fill(out, GUARD);
    try (CpuSession session = way.open()) {
      run(
          session,
          Op.of(Kind.SOFTMAX).over(geometry),
          direction,
          FloatBuffer.wrap(saved),
          FloatBuffer.wrap(dy),
          FloatBuffer.wrap(out, 1, count));
      assertEquals(GUARD, out[0]);
      assertEquals(GUARD, out[count + 1]);
      assertSameBits(
          plainSoftmax(geometry, direction, saved, dy), Arrays.copyOfRange(out, 1, count + 1));
      run(
          session,
          Op.of(Kind.SOFTMAX).over(geometry),
          direction,
          FloatBuffer.wrap(saved),
          FloatBuffer.wrap(dy),
          FloatBuffer.wrap(saved));
      assertSameBits(saved, Arrays.copyOfRange(out, 1, count + 1));
    }
  }

  private static float[] plainSoftmax(
      Geometry geometry, Direction direction, float[] saved, float[] dy) {
    boolean forward = direction == Direction.FORWARD;
    float[] out = new float[saved.length];
    int inner = (int) geometry.inner();
    int length = (int) geometry.axis() * inner;
    for (int row = 0; row < geometry.rows(); row++) {
      int from = row / inner * length + row % inner;
      float m = forward ? Float.NEGATIVE_INFINITY : 0;
      for (int i = from; i < from - row % inner + length; i += inner) {
        m = forward ? Softmax.fold(m, saved[i]) : Softmax.gradientFold(m, saved[i], dy[i]);
      }
      Row known = Row.of(m, 0);
      long high = 0;
      long mid = 0;
      long low = 0;
      for (int i = from; i < from - row % inner + length; i += inner) {
        Limbs limbs =
            forward ? Softmax.term(saved[i], known) : Softmax.gradientTerm(saved[i], dy[i], known);
        high += limbs.high();
        mid += limbs.mid();
        low += limbs.low();
      }
      Pair sum = RowArithmetic.sumOfLimbs(high, mid, low);
      known = forward ? Softmax.solve(known, sum) : Softmax.gradientSolve(known, sum);
      for (int i = from; i < from - row % inner + length; i += inner) {
        out[i] =
            forward ? Softmax.forward(saved[i], known) : Softmax.gradient(saved[i], dy[i], known);
      }
    }
    return out;
  }

  @Test
  void closingEndsTheThreads() {
    CpuSession session = Way.SCALAR.open();
    DeviceBuffer buffer = session.upload(numbers(100_000, 14));
    session.forward(Op.of(Kind.GELU), buffer, buffer);
    session.finish();
    assertEquals(THREADS, threads(), "two helpers and the queue");
    session.close();
    assertEquals(0, threads());
  }

  @Test
  void smallWorkNeedsNoThreads() {
    try (CpuSession session = Way.SCALAR.open()) {
      session.forward(Op.of(Kind.GELU), numbers(PointwisePass.CHUNK, 15));
      session.forward(Op.of(Kind.SOFTMAX), numbers(1000, 15));
      assertEquals(0, threads());
    }
  }

  private static long threads() {
    return Thread.getAllStackTraces().keySet().stream()
        .filter(thread -> thread.getName().startsWith("activations-cpu"))
        .count();
  }

  @Test
  void saysHowMuchMemoryIsMissing() {
    try (CpuSession session = Way.SCALAR.open()) {
      for (long count : new long[] {1L << 50, Long.MAX_VALUE}) {
        RuntimeException e =
            assertThrows(
                dev.activations.api.ActivationException.class,
                () -> session.allocate(Dtype.F32, count));
        assertTrue(
            e.getMessage().startsWith("no room for %d elements of 4 bytes".formatted(count)));
        assertTrue(e.getMessage().contains("-Xmx"), e.getMessage());
      }
    }
  }

  /** The definition of an activation, found by its name and called by reflection. */
  private static final class Definition {
    private final Method method;
    private final boolean chained;
    private final Object[] arguments;

    Definition(Activation activation, Direction direction) {
      String name = Formulas.method(direction);
      method =
          Arrays.stream(Formulas.of(activation.kind()).getMethods())
              .filter(candidate -> candidate.getName().equals(name))
              .filter(candidate -> candidate.getReturnType() == float.class)
              .findFirst()
              .orElseThrow();
      chained = direction.isBackward();
      float[] parameters = activation.floats();
      arguments = new Object[1 + parameters.length];
      for (int i = 0; i < parameters.length; i++) {
        arguments[i + 1] = parameters[i];
      }
    }

    float of(float x, float dy) {
      try {
        arguments[0] = x;
        float value = (float) method.invoke(null, arguments);
        return chained ? Chain.multiply(value, dy) : value;
      } catch (ReflectiveOperationException e) {
        throw new AssertionError(e);
      }
    }
  }

  /** Special numbers, ordinary numbers, and numbers of every magnitude. */
  private static float[] numbers(int count, int seed) {
    Random random = new Random(seed);
    float[] numbers = new float[count];
    for (int i = 0; i < count; i++) {
      numbers[i] =
          switch (random.nextInt(20)) {
            case 0 -> 0.0f;
            case 1 -> -0.0f;
            case 2 -> Float.NaN;
            case 3 -> Float.POSITIVE_INFINITY;
            case 4 -> Float.NEGATIVE_INFINITY;
            case 5, 6, 7, 8, 9 -> Float.intBitsToFloat(random.nextInt());
            default -> (float) random.nextGaussian() * 5;
          };
    }
    return numbers;
  }

  /** Where formulas change their course: special points, powers of two, limits; and around them. */
  private static float[] edges(Kind kind) {
    List<Float> edges = new ArrayList<>();
    kind.specialPoints().forEach(point -> around(point.x(), edges));
    for (int exponent = Float.MIN_EXPONENT; exponent <= Float.MAX_EXPONENT; exponent++) {
      around(Math.scalb(1.0f, exponent), edges);
    }
    for (int i = 0; i <= 220; i++) {
      around(i * 0.5f, edges);
    }
    for (float edge : new float[] {Float.MIN_VALUE, Float.MIN_NORMAL, 14.5f, 14.6f, 17.5f}) {
      around(edge, edges);
    }
    float[] array = new float[edges.size()];
    for (int i = 0; i < array.length; i++) {
      array[i] = edges.get(i);
    }
    return array;
  }

  private static void around(float x, List<Float> edges) {
    for (float signed : new float[] {x, -x}) {
      edges.add(signed);
      edges.add(Math.nextUp(signed));
      edges.add(Math.nextDown(signed));
    }
  }

  private static float[] padded(float[] values, int before) {
    float[] padded = new float[before + values.length + 2];
    Arrays.fill(padded, GUARD);
    System.arraycopy(values, 0, padded, before, values.length);
    return padded;
  }

  private static void assertSameBits(float[] expected, float[] actual) {
    assertEquals(expected.length, actual.length);
    for (int i = 0; i < expected.length; i++) {
      int at = i;
      assertEquals(
          Float.floatToRawIntBits(expected[i]),
          Float.floatToRawIntBits(actual[i]),
          () -> "element %d: expected %a, got %a".formatted(at, expected[at], actual[at]));
    }
  }
}
