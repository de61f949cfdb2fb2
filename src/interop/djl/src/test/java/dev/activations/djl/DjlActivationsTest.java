package dev.activations.djl;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.DataType;
import ai.djl.ndarray.types.Shape;
import dev.activations.api.Dtype;
import dev.activations.api.Geometry;
import dev.activations.api.Kind;
import dev.activations.api.Op;
import dev.activations.api.Session;
import dev.activations.cpu.CpuBackend;
import java.lang.management.BufferPoolMXBean;
import java.lang.management.ManagementFactory;
import java.nio.ByteBuffer;
import java.nio.ShortBuffer;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Arrays of DJL's PyTorch, against what a session makes of the same numbers in Java's arrays. */
class DjlActivationsTest {
  private static final Op GELU = Op.of(Kind.GELU);

  private final Session session = new CpuBackend().probe().get(1).device().orElseThrow().open();
  private final NDManager manager = NDManager.newBaseManager();

  @AfterEach
  void close() {
    manager.close();
    session.close();
  }

  /** An array of numbers from -1.5 up. */
  private NDArray counting(long... shape) {
    float[] numbers = new float[(int) new Shape(shape).size()];
    for (int i = 0; i < numbers.length; i++) {
      numbers[i] = i / 4f - 1.5f;
    }
    return manager.create(numbers, new Shape(shape));
  }

  @Test
  void allDirectionsAreThoseOfTheSession() {
    NDArray x = counting(2, 3, 4);
    NDArray dy = counting(2, 3, 4);
    NDArray y = manager.zeros(new Shape(2, 3, 4));
    DjlActivations.forward(session, GELU, x, y);
    assertArrayEquals(session.forward(GELU, x.toFloatArray()), y.toFloatArray());
    DjlActivations.derivative(session, GELU, x, y);
    assertArrayEquals(session.derivative(GELU, x.toFloatArray()), y.toFloatArray());
    DjlActivations.backward(session, GELU, x, dy, y);
    assertArrayEquals(
        session.backward(GELU, x.toFloatArray(), dy.toFloatArray()), y.toFloatArray());
    assertEquals(counting(2, 3, 4), x);
  }

  @Test
  void theAxisIsOneOfTheShape() {
    NDArray x = counting(2, 3, 4);
    NDArray y = manager.zeros(x.getShape());
    for (int axis = 0; axis < 3; axis++) {
      Op softmax = Op.of(Kind.SOFTMAX).over(Geometry.of(axis, x.getShape().getShape()));
      DjlActivations.forward(session, softmax, x, y);
      assertArrayEquals(session.forward(softmax, x.toFloatArray()), y.toFloatArray());
      assertTrue(y.allClose(x.softmax(axis)));
      DjlActivations.backward(session, softmax, y, x, y);
    }
    Op glu = Op.of(Kind.GLU).over(Geometry.of(-1, x.getShape().getShape()));
    NDArray half = manager.zeros(new Shape(2, 3, 2));
    DjlActivations.forward(session, glu, x, half);
    assertArrayEquals(session.forward(glu, x.toFloatArray()), half.toFloatArray());
  }

  @Test
  void aMaskIsASecondInput() {
    NDArray x = counting(4, 3).transpose();
    NDArray mask = manager.create(new float[] {0, 1, 1, 0}).broadcast(3, 4);
    Op masked = Op.of(Kind.MASKED_SOFTMAX).over(Geometry.of(1, 3, 4));
    float[] expected = session.forward(masked, x.toFloatArray(), mask.toFloatArray());
    DjlActivations.forward(session, masked, x, mask, x);
    assertArrayEquals(expected, x.toFloatArray());
  }

  @Test
  void inPlaceWhateverTheStrides() {
    for (NDArray x :
        new NDArray[] {
          counting(4, 6),
          counting(4, 6).transpose(),
          counting(4, 6).get("1:3"),
          counting(4, 6).get(":, 1::2"),
          counting(3, 4, 5).transpose(2, 0, 1),
          manager.create(-0.5f)
        }) {
      float[] expected = session.forward(GELU, x.toFloatArray());
      DjlActivations.forward(session, GELU, x, x);
      assertArrayEquals(expected, x.toFloatArray(), x.toString());
    }
  }

