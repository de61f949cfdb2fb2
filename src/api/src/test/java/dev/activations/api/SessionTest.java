package dev.activations.api;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.activations.spi.ChannelSum;
import dev.activations.spi.Fused;
import dev.activations.spi.Launch;
import dev.activations.spi.Runs;
import dev.activations.spi.Slice;
import dev.activations.spi.StoragePass;
import dev.activations.spi.StoragePass.Step;
import java.nio.Buffer;
import java.nio.ByteBuffer;
import java.nio.DoubleBuffer;
import java.nio.FloatBuffer;
import java.nio.ShortBuffer;
import java.util.List;
import java.util.Optional;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.function.Executable;

/** The promises that every session keeps before a back end is asked. */
class SessionTest {
  private final Recorded session = new Recorded();
  private final Op relu = Op.of(Kind.RELU);

  @Test
  void lengthsMustAgree() {
    DeviceBuffer three = session.allocate(Dtype.F32, 3);
    DeviceBuffer four = session.allocate(Dtype.F32, 4);
    assertThrows(IllegalArgumentException.class, () -> session.forward(relu, three, four));
    assertThrows(IllegalArgumentException.class, () -> session.backward(relu, three, four, three));
    assertThrows(
        IllegalArgumentException.class, () -> session.write(FloatBuffer.allocate(2), three));
    assertThrows(
        IllegalArgumentException.class, () -> session.read(three, FloatBuffer.allocate(4)));
    assertThrows(
        IllegalArgumentException.class, () -> session.backward(relu, new float[2], new float[3]));
    assertThrows(IllegalArgumentException.class, () -> session.allocate(Dtype.F32, -1));
    assertEquals(List.of(), session.launches);
  }

  @Test
  void outputsAreInPlaceOrApart() {
    DeviceBuffer all = session.allocate(Dtype.F32, 10);
    session.forward(relu, all, all);
    session.forward(relu, all.slice(0, 5), all.slice(5, 5));
    session.forward(relu, all.slice(2, 5), all.slice(2, 5));
    assertEquals(3, session.launches.size());
    assertThrows(
        IllegalArgumentException.class,
        () -> session.forward(relu, all.slice(0, 5), all.slice(4, 5)));
    float[] array = new float[10];
    assertThrows(
        IllegalArgumentException.class,
        () -> session.forward(relu, FloatBuffer.wrap(array, 0, 5), FloatBuffer.wrap(array, 4, 5)));
    assertThrows(
        IllegalArgumentException.class,
        () ->
            session.forward(
                relu, FloatBuffer.wrap(array), FloatBuffer.wrap(array).asReadOnlyBuffer()));
  }

  @Test
  void slicesCountFromTheirBuffer() {
    DeviceBuffer all = session.allocate(Dtype.F32, 10);
    DeviceBuffer view = all.slice(3, 6).slice(2, 4);
    session.forward(relu, view, view);
    assertEquals(5, session.launches.get(0).inputs().get(0).offset());
    assertEquals(4, session.launches.get(0).count());
    assertThrows(IndexOutOfBoundsException.class, () -> all.slice(3, 6).slice(3, 4));
    view.close();
    session.forward(relu, all, all);
  }

  @Test
  void closedThingsAreRefused() {
    DeviceBuffer buffer = session.allocate(Dtype.F32, 2);
    DeviceBuffer view = buffer.slice(0, 1);
    buffer.close();
    buffer.close();
    assertEquals(1, session.freed);
    assertThrows(IllegalStateException.class, () -> session.forward(relu, buffer, buffer));
    assertThrows(IllegalStateException.class, () -> session.forward(relu, view, view));
    DeviceBuffer left = session.allocate(Dtype.F32, 2);
    session.close();
    session.close();
    assertEquals(2, session.freed);
    assertEquals(1, session.released);
    left.close();
    assertEquals(2, session.freed);
    assertThrows(IllegalStateException.class, () -> session.allocate(Dtype.F32, 1));
    assertThrows(IllegalStateException.class, () -> session.forward(relu, new float[1]));
    assertThrows(IllegalStateException.class, session::fence);
  }

  @Test
  void buffersOfAnotherSessionAreRefused() {
    DeviceBuffer own = session.allocate(Dtype.F32, 2);
    DeviceBuffer foreign = new Recorded().allocate(Dtype.F32, 2);
    assertThrows(IllegalArgumentException.class, () -> session.forward(relu, foreign, own));
  }

  @Test
  void typesMustAgree() {
    DeviceBuffer singles = session.allocate(Dtype.F32, 2);
    DeviceBuffer doubles = session.allocate(Dtype.F64, 2);
    DeviceBuffer halves = session.allocate(Dtype.F16, 2);
    for (Runnable wrong :
        List.<Runnable>of(
            () -> session.forward(relu, singles, halves),
            () -> session.backward(relu, singles, doubles, singles),
            () -> session.forwardWithDerivative(relu, singles, singles, doubles),
            () -> session.write(FloatBuffer.allocate(2), doubles),
            () -> session.write(DoubleBuffer.allocate(2), singles),
            () -> session.write(ShortBuffer.allocate(2), singles),
            () -> session.read(doubles, FloatBuffer.allocate(2)),
            () -> session.read(halves, DoubleBuffer.allocate(2)),
            () -> session.read(singles, ShortBuffer.allocate(2)),
            () -> session.download(doubles),
            () -> session.upload(Dtype.F64, new short[2]))) {
      assertThrows(IllegalArgumentException.class, wrong::run);
    }
    assertEquals(List.of(), session.launches);
    Throwable e = assertThrows(IllegalArgumentException.class, () -> session.download(doubles));
    assertEquals(
        "floats are for float32 or float16 or bfloat16, got float64; use the method for doubles",
        e.getMessage());
  }

