package dev.activations.nd4j;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.activations.api.Dtype;
import dev.activations.api.Geometry;
import dev.activations.api.Kind;
import dev.activations.api.Op;
import dev.activations.api.Session;
import dev.activations.cpu.CpuBackend;
import java.nio.ShortBuffer;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.memory.MemoryWorkspace;
import org.nd4j.linalg.api.memory.conf.WorkspaceConfiguration;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;
import org.nd4j.linalg.indexing.NDArrayIndex;

/** Arrays of the real ND4J, against what a session makes of the same numbers in Java's arrays. */
class Nd4jActivationsTest {
  private static final Op GELU = Op.of(Kind.GELU);

  private final Session session = new CpuBackend().probe().get(1).device().orElseThrow().open();

  @AfterEach
  void close() {
    session.close();
  }

  /** An array in row-major order, with numbers from -1.5 up. */
  private static INDArray counting(long... shape) {
    float[] numbers = new float[(int) Geometry.of(0, shape).count()];
    for (int i = 0; i < numbers.length; i++) {
      numbers[i] = i / 4f - 1.5f;
    }
    return Nd4j.createFromArray(numbers).reshape('c', shape);
  }

  private static INDArray zeros(char order, long... shape) {
    return Nd4j.createUninitialized(DataType.FLOAT, shape, order).assign(0);
  }

  /** The elements in row-major order, whatever order the array has. */
  private static float[] values(INDArray array) {
    return array.dup('c').data().asFloat();
  }

  @Test
  void allDirectionsAreThoseOfTheSession() {
    INDArray x = counting(2, 3, 4);
    INDArray dy = counting(2, 3, 4).muli(0.5f);
    INDArray y = zeros('c', 2, 3, 4);
    Nd4jActivations.forward(session, GELU, x, y);
    assertArrayEquals(session.forward(GELU, values(x)), values(y));
    Nd4jActivations.derivative(session, GELU, x, y);
    assertArrayEquals(session.derivative(GELU, values(x)), values(y));
    Nd4jActivations.backward(session, GELU, x, dy, y);
    assertArrayEquals(session.backward(GELU, values(x), values(dy)), values(y));
    assertEquals(counting(2, 3, 4), x);
  }

  @Test
  void theAxisIsOneOfTheShape() {
    INDArray x = counting(2, 3, 4);
    INDArray y = zeros('c', 2, 3, 4);
    for (int axis = 0; axis < 3; axis++) {
      Op softmax = Op.of(Kind.SOFTMAX).over(Geometry.of(axis, x.shape()));
      Nd4jActivations.forward(session, softmax, x, y);
      assertArrayEquals(session.forward(softmax, values(x)), values(y));
      assertEquals(1, y.sum(axis).maxNumber().floatValue(), 1e-6);
      Nd4jActivations.backward(session, softmax, y, x, y);
    }
    Op glu = Op.of(Kind.GLU).over(Geometry.of(-1, x.shape()));
    INDArray half = zeros('c', 2, 3, 2);
    Nd4jActivations.forward(session, glu, x, half);
    assertArrayEquals(session.forward(glu, values(x)), values(half));
  }

  @Test
  void aMaskIsASecondInput() {
    INDArray x = counting(3, 4).dup('f');
    INDArray mask = Nd4j.create(new float[] {0, 1, 1, 0});
    Op masked = Op.of(Kind.MASKED_SOFTMAX).over(Geometry.of(1, x.shape()));
    float[] expected = session.forward(masked, values(x), values(mask.broadcast(3, 4)));
    Nd4jActivations.forward(session, masked, x, mask.broadcast(3, 4), x);
    assertArrayEquals(expected, values(x));
  }

  @Test
  void inPlaceWhateverTheOrder() {
    for (INDArray x :
        new INDArray[] {
          counting(4, 6),
          counting(4, 6).dup('f'),
          counting(6, 4).transpose(),
          counting(4, 6).get(NDArrayIndex.interval(1, 3), NDArrayIndex.all()),
          counting(4, 6).get(NDArrayIndex.all(), NDArrayIndex.interval(1, 2, 6)),
          counting(3, 4, 5).permute(2, 0, 1),
          counting(4, 6).getColumn(1),
          Nd4j.scalar(-0.5f)
        }) {
      float[] expected = session.forward(GELU, values(x));
      Nd4jActivations.forward(session, GELU, x, x);
      assertArrayEquals(expected, values(x), x.shapeInfoToString());
    }
  }

  @Test
  void ordersMayDiffer() {
    INDArray x = counting(3, 4).dup('f');
    Op softmax = Op.of(Kind.SOFTMAX).over(Geometry.of(1, x.shape()));
    INDArray y = zeros('f', 3, 4);
    Nd4jActivations.forward(session, softmax, x, y);
    assertArrayEquals(session.forward(softmax, values(x)), values(y));
    Nd4jActivations.backward(session, GELU, x, counting(3, 4), y);
    assertArrayEquals(session.backward(GELU, values(x), values(counting(3, 4))), values(y));
  }