  @Test
  void anArrayKeepsItsMemory() {
    NDArray all = counting(4, 6);
    NDArray rows = all.get("1:3");
    NDArray turned = all.transpose();
    float[] expected = all.toFloatArray();
    System.arraycopy(session.forward(GELU, rows.toFloatArray()), 0, expected, 6, 12);
    DjlActivations.forward(session, GELU, rows, rows);
    assertArrayEquals(expected, all.toFloatArray());

    ByteBuffer memory = all.toByteBuffer(true);
    expected = session.forward(GELU, expected);
    DjlActivations.forward(session, GELU, turned, turned);
    assertArrayEquals(expected, all.toFloatArray());
    DjlActivations.forward(session, GELU, all, all);
    assertEquals(all.getFloat(3, 5), memory.getFloat(23 * Float.BYTES));
  }

  @Test
  void whatLiesSideBySideIsNotCopied() {
    NDArray x = manager.zeros(new Shape(1 << 20));
    BufferPoolMXBean direct =
        ManagementFactory.getPlatformMXBeans(BufferPoolMXBean.class).stream()
            .filter(pool -> pool.getName().equals("direct"))
            .findFirst()
            .orElseThrow();
    long before = direct.getTotalCapacity();
    DjlActivations.forward(session, GELU, x, x);
    assertTrue(direct.getTotalCapacity() - before < 1 << 22);
  }

  @Test
  void copiesAreNotLeftBehind() {
    NDArray turned = counting(4, 6).transpose();
    int before = manager.getManagedArrays().size();
    DjlActivations.forward(session, GELU, turned, turned);
    assertEquals(before, manager.getManagedArrays().size());
  }

  @Test
  void otherTypes() {
    NDArray doubles = counting(2, 3).toType(DataType.FLOAT64, true);
    double[] expected = session.forward(GELU, doubles.toDoubleArray());
    DjlActivations.forward(session, GELU, doubles, doubles);
    assertArrayEquals(expected, doubles.toDoubleArray());

    NDArray halves = counting(2, 3).toType(DataType.FLOAT16, true);
    ShortBuffer bits = ShortBuffer.allocate(6);
    bits.put(halves.toByteBuffer().asShortBuffer()).flip();
    session.forward(GELU, Dtype.F16, bits, bits);
    DjlActivations.forward(session, GELU, halves, halves);
    assertEquals(bits, halves.toByteBuffer().asShortBuffer());
  }

  @Test
  void nothingIsMadeOfNothing() {
    NDArray empty = manager.create(new Shape(0, 3));
    DjlActivations.backward(session, GELU, empty, empty, empty);
  }

  @Test
  void whatDoesNotFitIsRefused() {
    NDArray x = counting(2, 3);
    refused(
        "the output must have the shape [2, 3], got [3, 2]",
        () -> DjlActivations.forward(session, GELU, x, counting(3, 2)));
    refused(
        "the output must hold float32, as the input does, got float64",
        () -> DjlActivations.forward(session, GELU, x, x.toType(DataType.FLOAT64, true)));
    refused(
        "expected an array of FLOAT32, FLOAT64 or FLOAT16, got int32 of shape (2, 3)",
        () -> DjlActivations.forward(session, GELU, x.toType(DataType.INT32, true), x));
    refused(
        "softmax works along an axis of the shape [2, 3]",
        () -> DjlActivations.forward(session, Op.of(Kind.SOFTMAX), x, x));
    assertEquals(counting(2, 3), x);
  }

  private static void refused(String why, Runnable call) {
    Throwable e = assertThrows(IllegalArgumentException.class, call::run);
    assertTrue(e.getMessage().contains(why), e.getMessage());
  }
}