  @Test
  void elementsOf16BitsAreLookedUpInATableThatIsBuiltOnce() {
    DeviceBuffer x = session.allocate(Dtype.F16, 4);
    DeviceBuffer dy = session.allocate(Dtype.F16, 4);
    session.forward(relu, x, x);
    assertEquals(1, session.launches.size(), "the table is computed in float32");
    assertEquals(Dtype.F32, session.launches.get(0).dtype());
    assertEquals(1 << 16, session.launches.get(0).count());
    assertEquals(List.of(Step.WIDEN, Step.NARROW, Step.LOOKUP), steps());
    assertEquals(4, session.passes.get(2).count());
    assertEquals(3, session.passes.get(2).slices().size());

    session.passes.clear();
    session.forward(relu, x, dy);
    session.backward(relu, x, dy, x);
    session.backward(relu, x, dy, dy);
    session.forwardWithDerivative(relu, x, x, dy);
    assertEquals(
        List.of(
            Step.LOOKUP, Step.LOOKUP_BACKWARD, Step.LOOKUP_BACKWARD, Step.NARROW, Step.LOOKUP_BOTH),
        steps());
    assertEquals(3, session.launches.size(), "slopes in float32, and once more to be rounded");

    session.close();
    assertEquals(session.allocated, session.freed);
  }

  @Test
  void tablesOfManyParametersDoNotPileUp() {
    DeviceBuffer x = session.allocate(Dtype.BF16, 1);
    for (int i = 0; i < 200; i++) {
      session.forward(Op.of(Activation.of(Kind.LEAKY_RELU, i)), x, x);
    }
    assertTrue(session.allocated - session.freed < 70);
    session.forward(Op.of(Activation.of(Kind.LEAKY_RELU, 199)), x, x);
    assertEquals(200, session.launches.size());
  }

  @Test
  void overAnAxisElementsOf16BitsAreWidenedAndTheFloatsFreed() {
    DeviceBuffer y = session.allocate(Dtype.BF16, 6);
    DeviceBuffer dy = session.allocate(Dtype.BF16, 6);
    int before = session.allocated;
    session.backward(Op.of(Kind.SOFTMAX), y, dy, dy);
    assertEquals(List.of(Step.WIDEN, Step.WIDEN, Step.NARROW), steps());
    assertEquals(Direction.BACKWARD, session.launches.get(0).direction());
    assertEquals(session.allocated - before, session.freed);
  }

  @Test
  void conversionsGoByWayOfFloat32() {
    DeviceBuffer floats = session.allocate(Dtype.F32, 2);
    DeviceBuffer halves = session.allocate(Dtype.F16, 2);
    session.convert(floats, halves);
    session.convert(halves, floats);
    assertEquals(List.of(Step.NARROW, Step.WIDEN), steps());
    for (Dtype wrong : List.of(Dtype.F16, Dtype.BF16, Dtype.F64)) {
      DeviceBuffer other = session.allocate(wrong, 2);
      assertThrows(IllegalArgumentException.class, () -> session.convert(halves, other));
    }
    assertThrows(IllegalArgumentException.class, () -> session.convert(floats, floats));
    assertThrows(IllegalArgumentException.class, () -> session.convert(floats, halves.slice(0, 1)));
  }

  @Test
  void whatIsNotComputedInDoublesIsRefused() {
    DeviceBuffer x = session.allocate(Dtype.F64, 2);
    session.forward(relu, x, x);
    assertEquals(Dtype.F64, session.launches.get(0).dtype());
    Op custom = Op.of(CustomFormulaTest.built());
    Throwable e = assertThrows(IllegalArgumentException.class, () -> session.forward(custom, x, x));
    assertEquals("half is not computed in float64; use float32", e.getMessage());
  }

  @Test
  void functionAndDerivativeAreOneLaunchOfThreeBuffers() {
    DeviceBuffer x = session.allocate(Dtype.F32, 4);
    DeviceBuffer y = session.allocate(Dtype.F32, 4);
    session.forwardWithDerivative(relu, x, x, y);
    session.forwardWithDerivative(relu, x, y, x);
    Launch launch = session.launches.get(0);
    assertEquals("forward_with_derivative", launch.stem());
    assertEquals(3, launch.slices().size());
    assertEquals(launch.inputs().get(0), launch.slices().get(0));
    assertEquals(launch.outputs(), launch.slices().subList(1, 3));

    assertThrows(
        IllegalArgumentException.class, () -> session.forwardWithDerivative(relu, x, y, y));
    assertThrows(
        IllegalArgumentException.class,
        () -> session.forwardWithDerivative(relu, x.slice(0, 2), y.slice(0, 2), y.slice(1, 2)));
    assertThrows(
        IllegalArgumentException.class,
        () -> session.forwardWithDerivative(relu, x.slice(0, 2), y.slice(0, 2), x.slice(1, 2)));
    assertThrows(
        IllegalArgumentException.class,
        () -> session.forwardWithDerivative(relu, x, y, session.allocate(Dtype.F32, 3)));
    assertThrows(
        IllegalArgumentException.class,
        () -> session.forwardWithDerivative(Op.of(Kind.SOFTMAX), x, x, y));
    assertEquals(2, session.launches.size());
  }

