package dev.activations.memory;

import static java.lang.foreign.ValueLayout.JAVA_DOUBLE;
import static java.lang.foreign.ValueLayout.JAVA_FLOAT_UNALIGNED;
import static java.lang.foreign.ValueLayout.JAVA_SHORT;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.activations.api.Dtype;
import dev.activations.api.Geometry;
import dev.activations.api.Kind;
import dev.activations.api.Op;
import dev.activations.api.Session;
import dev.activations.cpu.CpuBackend;
import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.nio.ShortBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Segments of all sorts, against what a session makes of the same numbers in Java's arrays. */
class SegmentActivationsTest {
  private static final Op GELU = Op.of(Kind.GELU);

  private final Session session = new CpuBackend().probe().get(1).device().orElseThrow().open();
  private final Arena arena = Arena.ofShared();

  @AfterEach
  void close() {
    session.close();
    arena.close();
  }

  private static float[] counting(int count) {
    float[] numbers = new float[count];
    for (int i = 0; i < count; i++) {
      numbers[i] = i / 4f - 1.5f;
    }
    return numbers;
  }

  @Test
  void allDirectionsAreThoseOfTheSession() {
    float[] numbers = counting(12);
    MemorySegment x = arena.allocateFrom(JAVA_FLOAT_UNALIGNED, numbers);
    MemorySegment y = arena.allocate(JAVA_FLOAT_UNALIGNED, 12);
    SegmentActivations.forward(session, GELU, Dtype.F32, x, y);
    assertArrayEquals(session.forward(GELU, numbers), y.toArray(JAVA_FLOAT_UNALIGNED));
    SegmentActivations.derivative(session, GELU, Dtype.F32, x, y);
    assertArrayEquals(session.derivative(GELU, numbers), y.toArray(JAVA_FLOAT_UNALIGNED));
    SegmentActivations.backward(session, GELU, Dtype.F32, x, x, y);
    assertArrayEquals(session.backward(GELU, numbers, numbers), y.toArray(JAVA_FLOAT_UNALIGNED));

    Op softmax = Op.of(Kind.SOFTMAX).over(Geometry.of(1, 2, 3, 2));
    SegmentActivations.forward(session, softmax, Dtype.F32, x, x);
    assertArrayEquals(session.forward(softmax, numbers), x.toArray(JAVA_FLOAT_UNALIGNED));
    Op glu = Op.of(Kind.GLU);
    SegmentActivations.forward(session, glu, Dtype.F32, x, y.asSlice(0, 24));
    assertArrayEquals(
        session.forward(glu, x.toArray(JAVA_FLOAT_UNALIGNED)),
        y.asSlice(0, 24).toArray(JAVA_FLOAT_UNALIGNED));
  }

  @Test
  void twoInputs() {
    float[] numbers = counting(12);
    MemorySegment gate = arena.allocateFrom(JAVA_FLOAT_UNALIGNED, numbers);
    MemorySegment value = MemorySegment.ofArray(numbers.clone());
    Op swiglu = Op.of(Kind.SWIGLU);
    SegmentActivations.forward(session, swiglu, Dtype.F32, gate, value, gate);
    assertArrayEquals(
        session.forward(swiglu, numbers, numbers), gate.toArray(JAVA_FLOAT_UNALIGNED));
  }

  @Test
  void memoryOfAllSortsInPlace(@TempDir Path folder) throws IOException {
    float[] numbers = counting(100);
    try (FileChannel file =
        FileChannel.open(
            folder.resolve("x"),
            StandardOpenOption.CREATE,
            StandardOpenOption.READ,
            StandardOpenOption.WRITE)) {
      for (MemorySegment memory :
          new MemorySegment[] {
            arena.allocate(JAVA_FLOAT_UNALIGNED, 120),
            Arena.ofAuto().allocate(JAVA_FLOAT_UNALIGNED, 120),
            Arena.global().allocate(JAVA_FLOAT_UNALIGNED, 120),
            MemorySegment.ofArray(new float[120]),
            MemorySegment.ofArray(new byte[480]),
            file.map(FileChannel.MapMode.READ_WRITE, 0, 480, arena)
          }) {
        MemorySegment x = memory.asSlice(28, 400);
        MemorySegment.copy(numbers, 0, x, JAVA_FLOAT_UNALIGNED, 0, 100);
        SegmentActivations.forward(session, GELU, Dtype.F32, x, x);
        assertArrayEquals(session.forward(GELU, numbers), x.toArray(JAVA_FLOAT_UNALIGNED));
        for (int i = 0; i < 120; i += i == 6 ? 101 : 1) {
          assertTrue(
              memory.getAtIndex(JAVA_FLOAT_UNALIGNED, i) == 0, memory + " is left alone at " + i);
        }
      }
    }
  }

  @Test
  void otherTypes() {
    double[] doubles = {-1.5, 0, 1};
    for (MemorySegment x :
        new MemorySegment[] {
          arena.allocateFrom(JAVA_DOUBLE, doubles), MemorySegment.ofArray(doubles.clone())
        }) {
      SegmentActivations.forward(session, GELU, Dtype.F64, x, x);
      assertArrayEquals(session.forward(GELU, doubles), x.toArray(JAVA_DOUBLE));
    }
    short[] bits = {0x3C00, 0x4000, 0};
    short[] expected = new short[3];
    for (Dtype dtype : new Dtype[] {Dtype.F16, Dtype.BF16}) {
      session.forward(GELU, dtype, ShortBuffer.wrap(bits), ShortBuffer.wrap(expected));
      MemorySegment y = MemorySegment.ofArray(new short[3]);
      SegmentActivations.forward(session, GELU, dtype, arena.allocateFrom(JAVA_SHORT, bits), y);
      assertArrayEquals(expected, y.toArray(JAVA_SHORT));
    }
  }

  @Test
  void nothingIsMadeOfNothing() {
    SegmentActivations.forward(session, GELU, Dtype.F32, arena.allocate(0), arena.allocate(0));
  }

  @Test
  void whatDoesNotFitIsRefused() {
    MemorySegment x = arena.allocate(12);
    refused(
        "the output must have the shape [3], got [4]",
        () -> SegmentActivations.forward(session, GELU, Dtype.F32, x, arena.allocate(16)));
    refused(
        "elements of float64 have 8 bytes each, of which the segment's 12 are no multiple",
        () -> SegmentActivations.forward(session, GELU, Dtype.F64, x, x));
    refused(
        "expected memory off the heap",
        () ->
            SegmentActivations.forward(
                session, GELU, Dtype.F32, MemorySegment.ofArray(new int[3]), x));
    refused(
        "expected memory off the heap",
        () ->
            SegmentActivations.forward(
                session, GELU, Dtype.F32, MemorySegment.ofArray(new short[9]).asSlice(2, 12), x));
    refused(
        "the output buffer is read-only",
        () -> SegmentActivations.forward(session, GELU, Dtype.F32, x, x.asReadOnly()));
    try (Arena confined = Arena.ofConfined()) {
      refused(
          "confined to a thread",
          () -> SegmentActivations.forward(session, GELU, Dtype.F32, confined.allocate(12), x));
    }
    MemorySegment gone;
    try (Arena closed = Arena.ofShared()) {
      gone = closed.allocate(12);
    }
    assertThrows(
        IllegalStateException.class,
        () -> SegmentActivations.forward(session, GELU, Dtype.F32, gone, x));
  }

  private static void refused(String why, Runnable call) {
    Throwable e = assertThrows(IllegalArgumentException.class, call::run);
    assertTrue(e.getMessage().contains(why), e.getMessage());
  }
}
