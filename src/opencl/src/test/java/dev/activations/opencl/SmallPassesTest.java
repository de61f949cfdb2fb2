package dev.activations.opencl;

import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.activations.api.DeviceBuffer;
import dev.activations.api.Direction;
import dev.activations.api.Dtype;
import dev.activations.api.Geometry;
import dev.activations.api.Kind;
import dev.activations.api.Op;
import dev.activations.api.Session;
import dev.activations.verify.Definition;
import dev.activations.verify.FusedDefinition;
import dev.activations.verify.FusedDefinition.Values;
import java.util.Arrays;
import java.util.List;
import java.util.SplittableRandom;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledIfEnvironmentVariable;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Every kernel once, over few elements, so that it can run where each instruction is watched:
 * {@code ci/oclgrind.sh} looks there for accesses out of bounds, races and uninitialised values.
 */
class SmallPassesTest {
  private static final Geometry[] ROWS = {
    new Geometry(2, 5, 3), // a work-item for each row, apart
    Geometry.rows(19, 3), // a work-item for each row, together; not a whole group
    Geometry.rows(2, 300), // a group for each row, longer than the group
    new Geometry(1, 70, 2), // the same, apart, and shorter than a large group
  };

  private static final Geometry[] PIECES = {
    new Geometry(1, 2, 1), // a single pair
    new Geometry(130, 2, 1), // interleaved
    new Geometry(3, 38, 7), // runs of an odd number
    new Geometry(1, 518, 1), // the halves of a whole
  };

  /** So that nothing else passes for being watched. */
  @Test
  @EnabledIfEnvironmentVariable(named = "OCLGRIND_LOG", matches = ".+")
  void oclgrindIsTheDevice() {
    assertEquals("Oclgrind Simulator", OpenClDevices.first().name());
  }

  static Stream<Walk> walks() {
    return Stream.of(Walk.CPU, Walk.GPU);
  }

  @ParameterizedTest
  @MethodSource("walks")
  void pointwise(Walk walk) {
    try (Session session = OpenClDevices.first().walking(walk).open()) {
      for (Kind kind : Kind.values()) {
        if (kind.shape() == Kind.Shape.POINTWISE) {
          for (Direction direction : Direction.values()) {
            if (kind.supports(direction)) {
              check(session, Op.of(kind), direction, 1);
              check(session, Op.of(kind), direction, 259);
            }
          }
          checkBoth(session, Op.of(kind), 259);
        }
      }
    }
  }

  @ParameterizedTest
  @MethodSource("walks")
  void pieces(Walk walk) {
    try (Session session = OpenClDevices.first().walking(walk).open()) {
      for (Kind kind : Kind.values()) {
        if (kind.shape() == Kind.Shape.GATED || kind.shape() == Kind.Shape.PIECES) {
          for (Geometry cut : PIECES) {
            checkPieces(session, Op.of(kind).over(cut));
          }
        }
      }
    }
  }

  /** Runs both passes on buffers that they fill to the last element. */
  private static void checkPieces(Session session, Op op) {
    float[] x = values((int) op.geometry().orElseThrow().count(), 4, 1);
    float[] gradient = values((int) op.results(x.length).count(), 1, 2);
    try (DeviceBuffer in = session.upload(x);
        DeviceBuffer dy = session.upload(gradient);
        DeviceBuffer y = session.allocate(Dtype.F32, gradient.length);
        DeviceBuffer dx = session.allocate(Dtype.F32, x.length)) {
      session.forward(op, in, y);
      session.backward(op, in, dy, dx);
      assertEquals(
          bits(Definition.run(op, Direction.FORWARD, x, x)),
          bits(session.download(y)),
          op + " forward");
      assertEquals(
          bits(Definition.run(op, Direction.BACKWARD, x, gradient)),
          bits(session.download(dx)),
          op + " backward");
    }
  }

  @ParameterizedTest
  @MethodSource("walks")
  void fused(Walk walk) {
    Geometry channels = new Geometry(7, 5, 37);
    int count = (int) channels.count();
    float[] biases = values(5, 1, 3);
    float[] residuals = values(count, 1, 4);
    Values operands = new Values(biases, biases, residuals);
    try (Session session = OpenClDevices.first().walking(walk).open();
        DeviceBuffer bias = session.upload(biases);
        DeviceBuffer residual = session.upload(residuals)) {
      // One of each number of parameters: the kernels differ in nothing else that moves data.
      for (Kind kind : List.of(Kind.GELU, Kind.PRELU, Kind.RRELU)) {
        Op op = Op.of(kind).withBias(bias, channels).withResidual(residual).withDropout(0.5, 9);
        checkFused(session, kind == Kind.PRELU ? op.withWeight(bias, channels) : op, operands);
        checkFused(session, Op.of(kind).withResidual(residual), operands);
      }
    }
  }