  @Test
  void aPackedGateIsTakenApart() {
    DeviceBuffer packed = session.allocate(Dtype.F32, 24);
    DeviceBuffer out = session.allocate(Dtype.F32, 12);
    Op swiglu = Op.of(Kind.SWIGLU).over(new Geometry(2, 4, 3));
    session.forward(swiglu, packed, out);
    session.forward(swiglu.gatedBy(Half.SECOND), packed, out);
    session.backward(swiglu, packed, out, packed);
    session.forward(Op.of(Kind.GLU), packed, out);
    List<Launch> launches = session.launches;
    // The gate stands for the biases that there are not.
    assertEquals(List.of(0L, 6L, 0L, 0L, 0L), offsets(launches.get(0)));
    assertEquals(new Runs(6, 12), launches.get(0).runs());
    assertArrayEquals(new long[] {12, 6, 12, 0, 1}, launches.get(0).integers());
    assertEquals(List.of(6L, 0L, 6L, 6L, 0L), offsets(launches.get(1)));
    assertEquals(List.of(0L, 6L, 0L, 0L, 0L, 0L, 6L), offsets(launches.get(2)));
    // The second half gates a glu, and no geometry means one row.
    assertEquals(List.of(12L, 0L, 12L, 12L, 0L), offsets(launches.get(3)));
  }

  @Test
  void theBiasOfAGateHasItsHalves() {
    DeviceBuffer packed = session.allocate(Dtype.F32, 24);
    DeviceBuffer out = session.allocate(Dtype.F32, 12);
    DeviceBuffer bias = session.allocate(Dtype.F32, 4);
    Geometry rows = new Geometry(2, 4, 3);
    Op swiglu = Op.of(Kind.SWIGLU);
    session.forward(swiglu.over(rows).withBias(bias), packed, out);
    session.forward(swiglu.withBias(bias, rows), packed, out);
    // Without a geometry the channels are the last axis.
    session.backward(swiglu.withBias(bias).gatedBy(Half.SECOND), packed, out, packed);
    DeviceBuffer gate = packed.slice(0, 12);
    session.forward(swiglu.withBias(bias, rows), gate, packed.slice(12, 12), gate);
    List<Launch> launches = session.launches;
    for (Launch launch : launches.subList(0, 2)) {
      assertEquals(List.of(0L, 6L, 0L, 2L, 0L), offsets(launch));
      assertEquals(
          List.of(bias.toSlice(), bias.slice(2, 2).toSlice()), launch.slices().subList(2, 4));
      assertArrayEquals(new long[] {12, 6, 12, 2, 3}, launch.integers());
    }
    assertEquals(List.of(2L, 0L, 0L, 2L, 0L, 2L, 0L), offsets(launches.get(2)));
    assertArrayEquals(new long[] {12, 2, 4, 2, 1}, launches.get(2).integers());
    assertEquals(List.of(0L, 12L, 0L, 2L, 0L), offsets(launches.get(3)));
    assertArrayEquals(new long[] {12, 12, 12, 2, 3}, launches.get(3).integers());
    assertThrows(
        IllegalStateException.class,
        () -> session.backward(swiglu, gate, out, out, gate, out),
        "a pass in place has lost the gate");

    session.biasGradient(swiglu.over(rows).withBias(bias), packed, bias);
    session.biasGradient(Op.of(Kind.GLU).withBias(bias, rows), gate, out, bias);
    assertEquals(
        List.of(
            new ChannelSum(Dtype.F32, packed.toSlice(), Optional.empty(), bias.toSlice(), 2, 4, 3),
            new ChannelSum(Dtype.F32, out.toSlice(), Optional.empty(), bias.toSlice(), 2, 2, 3),
            new ChannelSum(
                Dtype.F32, gate.toSlice(), Optional.empty(), bias.slice(2, 2).toSlice(), 2, 2, 3)),
        session.sums);
  }

  @Test
  void theBiasOfAGateMustFit() {
    DeviceBuffer packed = session.allocate(Dtype.F32, 24);
    DeviceBuffer out = session.allocate(Dtype.F32, 12);
    DeviceBuffer four = session.allocate(Dtype.F32, 4);
    DeviceBuffer three = session.allocate(Dtype.F32, 3);
    Op glu = Op.of(Kind.GLU);
    assertEquals(
        "glu takes a bias and no other part of other passes, got + bias(4) + residual; run them one"
            + " after the other",
        message(() -> glu.withBias(four).withResidual(out)));
    refused("glu takes a bias and no other", () -> glu.withDropout(0.5, 1));
    refused("must be equal", () -> glu.over(new Geometry(2, 6, 2)).withBias(four));
    refused(
        "are the axis that is cut",
        () -> glu.over(new Geometry(2, 4, 3)).withBias(four, new Geometry(6, 4, 1)));
    refused("not a multiple", () -> session.forward(glu.withBias(four), packed.slice(0, 10), out));
    refused("2 equal pieces", () -> session.forward(glu.withBias(three), packed, out));
    refused(
        "2 equal pieces",
        () -> session.forward(glu.withBias(three), out, packed.slice(0, 12), out));
    refused(
        "needs 24 elements, got 16",
        () ->
            session.forward(
                glu.withBias(four, new Geometry(2, 4, 3)),
                out.slice(0, 8),
                packed.slice(0, 8),
                out.slice(0, 8)));
    refused(
        "the bias overlaps the output",
        () -> session.forward(glu.withBias(out.slice(0, 4)), packed, out));
    refused("upload it", () -> session.forward(glu.withBias(four), new float[24]));
    refused("no bias", () -> session.biasGradient(glu, out, out, four));
    assertEquals(List.of(), session.launches);
    assertEquals(List.of(), session.sums);
  }