  @Test
  void aViewLeavesTheRestAlone() {
    INDArray all = counting(4, 6);
    INDArray middle = all.get(NDArrayIndex.interval(1, 3), NDArrayIndex.all());
    INDArray columns = all.get(NDArrayIndex.point(3), NDArrayIndex.interval(1, 2, 6));
    float[] expected = values(all);
    System.arraycopy(session.forward(GELU, values(middle)), 0, expected, 6, 12);
    float[] few = session.forward(GELU, values(columns));
    for (int i = 0; i < few.length; i++) {
      expected[18 + 1 + 2 * i] = few[i];
    }
    Nd4jActivations.forward(session, GELU, middle, middle);
    Nd4jActivations.forward(session, GELU, columns, columns);
    assertArrayEquals(expected, values(all));
  }

  @Test
  void onlyWhatIsNotSideBySideIsCopied() {
    try (MemoryWorkspace workspace =
        Nd4j.getWorkspaceManager()
            .getAndActivateWorkspace(
                WorkspaceConfiguration.builder().initialSize(1 << 16).build(), "ACTIVATIONS")) {
      INDArray before = counting(5);
      INDArray rows = counting(4, 6);
      INDArray columns = counting(4, 6).dup('f');
      INDArray part = counting(4, 6).get(NDArrayIndex.interval(1, 3), NDArrayIndex.all());
      INDArray strided = counting(4, 6).get(NDArrayIndex.all(), NDArrayIndex.interval(1, 3));
      assertTrue(rows.isAttached());
      long taken = workspace.getPrimaryOffset();
      for (INDArray x : new INDArray[] {rows, columns, part}) {
        Nd4jActivations.forward(session, GELU, x, x);
        assertEquals(taken, workspace.getPrimaryOffset());
      }
      Nd4jActivations.forward(session, GELU, strided, strided);
      assertTrue(workspace.getPrimaryOffset() > taken);
      assertArrayEquals(session.forward(GELU, values(counting(4, 6))), values(rows));
      assertArrayEquals(values(rows), values(columns));
      assertEquals(counting(5), before);
    }
  }

  @Test
  void otherTypes() {
    INDArray doubles = counting(2, 3).castTo(DataType.DOUBLE);
    double[] expected = session.forward(GELU, doubles.data().asDouble());
    Nd4jActivations.forward(session, GELU, doubles, doubles);
    assertArrayEquals(expected, doubles.data().asDouble());
    sixteenBits(DataType.FLOAT16, Dtype.F16);
    sixteenBits(DataType.BFLOAT16, Dtype.BF16);
  }

  private void sixteenBits(DataType type, Dtype dtype) {
    INDArray x = counting(2, 3).castTo(type);
    ShortBuffer bits = ShortBuffer.allocate(6);
    bits.put(x.data().asNio().asShortBuffer().limit(6)).flip();
    session.forward(GELU, dtype, bits, bits);
    Nd4jActivations.forward(session, GELU, x, x);
    assertEquals(bits, x.data().asNio().asShortBuffer().limit(6));
  }

  @Test
  void nothingIsMadeOfNothing() {
    INDArray empty = Nd4j.empty(DataType.FLOAT);
    Nd4jActivations.forward(session, GELU, empty, empty);
    INDArray rows = Nd4j.create(DataType.FLOAT, 0, 3);
    Nd4jActivations.backward(session, GELU, rows, rows, rows);
  }

  @Test
  void whatDoesNotFitIsRefused() {
    INDArray x = counting(2, 3);
    refused(
        "the output must have the shape [2, 3], got [3, 2]",
        () -> Nd4jActivations.forward(session, GELU, x, counting(3, 2)));
    refused(
        "the output must hold float32, as the input does, got float64",
        () -> Nd4jActivations.forward(session, GELU, x, x.castTo(DataType.DOUBLE)));
    refused(
        "expected an array of FLOAT, DOUBLE, FLOAT16 or BFLOAT16, got INT of shape [2, 3]",
        () -> Nd4jActivations.forward(session, GELU, x.castTo(DataType.INT32), x));
    refused(
        "softmax works along an axis of the shape [2, 3]",
        () -> Nd4jActivations.forward(session, Op.of(Kind.SOFTMAX), x, x));
    assertEquals(counting(2, 3), x);
  }

  private static void refused(String why, Runnable call) {
    Throwable e = assertThrows(IllegalArgumentException.class, call::run);
    assertTrue(e.getMessage().contains(why), e.getMessage());
  }
}
