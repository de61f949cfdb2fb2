package dev.activations.arrow;

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
import java.util.Set;
import org.apache.arrow.memory.BufferAllocator;
import org.apache.arrow.memory.RootAllocator;
import org.apache.arrow.vector.Float2Vector;
import org.apache.arrow.vector.Float4Vector;
import org.apache.arrow.vector.Float8Vector;
import org.apache.arrow.vector.complex.FixedSizeListVector;
import org.apache.arrow.vector.types.Types.MinorType;
import org.apache.arrow.vector.types.pojo.FieldType;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Vectors of the real Arrow, against what a session makes of the same numbers in Java's arrays. */
class ArrowActivationsTest {
  private static final Op GELU = Op.of(Kind.GELU);

  private final Session session = new CpuBackend().probe().get(1).device().orElseThrow().open();
  // Closing it fails if a buffer is left.
  private final BufferAllocator allocator = new RootAllocator();

  @AfterEach
  void close() {
    session.close();
    allocator.close();
  }

  /** A vector of numbers from -1.5 up, but for some nulls. */
  private Float4Vector counting(int count, Integer... nulls) {
    Float4Vector vector = new Float4Vector("x", allocator);
    vector.allocateNew(count);
    for (int i = 0; i < count; i++) {
      if (!Set.of(nulls).contains(i)) {
        vector.set(i, i / 4f - 1.5f);
      }
    }
    vector.setValueCount(count);
    return vector;
  }

  private Float4Vector unallocated() {
    return new Float4Vector("y", allocator);
  }

  private static float[] values(Float4Vector vector) {
    float[] values = new float[vector.getValueCount()];
    for (int i = 0; i < values.length; i++) {
      values[i] = vector.get(i);
    }
    return values;
  }

  @Test
  void allDirectionsAreThoseOfTheSession() {
    try (Float4Vector x = counting(13);
        Float4Vector dy = counting(13);
        Float4Vector y = unallocated()) {
      ArrowActivations.forward(session, GELU, x, y);
      assertArrayEquals(session.forward(GELU, values(x)), values(y));
      ArrowActivations.derivative(session, GELU, x, y);
      assertArrayEquals(session.derivative(GELU, values(x)), values(y));
      ArrowActivations.backward(session, GELU, x, dy, y);
      assertArrayEquals(session.backward(GELU, values(x), values(dy)), values(y));
      assertEquals(0, y.getNullCount());
      float[] expected = values(y);
      ArrowActivations.backward(session, GELU, x, dy, dy);
      assertArrayEquals(expected, values(dy));
    }
  }

  @Test
  void nullsStayNulls() {
    try (Float4Vector x = counting(13, 2, 9, 12);
        Float4Vector dy = counting(13, 3, 9);
        Float4Vector y = counting(20, 0, 1)) {
      ArrowActivations.forward(session, GELU, x, y);
      assertEquals(13, y.getValueCount());
      for (int i = 0; i < 13; i++) {
        assertEquals(x.isNull(i), y.isNull(i), "element " + i);
        if (!x.isNull(i)) {
          assertEquals(session.forward(GELU, new float[] {x.get(i)})[0], y.get(i));
        }
      }
      ArrowActivations.backward(session, GELU, x, dy, y);
      for (int i = 0; i < 13; i++) {
        assertEquals(x.isNull(i) || dy.isNull(i), y.isNull(i), "element " + i);
      }
      ArrowActivations.derivative(session, GELU, dy, dy);
      assertTrue(dy.isNull(3));
      assertEquals(2, dy.getNullCount());
      y.setValueCount(20);
      assertTrue(y.isNull(13), "elements that are added later are nulls");
    }
  }

  @Test
  void overAnAxisNullsAreRefused() {
    try (Float4Vector x = counting(12, 5);
        Float4Vector y = unallocated()) {
      refused(
          "mixes the elements of a row and takes no nulls, got 1 in 'x'",
          () -> ArrowActivations.forward(session, Op.of(Kind.SOFTMAX), x, y));
    }
  }

  @Test
  void twoInputs() {
    try (Float4Vector x = counting(12);
        Float4Vector mask = counting(12);
        Float4Vector gate = counting(12, 5);
        Float4Vector y = unallocated()) {
      mask.set(3, 0);
      Op masked = Op.of(Kind.MASKED_SOFTMAX).over(Geometry.rows(3, 4));
      ArrowActivations.forward(session, masked, x, mask, y);
      assertArrayEquals(session.forward(masked, values(x), values(mask)), values(y));
      refused("takes no nulls", () -> ArrowActivations.forward(session, masked, x, gate, y));

      ArrowActivations.forward(session, Op.of(Kind.SWIGLU), gate, x, y);
      assertEquals(1, y.getNullCount());
      assertTrue(y.isNull(5));
      float[] expected =
          session.forward(Op.of(Kind.SWIGLU), new float[] {gate.get(11)}, new float[] {x.get(11)});
      assertEquals(expected[0], y.get(11));
    }
  }