  private static List<Long> offsets(Launch launch) {
    return launch.slices().stream().map(Slice::offset).toList();
  }

  @Test
  void whatAPackedGateAsksForIsChecked() {
    DeviceBuffer packed = session.allocate(Dtype.F32, 24);
    DeviceBuffer half = session.allocate(Dtype.F32, 12);
    Op glu = Op.of(Kind.GLU);
    assertEquals(
        "glu cuts its axis into 2 equal pieces, which 3 elements do not make",
        message(() -> session.forward(glu.over(new Geometry(1, 3, 8)), packed, half)));
    assertEquals(
        "the output must have 12 elements, got 24",
        message(() -> session.forward(glu, packed, packed)));
    assertEquals(
        "the output overlaps an input in part; use the same elements or disjoint ones",
        message(() -> session.forward(glu, packed, packed.slice(0, 12))));
    assertEquals(
        "the gradient must have 12 elements, got 24",
        message(() -> session.backward(glu, packed, packed, packed)));
    assertEquals(
        "glu has a derivative for each of its inputs; use backward",
        message(() -> session.derivative(glu, packed, half)));
    assertEquals(
        "maxout: parameter pieces must be a whole number in [1.0, 1048576.0], got 2.5",
        message(() -> Activation.of(Kind.MAXOUT, 2.5)));
    assertEquals(
        "relu is not gated, so neither half gates", message(() -> relu.gatedBy(Half.FIRST)));
    assertEquals(List.of(), session.launches);
  }

  @Test
  void gateAndValueMayBeTwoBuffers() {
    DeviceBuffer gate = session.allocate(Dtype.F32, 4);
    DeviceBuffer value = session.allocate(Dtype.F32, 4);
    DeviceBuffer dy = session.allocate(Dtype.F32, 4);
    Op glu = Op.of(Kind.GLU);
    session.forward(glu, gate, value, dy);
    session.backward(glu, gate, value, dy, value, gate);
    session.forward(glu, gate, value, value);
    assertEquals(Runs.contiguous(4), session.launches.get(0).runs());
    assertEquals(2, session.launches.get(1).outputs().size());
    assertEquals("backward", session.launches.get(1).stem());
    assertEquals(3, session.launches.size());

    // What the last pass has overwritten is no value any more.
    IllegalStateException lost =
        assertThrows(
            IllegalStateException.class, () -> session.backward(glu, gate, value, dy, gate, dy));
    assertTrue(lost.getMessage().contains("overwritten in place"), lost.getMessage());
    assertEquals(
        "the gradient of the gate and the gradient of the value overlap; give each a buffer of its"
            + " own",
        message(() -> session.backward(glu, gate, dy, dy, gate, gate)));
    assertEquals(
        "the value must have 4 elements, got 3",
        message(() -> session.forward(glu, gate, value.slice(0, 3), dy)));
    assertEquals(
        "relu has one input; a gated kind has a gate and a value, and masked_softmax takes a mask",
        message(() -> session.forward(relu, gate, value, dy)));
    assertTrue(
        message(() -> session.forward(glu.over(Geometry.rows(1, 4)), gate, value, dy))
            .contains("a geometry cuts a packed array"));
    assertEquals(
        "the gradient of the gate and the gradient of the value overlap; give each a buffer of its"
            + " own",
        message(
            () -> {
              FloatBuffer host = FloatBuffer.allocate(4);
              session.backward(
                  glu, host, host, host, FloatBuffer.wrap(host.array()), host.duplicate());
            }));
    assertEquals(3, session.launches.size());
  }

  @Test
  void aMaskIsASecondInput() {
    DeviceBuffer x = session.allocate(Dtype.F32, 6);
    DeviceBuffer mask = session.allocate(Dtype.F32, 6);
    DeviceBuffer y = session.allocate(Dtype.F32, 6);
    Op masked = Op.of(Kind.MASKED_SOFTMAX).over(Geometry.rows(2, 3));
    session.forward(masked, x, mask, y);
    session.forward(masked, x, mask, mask);
    session.backward(masked, y, x, x);
    session.forward(masked, new float[6], new float[6]);
    session.forward(masked, new double[6], new double[6]);
    assertEquals(
        List.of(2, 2, 2, 2, 2),
        session.launches.stream().map(launch -> launch.inputs().size()).toList());
    String needed =
        "masked_softmax over (2, 3, 1) needs a mask; give it to forward after the input";
    assertEquals(needed, message(() -> session.forward(masked, x, y)));
    assertEquals(needed, message(() -> session.forward(masked, new float[6])));
    assertEquals(needed, message(() -> session.forward(masked, new double[6])));
    assertEquals(
        "the mask must have 6 elements, got 5",
        message(() -> session.forward(masked, x, mask.slice(0, 5), y)));
    assertTrue(
        message(() -> session.forward(Op.of(Kind.SOFTMAX), x, mask, y))
            .startsWith("softmax has one input; "));
    assertEquals(5, session.launches.size());
  }

  @Test
  void noiseNeedsASeed() {
    DeviceBuffer x = session.allocate(Dtype.F32, 4);
    Op gumbel = Op.of(Kind.GUMBEL_SOFTMAX);
    String needed =
        "gumbel_softmax(tau=1.0) draws random numbers and needs a seed; use op.seeded(seed)";
    assertEquals(needed, message(() -> session.forward(gumbel, x, x)));
    assertEquals(needed, message(() -> session.forward(gumbel, new float[4])));
    session.forward(gumbel.seeded(3).startingAt(8), x, x);
    assertArrayEquals(new long[] {3, 8}, session.launches.get(0).draws());
    session.backward(gumbel.seeded(3), x, x, x);
    session.backward(gumbel, x, x, x);
    assertArrayEquals(new long[0], session.launches.get(1).draws());
    assertEquals(3, session.launches.size());
    refused("takes no part of other passes", () -> gumbel.withDropout(0.5, 3));
    refused("takes no part of other passes", () -> gumbel.seeded(3).withResidual(x));
  }

