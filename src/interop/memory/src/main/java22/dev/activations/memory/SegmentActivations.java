package dev.activations.memory;

import dev.activations.api.Dtype;
import dev.activations.api.HostArray;
import dev.activations.api.Op;
import dev.activations.api.Session;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.nio.Buffer;
import java.nio.DoubleBuffer;
import java.nio.FloatBuffer;
import java.nio.ShortBuffer;

/**
 * Activations of memory segments of any size, on any device: off-heap memory, mapped files, arrays
 * of {@code byte}, and those of the elements' own Java type. All methods block, and a session works
 * in the segments' own memory, without copies.
 *
 * <p>A segment holds elements of one type in the native order, and is one row, unless the op has a
 * geometry: {@code Op.of(Kind.SOFTMAX).over(Geometry.of(axis, shape))}.
 *
 * <p>An output may be an input. Segments that overlap otherwise give undefined values.
 *
 * <p>All throw {@link IllegalArgumentException} if sizes differ, or a segment holds no whole number
 * of elements, is confined to a thread, as those of {@link Arena#ofConfined} are, or is an array of
 * another type; {@link IllegalStateException} if its arena is closed; and what the {@linkplain
 * Session#forward(Op, HostArray, HostArray) session} throws.
 */
public final class SegmentActivations {

  private SegmentActivations() {}

  /** Computes {@code f(in)} into {@code out}. */
  public static void forward(
      Session session, Op op, Dtype dtype, MemorySegment in, MemorySegment out) {
    session.forward(op, new Elements(dtype, in), new Elements(dtype, out));
  }

  /**
   * Computes {@code f(gate)·value} into {@code out}, for a gated kind, or f of an input with a
   * mask.
   *
   * @param first the gate, or the input
   * @param second the value, or the mask
   */
  public static void forward(
      Session session,
      Op op,
      Dtype dtype,
      MemorySegment first,
      MemorySegment second,
      MemorySegment out) {
    session.forward(
        op, new Elements(dtype, first), new Elements(dtype, second), new Elements(dtype, out));
  }

  /** Computes {@code f'(in)} into {@code out}, for a pointwise activation. */
  public static void derivative(
      Session session, Op op, Dtype dtype, MemorySegment in, MemorySegment out) {
    session.derivative(op, new Elements(dtype, in), new Elements(dtype, out));
  }

  /**
   * Computes the gradient with respect to the input into {@code dx}.
   *
   * @param saved the input or the output of the forward pass, as {@link Op#saved} says
   * @param dy the gradient with respect to the output
   */
  public static void backward(
      Session session,
      Op op,
      Dtype dtype,
      MemorySegment saved,
      MemorySegment dy,
      MemorySegment dx) {
    session.backward(
        op, new Elements(dtype, saved), new Elements(dtype, dy), new Elements(dtype, dx));
  }

  /** A segment's elements. */
  private record Elements(Dtype dtype, MemorySegment segment) implements HostArray {
    Elements {
      if (!segment.scope().isAlive()) {
        throw new IllegalStateException("the arena of the segment is closed");
      }
      if (!segment.isAccessibleBy(new Thread())) {
        throw new IllegalArgumentException(
            "the segment is confined to a thread, and a session works with several; take it from"
                + " Arena.ofShared() or Arena.ofAuto()");
      }
      if (segment.byteSize() % dtype.bytes() != 0) {
        throw new IllegalArgumentException(
            "elements of %s have %d bytes each, of which the segment's %d are no multiple"
                .formatted(dtype.label(), dtype.bytes(), segment.byteSize()));
      }
    }

    @Override
    public long[] shape() {
      return new long[] {segment.byteSize() / dtype.bytes()};
    }

    @Override
    public Buffer elements(long from, int count) {
      MemorySegment part = segment.asSlice(from * dtype.bytes(), (long) count * dtype.bytes());
      Object array = part.heapBase().orElse(null);
      int start = (int) (part.address() / dtype.bytes());
      if (part.address() % dtype.bytes() == 0) {
        if (array instanceof float[] floats && dtype == Dtype.F32) {
          return FloatBuffer.wrap(floats, start, count);
        }
        if (array instanceof double[] doubles && dtype == Dtype.F64) {
          return DoubleBuffer.wrap(doubles, start, count);
        }
        if (array instanceof short[] shorts && dtype.isStorage()) {
          return ShortBuffer.wrap(shorts, start, count);
        }
      }
      return view(part);
    }

    private Buffer view(MemorySegment part) {
      try {
        return HostArray.view(dtype, part.asByteBuffer());
      } catch (UnsupportedOperationException e) {
        throw new IllegalArgumentException(
            "expected memory off the heap, or a writable array of bytes or of what holds %s, got %s"
                .formatted(dtype.label(), segment),
            e);
      }
    }
  }
}