  @Test
  void aVectorIsOneRowAndAListOneOfSeveral() {
    try (Float4Vector x = counting(12);
        Float4Vector y = unallocated();
        FixedSizeListVector list = FixedSizeListVector.empty("rows", 4, allocator)) {
      Op softmax = Op.of(Kind.SOFTMAX);
      ArrowActivations.forward(session, softmax, x, y);
      assertArrayEquals(session.forward(softmax, values(x)), values(y));

      list.addOrGetVector(FieldType.nullable(MinorType.FLOAT4.getType()));
      Float4Vector elements = (Float4Vector) list.getDataVector();
      for (int i = 0; i < 12; i++) {
        elements.setSafe(i, x.get(i));
      }
      list.setValueCount(3);
      Geometry rows = Geometry.rows(list.getValueCount(), list.getListSize());
      ArrowActivations.forward(session, softmax.over(rows), elements, elements);
      assertArrayEquals(session.forward(softmax.over(rows), values(x)), values(elements));

      Op glu = Op.of(Kind.GLU).over(rows);
      ArrowActivations.forward(session, glu, x, y);
      assertArrayEquals(session.forward(glu, values(x)), values(y));
    }
  }

  @Test
  void otherTypes() {
    try (Float8Vector x = new Float8Vector("x", allocator);
        Float2Vector halves = new Float2Vector("halves", allocator)) {
      x.allocateNew(3);
      halves.allocateNew(3);
      ShortBuffer bits = ShortBuffer.allocate(3);
      for (int i = 0; i < 3; i++) {
        x.set(i, i - 1.5);
        halves.setWithPossibleTruncate(i, i - 1.5f);
        bits.put(i, halves.get(i));
      }
      x.setValueCount(3);
      halves.setValueCount(3);
      double[] expected = session.forward(GELU, new double[] {-1.5, -0.5, 0.5});
      ArrowActivations.forward(session, GELU, x, x);
      session.forward(GELU, Dtype.F16, bits, bits);
      ArrowActivations.forward(session, GELU, halves, halves);
      for (int i = 0; i < 3; i++) {
        assertEquals(expected[i], x.get(i));
        assertEquals(bits.get(i), halves.get(i));
      }
    }
  }

  @Test
  void partsOfAVector() {
    try (Float4Vector x = counting(40, 17);
        Float4Vector y = unallocated()) {
      var transfer = x.getTransferPair(allocator);
      transfer.splitAndTransfer(11, 20);
      try (Float4Vector part = (Float4Vector) transfer.getTo()) {
        ArrowActivations.forward(session, GELU, part, y);
      }
      assertEquals(20, y.getValueCount());
      assertTrue(y.isNull(6));
      assertEquals(session.forward(GELU, new float[] {x.get(30)})[0], y.get(19));
    }
  }

  @Test
  void nothingIsMadeOfNothing() {
    try (Float4Vector x = unallocated();
        Float4Vector y = counting(3)) {
      ArrowActivations.forward(session, GELU, x, y);
      assertEquals(0, y.getValueCount());
    }
  }

  @Test
  void whatDoesNotFitIsRefused() {
    try (Float4Vector x = counting(6);
        Float4Vector y = counting(5);
        Float8Vector doubles = new Float8Vector("doubles", allocator)) {
      float[] before = values(x);
      refused(
          "the gradient must have the shape [6], got [5]",
          () -> ArrowActivations.backward(session, GELU, x, y, x));
      refused(
          "the output must hold float32, as the input does, got float64",
          () -> ArrowActivations.forward(session, GELU, x, doubles));
      refused(
          "needs 4 elements, got 6",
          () ->
              ArrowActivations.forward(
                  session, Op.of(Kind.SOFTMAX).over(Geometry.rows(2, 2)), x, x));
      assertArrayEquals(before, values(x));
    }
  }

  private static void refused(String why, Runnable call) {
    Throwable e = assertThrows(IllegalArgumentException.class, call::run);
    assertTrue(e.getMessage().contains(why), e.getMessage());
  }
}