  @Test
  void noiseGoesOnFromPieceToPiece() {
    int columns = (1 << 22) - 1;
    Op gumbel = Op.of(Kind.GUMBEL_SOFTMAX).seeded(3).over(Geometry.rows(2, columns));
    session.forward(gumbel.startingAt(7), new float[2 * columns]);
    assertArrayEquals(new long[] {3, 7}, session.launches.get(0).draws());
    assertArrayEquals(new long[] {3, 7 + columns}, session.launches.get(1).draws());
  }

  private static String message(Executable call) {
    return assertThrows(IllegalArgumentException.class, call).getMessage();
  }

  @Test
  void aDerivativeOverAnAxisIsRefused() {
    IllegalArgumentException e =
        assertThrows(
            IllegalArgumentException.class,
            () -> session.derivative(Op.of(Kind.SOFTMAX), new float[3]));
    assertTrue(e.getMessage().contains("use backward"), e.getMessage());
  }

  @Test
  void anOpFromItsOutputHasABackwardPassOfItsOwn() {
    DeviceBuffer y = session.allocate(Dtype.F32, 4);
    DeviceBuffer dy = session.allocate(Dtype.F32, 4);
    Op elu = Op.of(Activation.of(Kind.ELU, 2)).fromOutput();
    session.forward(elu, y, y);
    session.backward(elu, y, dy, dy);
    Launch forward = session.launches.get(0);
    Launch backward = session.launches.get(1);
    assertEquals("forward", forward.stem());
    assertEquals(Direction.BACKWARD_FROM_OUTPUT, backward.direction());
    assertEquals("backward_from_output", backward.stem());
    assertArrayEquals(new double[] {2}, backward.uniforms());
    assertEquals(List.of(y.toSlice(), dy.toSlice()), backward.inputs());

    session.backward(elu, new float[4], new float[4]);
    assertEquals(Direction.BACKWARD_FROM_OUTPUT, session.launches.get(2).direction());
    assertThrows(IllegalArgumentException.class, () -> session.derivative(elu, y, dy));
    assertThrows(
        IllegalArgumentException.class, () -> session.forwardWithDerivative(elu, y, y, dy));
  }

  @Test
  void theOutputIsTheWayOutWhereTheInputIsLost() {
    DeviceBuffer x = session.allocate(Dtype.F32, 4);
    DeviceBuffer dy = session.allocate(Dtype.F32, 4);
    Op sigmoid = Op.of(Kind.SIGMOID);
    session.forward(sigmoid, x, x);
    IllegalStateException e =
        assertThrows(IllegalStateException.class, () -> session.backward(sigmoid, x, dy, dy));
    assertTrue(e.getMessage().contains("op.fromOutput()"), e.getMessage());
    session.backward(sigmoid.fromOutput(), x, dy, dy);

    Op gelu = Op.of(Kind.GELU);
    session.forward(gelu, x, x);
    e = assertThrows(IllegalStateException.class, () -> session.backward(gelu, x, dy, dy));
    assertTrue(e.getMessage().contains("keep a copy of the input"), e.getMessage());
  }

  @Test
  void nothingIsLaunchedForNoElements() {
    DeviceBuffer empty = session.allocate(Dtype.F32, 0);
    session.forward(relu, empty, empty);
    assertArrayEquals(new float[0], session.download(empty));
    assertEquals(0, session.forward(relu, new float[0]).length);
    assertEquals(List.of(), session.launches);
  }

  @Test
  void hostDataIsStagedInWholeRows() {
    int columns = (1 << 22) - 1;
    Op softmax = Op.of(Kind.SOFTMAX).over(Geometry.rows(3, columns));
    session.forward(softmax, new float[3 * columns]);
    assertEquals(3, session.launches.size());
    for (Launch launch : session.launches) {
      assertEquals(Geometry.rows(1, columns), launch.op().rows(launch.count()));
    }
    assertEquals(session.allocated, session.freed);
  }

  @Test
  void hostPositionsAreUsedAndKept() {
    float[] array = {9, 1, 2, 3, 9};
    FloatBuffer middle = FloatBuffer.wrap(array, 1, 3);
    session.forward(relu, middle, middle);
    assertEquals(1, middle.position());
    assertEquals(4, middle.limit());
    assertArrayEquals(new float[] {9, -1, -2, -3, 9}, array);
  }

  @Test
  void anArrayOfTheHostIsComputedInItsMemory() {
    HostFloats x = new HostFloats(100, 2, 3);
    HostFloats y = new HostFloats(100, 2, 3);
    session.forward(relu, x, y);
    assertArrayEquals(new float[] {-1, -2, -3, -4, -5, -6}, y.values());
    session.derivative(relu, x, x);
    assertArrayEquals(y.values(), x.values());
    session.backward(relu, x, y, y);
    assertEquals(3, session.launches.size());
    session.forward(relu, new HostFloats(100, 0, 3), new HostFloats(100, 0, 3));
    assertEquals(3, session.launches.size());
    session.forward(relu, new HostFloats(100), new HostFloats(100));
    assertEquals(1, session.launches.get(3).count());
  }

