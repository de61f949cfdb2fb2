package dev.activations.api;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.activations.spi.ChannelSum;
import dev.activations.spi.Fused;
import dev.activations.spi.Launch;
import dev.activations.spi.Memory;
import dev.activations.spi.Slice;
import java.nio.Buffer;
import java.nio.DoubleBuffer;
import java.nio.FloatBuffer;
import java.nio.ShortBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;

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
        "floats are float32, the buffer on the device holds float64; use the method for doubles",
        e.getMessage());
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
    assertArrayEquals(new float[] {2}, backward.uniforms());
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

  /** Records what reaches the back end; its only arithmetic is to negate what it is given. */
  private static final class Recorded extends Session {
    final List<Launch> launches = new ArrayList<>();
    final List<Fused> fused = new ArrayList<>();
    final List<ChannelSum> sums = new ArrayList<>();
    int allocated;
    int freed;
    int released;

    Recorded() {
      super(new NoDevice());
    }

    private record Cells(float[] values, Runnable onFree) implements Memory {
      @Override
      public void free() {
        onFree.run();
      }
    }

    @Override
    protected Memory allocateMemory(Dtype dtype, long count) {
      allocated++;
      return new Cells(new float[Math.toIntExact(count)], () -> freed++);
    }

    @Override
    protected void writeMemory(Buffer from, Slice to) {
      ((FloatBuffer) from).get(((Cells) to.memory()).values(), (int) to.offset(), from.remaining());
    }

    @Override
    protected void readMemory(Slice from, Buffer to) {
      ((FloatBuffer) to).put(((Cells) from.memory()).values(), (int) from.offset(), to.remaining());
    }

    @Override
    protected void enqueue(Launch launch) {
      launches.add(launch);
      Slice in = launch.inputs().get(0);
      Slice out = launch.outputs().get(0);
      for (long i = 0; i < launch.count(); i++) {
        ((Cells) out.memory()).values()[(int) (out.offset() + i)] =
            -((Cells) in.memory()).values()[(int) (in.offset() + i)];
      }
    }

    @Override
    protected void enqueue(Fused pass) {
      fused.add(pass);
    }

    @Override
    protected void enqueue(ChannelSum sum) {
      sums.add(sum);
    }

    @Override
    protected CompletableFuture<Void> enqueueFence() {
      return CompletableFuture.completedFuture(null);
    }

    @Override
    protected void release() {
      released++;
    }
  }

  private record NoDevice() implements Device {
    @Override
    public String id() {
      return "test:0";
    }

    @Override
    public String backend() {
      return "test";
    }

    @Override
    public String name() {
      return "nothing";
    }

    @Override
    public Type type() {
      return Type.CPU;
    }

    @Override
    public Map<String, String> properties() {
      return Map.of();
    }

    @Override
    public Optional<String> caveat() {
      return Optional.empty();
    }

    @Override
    public Session open() {
      throw new UnsupportedOperationException();
    }
  }
}