  @ParameterizedTest
  @MethodSource("walks")
  void sums(Walk walk) {
    try (Session session = OpenClDevices.first().walking(walk).open()) {
      for (Geometry channels :
          new Geometry[] {new Geometry(300, 1, 1), Geometry.rows(9, 70), new Geometry(3, 5, 7)}) {
        float[] x = values((int) channels.count(), 4, 1);
        float[] gradient = values(x.length, 1, 2);
        int count = (int) channels.axis();
        int inner = (int) channels.inner();
        try (DeviceBuffer in = session.upload(x);
            DeviceBuffer dy = session.upload(gradient);
            DeviceBuffer weight = session.upload(new float[count]);
            DeviceBuffer out = session.allocate(Dtype.F32, count)) {
          session.channelSum(in, out, channels);
          assertEquals(bits(FusedDefinition.sums(x, count, inner)), bits(session.download(out)));
          Op prelu = Op.of(Kind.PRELU).withWeight(weight, channels);
          session.weightGradient(prelu, in, dy, out);
          assertEquals(
              bits(FusedDefinition.weightGradient(x, gradient, count, inner)),
              bits(session.download(out)));
        }
      }
    }
  }

  @ParameterizedTest
  @MethodSource("walks")
  void rows(Walk walk) {
    try (Session session = OpenClDevices.first().walking(walk).open()) {
      for (Geometry rows : ROWS) {
        Op softmax = Op.of(Kind.SOFTMAX).over(rows);
        check(session, softmax, Direction.FORWARD, (int) rows.count());
        check(session, softmax, Direction.BACKWARD, (int) rows.count());
      }
    }
  }

  /** Runs a pass on buffers that it fills to the last element. */
  private static void check(Session session, Op op, Direction direction, int count) {
    float[] x = values(count, 4, 1);
    float[] gradient = values(count, 1, 2);
    try (DeviceBuffer in = session.upload(x);
        DeviceBuffer dy = session.upload(gradient);
        DeviceBuffer out = session.allocate(Dtype.F32, count)) {
      switch (direction) {
        case FORWARD -> session.forward(op, in, out);
        case DERIVATIVE -> session.derivative(op, in, out);
        case BACKWARD -> session.backward(op, in, dy, out);
        case BACKWARD_FROM_OUTPUT -> session.backward(op.fromOutput(), in, dy, out);
      }
      assertEquals(
          bits(Definition.run(op, direction, x, gradient)),
          bits(session.download(out)),
          op + " " + direction.stem());
    }
  }

  private static void checkFused(Session session, Op op, Values operands) {
    int count = operands.residual().length;
    float[] x = values(count, 4, 1);
    float[] gradient = values(count, 1, 2);
    try (DeviceBuffer in = session.upload(x);
        DeviceBuffer dy = session.upload(gradient);
        DeviceBuffer out = session.allocate(Dtype.F32, count)) {
      session.forward(op, in, out);
      assertEquals(
          bits(FusedDefinition.run(op, Direction.FORWARD, x, gradient, operands)),
          bits(session.download(out)),
          op + " forward");
      session.backward(op, in, dy, out);
      assertEquals(
          bits(FusedDefinition.run(op, Direction.BACKWARD, x, gradient, operands)),
          bits(session.download(out)),
          op + " backward");
    }
  }

  private static void checkBoth(Session session, Op op, int count) {
    float[] x = values(count, 4, 1);
    try (DeviceBuffer in = session.upload(x);
        DeviceBuffer out = session.allocate(Dtype.F32, count);
        DeviceBuffer slope = session.allocate(Dtype.F32, count)) {
      session.forwardWithDerivative(op, in, out, slope);
      assertEquals(
          bits(Definition.run(op, Direction.FORWARD, x, x)),
          bits(session.download(out)),
          op + " with its derivative");
      assertEquals(
          bits(Definition.run(op, Direction.DERIVATIVE, x, x)),
          bits(session.download(slope)),
          op + ", its derivative");
    }
  }

  private static float[] values(int count, float limit, long seed) {
    SplittableRandom random = new SplittableRandom(seed);
    float[] values = new float[count];
    for (int i = 0; i < count; i++) {
      values[i] = (float) ((random.nextDouble() * 2 - 1) * limit);
    }
    return values;
  }

  private static String bits(float[] values) {
    int[] bits = new int[values.length];
    Arrays.setAll(bits, i -> Float.floatToRawIntBits(values[i]));
    return Arrays.toString(bits);
  }
}