  @Test
  void anArrayThatNoViewHoldsIsComputedInWholeRows() {
    HostFloats x = new HostFloats(10, 5, 4);
    session.forward(relu, x, x);
    assertEquals(List.of(10L, 10L), session.launches.stream().map(Launch::count).toList());
    assertEquals(-20, x.values()[19]);

    HostFloats y = new HostFloats(100, 5, 4);
    session.forward(Op.of(Kind.SOFTMAX).over(Geometry.of(-1, x.shape())), x, y);
    assertEquals(
        List.of(8L, 8L, 4L), session.launches.stream().skip(2).map(Launch::count).toList());
    assertEquals(20, y.values()[19]);
    refused(
        "a row of 20 elements has to fit a view, which holds 10",
        () -> session.forward(Op.of(Kind.SOFTMAX).over(Geometry.of(0, x.shape())), x, y));
  }

  @Test
  void arraysOfTheHostMayBeTwo() {
    HostFloats x = new HostFloats(8, 4, 3);
    HostFloats second = new HostFloats(100, 4, 3);
    Op masked = Op.of(Kind.MASKED_SOFTMAX);
    session.forward(masked.over(Geometry.of(1, x.shape())), x, second, x);
    assertEquals(List.of(6L, 6L), session.launches.stream().map(Launch::count).toList());
    session.forward(Op.of(Kind.SWIGLU), second, x, second);
    assertEquals(2, session.launches.get(2).inputs().size());
    refused("say which", () -> session.forward(masked, x, second, x));
    refused("needs a mask", () -> session.forward(masked.over(Geometry.of(1, 4, 3)), x, x));
    refused("relu has one input", () -> session.forward(relu, x, x, x));
    refused(
        "the value must hold float32, as the gate does, got float16",
        () -> session.forward(Op.of(Kind.SWIGLU), x, new HostBits(4, 3), x));
  }

  @Test
  void arraysOfTheHostMustFit() {
    HostFloats x = new HostFloats(100, 2, 3);
    HostFloats turned = new HostFloats(100, 3, 2);
    refused("must have the shape [2, 3], got [3, 2]", () -> session.forward(relu, x, turned));
    refused("the gradient must have the shape [2, 3]", () -> session.backward(relu, x, turned, x));
    refused(
        "the output must have the shape [2, 3], got [4]",
        () -> session.forward(relu, x, new HostFloats(100, 4)));
    refused(
        "the output must hold float32, as the input does, got float16",
        () -> session.forward(relu, x, new HostBits(2, 3)));
    refused(
        "softmax works along an axis of the shape [2, 3]; say which",
        () -> session.forward(Op.of(Kind.SOFTMAX), x, x));
    refused("softmax", () -> session.derivative(Op.of(Kind.SOFTMAX), x, x));
    assertEquals(List.of(), session.launches);
    Op gate = Op.of(Kind.SWIGLU).over(Geometry.of(0, x.shape()));
    refused("the output must have 3 elements, got 6", () -> session.forward(gate, x, x));
    session.forward(gate, x, new HostFloats(100, 1, 3));
    session.backward(gate, x, new HostFloats(100, 1, 3), x);
    session.close();
    assertThrows(IllegalStateException.class, () -> session.forward(relu, x, x));
  }

  /** An array of counting numbers. */
  private record HostFloats(float[] values, int most, long... shape) implements HostArray {
    HostFloats(int most, long... shape) {
      this(new float[(int) LongStream.of(shape).reduce(1, (a, b) -> a * b)], most, shape);
      for (int i = 0; i < values.length; i++) {
        values[i] = i + 1;
      }
    }

    @Override
    public Dtype dtype() {
      return Dtype.F32;
    }

    @Override
    public Buffer elements(long from, int count) {
      return FloatBuffer.wrap(values, (int) from, count);
    }
  }

  private record HostBits(long... shape) implements HostArray {
    @Override
    public Dtype dtype() {
      return Dtype.F16;
    }

    @Override
    public Buffer elements(long from, int count) {
      return HostArray.view(dtype(), ByteBuffer.allocate(count * dtype().bytes()));
    }
  }

  @Test
  void aFusedPassIsOneLaunchOfAllItsBuffers() {
    DeviceBuffer x = session.allocate(Dtype.F32, 24);
    DeviceBuffer y = session.allocate(Dtype.F32, 24);
    DeviceBuffer bias = session.allocate(Dtype.F32, 4);
    DeviceBuffer residual = session.allocate(Dtype.F32, 24);
    Op op = relu.withBias(bias, new Geometry(2, 4, 3)).withResidual(residual).withDropout(0.25, 7);
    assertEquals("relu + bias(4) + dropout(0.25) + seed(7) + residual", op.toString());
    session.forward(op, x, residual);
    session.backward(op, x, y, y);
    session.forward(relu.startingAt(9), x, y);
    assertEquals(1, session.launches.size(), "an index alone fuses nothing");

    Fused forward = session.fused.get(0);
    assertEquals("forward_fused", forward.stem());
    assertEquals(
        List.of(x.toSlice(), bias.toSlice(), x.toSlice(), residual.toSlice(), residual.toSlice()),
        forward.slices());
    assertArrayEquals(new long[] {24, 4, 3, 0, 1, 3, 7, 0, 1 << 29}, forward.integers());
    assertArrayEquals(new double[] {4 / 3.0}, forward.uniforms());

    Fused backward = session.fused.get(1);
    assertEquals("backward_fused", backward.stem());
    assertEquals(
        List.of(x.toSlice(), y.toSlice(), bias.toSlice(), x.toSlice(), y.toSlice()),
        backward.slices());
    assertArrayEquals(new long[] {24, 4, 3, 0, 1, 2, 7, 0, 1 << 29}, backward.integers());
  }

  @Test
  void aFusedPassHasElementsOfOneType() {
    DeviceBuffer doubles = session.allocate(Dtype.F64, 4);
    DeviceBuffer floats = session.allocate(Dtype.F32, 4);
    DeviceBuffer halves = session.allocate(Dtype.F16, 4);
    DeviceBuffer bias = session.allocate(Dtype.F64, 2);
    Op op = relu.withBias(bias).withDropout(0.25, 7);
    session.forward(op, doubles, doubles);
    Fused pass = session.fused.get(0);
    assertEquals(Dtype.F64, pass.dtype());
    String types = "the output holds %s, an input or output %s";
    refused(types.formatted("float32", "float64"), () -> session.forward(op, floats, floats));
    refused(
        types.formatted("float64", "float32"),
        () -> session.forward(op.withResidual(floats), doubles, doubles));
    DeviceBuffer weight = session.allocate(Dtype.F32, 2);
    refused(
        types.formatted("float64", "float32"),
        () -> session.forward(Op.of(Kind.PRELU).withWeight(weight), doubles, doubles));
    refused(types.formatted("float16", "float64"), () -> session.forward(op, halves, halves));
    refused(
        types.formatted("float32", "float64"),
        () -> session.biasGradient(op, doubles, floats.slice(0, 2)));
    assertEquals(1, session.fused.size());
  }

  @Test
  void aFusedPassOf16BitsIsOneOfFloatsThatAreFreed() {
    DeviceBuffer x = session.allocate(Dtype.F16, 8);
    DeviceBuffer dy = session.allocate(Dtype.F16, 8);
    DeviceBuffer four = session.allocate(Dtype.F16, 4);
    int before = session.allocated;
    Op all = Op.of(Kind.PRELU).withWeight(four).withBias(four).withResidual(x).withDropout(0.25, 7);
    session.forward(all, x, x);
    assertEquals(List.of(Step.WIDEN, Step.WIDEN, Step.WIDEN, Step.WIDEN, Step.NARROW), steps());
    session.passes.clear();
    session.backward(all, dy, x, x);
    // It does not read the residual.
    assertEquals(List.of(Step.WIDEN, Step.WIDEN, Step.WIDEN, Step.WIDEN, Step.NARROW), steps());
    session.passes.clear();
    session.forward(Op.of(Kind.SWIGLU).withBias(four), x, dy.slice(0, 4));
    assertEquals(List.of(Step.WIDEN, Step.WIDEN, Step.NARROW), steps());

    Launch gated = session.launches.get(0);
    assertEquals(Dtype.F32, gated.dtype());
    assertEquals(List.of(Dtype.F32, Dtype.F32), session.fused.stream().map(Fused::dtype).toList());
    Slice floats = session.passes.get(0).slices().get(1);
    assertEquals(List.of(floats, floats.from(2)), gated.slices().subList(2, 4));
    assertEquals(session.allocated - before, session.freed);
  }

  private List<Step> steps() {
    return session.passes.stream().map(StoragePass::step).toList();
  }

  @Test
  void whatIsFusedMustFit() {
    DeviceBuffer x = session.allocate(Dtype.F32, 12);
    DeviceBuffer four = session.allocate(Dtype.F32, 4);
    DeviceBuffer five = session.allocate(Dtype.F32, 5);
    DeviceBuffer foreign = new Recorded().allocate(Dtype.F32, 4);
    refused("must be in [0, 1), got 1.0", () -> relu.withDropout(1, 0));
    refused("must be in [0, 1), got NaN", () -> relu.withDropout(Double.NaN, 0));
    refused("must not be negative, got -1", () -> relu.startingAt(-1));
    refused("takes no seed", () -> relu.seeded(1));
    refused("prelu has", () -> relu.withWeight(four));
    refused("softmax takes no part of other passes", () -> Op.of(Kind.SOFTMAX).withBias(four));
    refused("must be equal", () -> relu.withBias(four, new Geometry(1, 3, 4)));
    refused("not be empty", () -> relu.withBias(session.allocate(Dtype.F32, 0)));
    refused("not a multiple", () -> session.forward(relu.withBias(five), x, x));
    refused(
        "needs 24 elements, got 12",
        () -> session.forward(relu.withBias(four, new Geometry(2, 4, 3)), x, x));
    refused("another session", () -> session.forward(relu.withBias(foreign), x, x));
    refused("must have 12 elements", () -> session.forward(relu.withResidual(four), x, x));
    refused(
        "the bias overlaps the output", () -> session.forward(relu.withBias(x.slice(0, 4)), x, x));
    refused(
        "overlaps an input in part",
        () -> session.forward(relu.withResidual(x.slice(0, 4)), four, x.slice(2, 4)));
    refused("upload it", () -> session.forward(relu.withBias(four), new float[12]));
    refused("use backward", () -> session.derivative(relu.withDropout(0.5, 1), x, x));
    refused("has no bias", () -> session.biasGradient(relu, x, four));
    refused("has no weight", () -> session.weightGradient(relu, x, x, four));
    refused("must have 4 elements", () -> session.biasGradient(relu.withBias(four), x, five));
    refused("not a multiple", () -> session.channelSum(x, five));
    refused("the input overlaps the output", () -> session.channelSum(x, x.slice(2, 4)));
    four.close();
    assertThrows(IllegalStateException.class, () -> session.forward(relu.withBias(four), x, x));
    assertEquals(List.of(), session.fused);
    assertEquals(List.of(), session.sums);
  }

  private static void refused(String why, Runnable call) {
    IllegalArgumentException e = assertThrows(IllegalArgumentException.class, call::run);
    assertTrue(e.getMessage().contains(why), e.getMessage());
  }

  @Test
  void sumsAreOfTheChannelsOfTheOp() {
    DeviceBuffer x = session.allocate(Dtype.F32, 24);
    DeviceBuffer bias = session.allocate(Dtype.F32, 4);
    DeviceBuffer out = session.allocate(Dtype.F32, 4);
    Geometry layout = new Geometry(2, 4, 3);
    session.biasGradient(relu.withBias(bias, layout), x, out);
    session.channelSum(x, out);
    Op prelu = Op.of(Kind.PRELU).withWeight(bias, layout);
    session.weightGradient(prelu, x, x, out);
    assertEquals(
        List.of(
            new ChannelSum(Dtype.F32, x.toSlice(), Optional.empty(), out.toSlice(), 2, 4, 3),
            new ChannelSum(Dtype.F32, x.toSlice(), Optional.empty(), out.toSlice(), 6, 4, 1),
            new ChannelSum(
                Dtype.F32, x.toSlice(), Optional.of(x.toSlice()), out.toSlice(), 2, 4, 3)),
        session.sums);
    int allocated = session.allocated;
    session.weightGradient(prelu.withBias(bias, layout).withDropout(0.5, 1), x, x, out);
    assertEquals(allocated + 2, session.allocated);
    assertEquals(2, session.freed, "the memory for what the weight meets is given back");
  }

  @Test
  void sumsOf16BitsAreThoseOfFloats() {
    DeviceBuffer x = session.allocate(Dtype.BF16, 8);
    DeviceBuffer four = session.allocate(Dtype.BF16, 4);
    int before = session.allocated;
    session.channelSum(x, four);
    assertEquals(List.of(Step.WIDEN, Step.NARROW), steps());
    session.passes.clear();
    Op op = Op.of(Kind.PRELU).withWeight(four).withBias(four).withDropout(0.5, 1);
    session.weightGradient(op, x, x, four);
    // What the weight meets is not rounded: the bias, the input and the gradient are widened.
    assertEquals(List.of(Step.WIDEN, Step.WIDEN, Step.WIDEN, Step.NARROW), steps());
    assertEquals(
        List.of(Dtype.F32, Dtype.F32), session.sums.stream().map(ChannelSum::dtype).toList());
    assertEquals(session.allocated - before, session.freed);
    DeviceBuffer floats = session.allocate(Dtype.F32, 4);
    refused(
        "the output holds bfloat16, an input or output float32",
        () -> session.weightGradient(op.withBias(floats), x, x, four));
  }

  @Test
  void aBackwardPassDoesNotReadWhatItsForwardPassHasOverwritten() {
    Op gelu = Op.of(Kind.GELU);
    DeviceBuffer all = session.allocate(Dtype.F32, 10);
    DeviceBuffer left = all.slice(0, 5);
    DeviceBuffer dy = session.allocate(Dtype.F32, 5);
    session.forward(gelu, left, left);
    IllegalStateException e =
        assertThrows(IllegalStateException.class, () -> session.backward(gelu, left, dy, dy));
    assertTrue(e.getMessage().contains("run forward into another buffer"), e.getMessage());
    lost(gelu, all.slice(4, 5));
    kept(gelu, all.slice(5, 5));
    kept(Op.of(Kind.SILU), left);

    // New data is an input again, as far as it reaches.
    session.write(FloatBuffer.allocate(3), all.slice(0, 3));
    lost(gelu, left);
    kept(gelu, all.slice(0, 3));
    session.forward(relu, dy, left);
    kept(gelu, left);
  }

  @Test
  void theOutputOfOneLayerIsTheInputOfTheNext() {
    Op gelu = Op.of(Kind.GELU);
    DeviceBuffer x = session.allocate(Dtype.F32, 5);
    DeviceBuffer y = session.allocate(Dtype.F32, 5);
    session.forward(gelu, x, x);
    session.forward(gelu, x, y);
    kept(gelu, x);
    session.forwardWithDerivative(gelu, y, y, x);
    lost(gelu, y);
    session.forwardWithDerivative(gelu, x, y, x);
    kept(gelu, x);
  }

  @Test
  void whatSurvivesInPlaceIsNotConcerned() {
    DeviceBuffer x = session.allocate(Dtype.F32, 5);
    DeviceBuffer residual = session.allocate(Dtype.F32, 5);
    session.forward(relu, x, x);
    kept(relu, x);
    session.forward(relu.withResidual(residual), x, x);
    lost(relu, x);
    Op softmax = Op.of(Kind.SOFTMAX);
    session.forward(softmax, x, x);
    kept(softmax, x);
    Op steep = Op.of(Activation.of(Kind.LEAKY_RELU, -1));
    session.forward(steep, x, x);
    lost(steep, x);
  }

  @Test
  void hostDataInPlaceIsTheCallersOwn() {
    float[] x = new float[5];
    Op gelu = Op.of(Kind.GELU);
    session.forward(gelu, FloatBuffer.wrap(x), FloatBuffer.wrap(x));
    session.backward(gelu, x, x);
  }

  private void kept(Op op, DeviceBuffer saved) {
    DeviceBuffer dx = session.allocate(Dtype.F32, saved.count());
    session.backward(op, saved, dx, dx);
  }

  private void lost(Op op, DeviceBuffer saved) {
    DeviceBuffer dx = session.allocate(Dtype.F32, saved.count());
    assertThrows(IllegalStateException.class, () -> session.backward(op, saved, dx, dx));
  }
}
