package dev.activations.cli;

import dev.activations.api.ActivationException;
import dev.activations.api.Direction;
import dev.activations.api.Dtype;
import dev.activations.api.Geometry;
import dev.activations.api.HostBuffer;
import dev.activations.api.Kind;
import dev.activations.api.Op;
import dev.activations.api.Session;
import dev.activations.files.InputException;
import dev.activations.files.TensorReader;
import dev.activations.files.TensorWriter;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.DoubleBuffer;
import java.nio.FloatBuffer;
import java.nio.ShortBuffer;
import java.util.Arrays;
import java.util.Optional;
import java.util.function.LongConsumer;

/**
 * An activation over a file, piece by piece, so that memory does not grow with the file. Over an
 * axis, or over pieces along one, a piece holds whole slices of everything from that axis inwards.
 */
final class StreamedApply {
  private final Op op;
  private final boolean pointwise;
  private final Direction direction;
  private final Dtype dtype;
  private final Geometry rows;
  private final Geometry results;
  private final long unit;
  private final long resultUnit;
  private final int piece;

  /**
   * Plans the pieces.
   *
   * @param op what to compute; with a seed if it draws random numbers
   * @param dtype the type of the elements
   * @param axis the axis of a kind over an axis, from the end if negative; else ignored
   * @param shape the shape of the file
   * @param pieceElements the number of elements to hold in memory, as far as slices allow
   * @throws InputException if the op is not computed in this type, the shape has no such axis, the
   *     axis cannot be cut into pieces, or a slice over it is too large
   */
  StreamedApply(
      Op op, Direction direction, Dtype dtype, int axis, long[] shape, int pieceElements) {
    this.op = op;
    this.direction = direction;
    this.dtype = dtype;
    if (!op.formula().supports(dtype) || op.isFused() && dtype != Dtype.F32) {
      throw new InputException(
          "%s is not computed in %s; convert it with --as float32"
              .formatted(op.activation(), dtype.label()));
    }
    pointwise = op.formula().shape() == Kind.Shape.POINTWISE;
    try {
      rows =
          pointwise
              ? Geometry.rows(Arrays.stream(shape).reduce(1, Math::multiplyExact), 1)
              : Geometry.of(axis, shape);
      results = pointwise ? rows : op.over(rows).results(rows.count());
    } catch (IllegalArgumentException e) {
      throw new InputException(e);
    }
    unit = Math.max(1, rows.axis() * rows.inner());
    resultUnit = Math.max(1, results.axis() * results.inner());
    if (Math.max(unit, resultUnit) > HostBuffer.MOST / dtype.bytes()) {
      throw tooLarge(shape);
    }
    long slices = Math.max(1, pieceElements / Math.max(unit, resultUnit));
    piece = (int) Math.min(slices * unit, rows.count());
  }

  /** Returns the shape of the output for that of the input: pieces along the axis may change it. */
  long[] resultShape(int axis, long[] shape) {
    long[] changed = shape.clone();
    if (results.axis() != rows.axis()) {
      changed[axis < 0 ? axis + shape.length : axis] = results.axis();
    }
    return changed;
  }

  /**
   * Computes the elements of one file into another.
   *
   * @param masks the elements of the mask, of an op that takes one
   * @param progress takes the number of elements that are done, after each piece
   * @throws InputException if the input is not as its shape promised, or a slice does not fit
   */
  void run(
      Session session,
      TensorReader in,
      Optional<TensorReader> masks,
      TensorWriter out,
      LongConsumer progress)
      throws IOException {
    ByteBuffer memory = allocate(session, piece, in.shape());
    ByteBuffer second = masks.isPresent() ? allocate(session, piece, in.shape()) : memory;
    // In place where the results are as many, and else beside.
    ByteBuffer other =
        unit == resultUnit
            ? memory
            : allocate(session, (int) (piece / unit * resultUnit), in.shape());
    long count = rows.count();
    for (long from = 0; from < count; from += piece) {
      int length = (int) Math.min(piece, count - from);
      ByteBuffer elements = slice(memory, length);
      in.read(elements);
      ByteBuffer mask = slice(second, length);
      if (masks.isPresent()) {
        masks.get().read(mask);
      }
      ByteBuffer computed = slice(other, length / unit * resultUnit);
      compute(session, at(from, length), elements, mask, computed);
      out.write(computed);
      progress.accept(from + length);
    }
    out.finish();
  }

  private ByteBuffer slice(ByteBuffer memory, long count) {
    return memory.slice(0, (int) count * dtype.bytes()).order(ByteOrder.nativeOrder());
  }

  /** The op for some elements. */
  private Op at(long from, long count) {
    Op placed = op.startingAt(from);
    return pointwise ? placed : placed.over(new Geometry(count / unit, rows.axis(), rows.inner()));
  }

  private void compute(
      Session session, Op placed, ByteBuffer elements, ByteBuffer mask, ByteBuffer computed) {
    boolean forward = direction == Direction.FORWARD;
    switch (dtype) {
      case F32 -> {
        FloatBuffer in = elements.asFloatBuffer();
        FloatBuffer out = computed.asFloatBuffer();
        if (op.isMasked()) {
          session.forward(placed, in, mask.asFloatBuffer(), out);
        } else if (forward) {
          session.forward(placed, in, out);
        } else {
          session.derivative(placed, in, out);
        }
      }
      case F64 -> {
        DoubleBuffer in = elements.asDoubleBuffer();
        DoubleBuffer out = computed.asDoubleBuffer();
        if (op.isMasked()) {
          session.forward(placed, in, mask.asDoubleBuffer(), out);
        } else if (forward) {
          session.forward(placed, in, out);
        } else {
          session.derivative(placed, in, out);
        }
      }
      case F16, BF16 -> {
        ShortBuffer in = elements.asShortBuffer();
        ShortBuffer out = computed.asShortBuffer();
        if (op.isMasked()) {
          session.forward(placed, dtype, in, mask.asShortBuffer(), out);
        } else if (forward) {
          session.forward(placed, dtype, in, out);
        } else {
          session.derivative(placed, dtype, in, out);
        }
      }
    }
  }

  /** Memory that the device copies from and to by itself, for as long as the session is open. */
  private ByteBuffer allocate(Session session, int count, long[] shape) {
    try {
      return session.allocateHost(dtype, count).bytes();
    } catch (ActivationException e) {
      throw tooLarge(shape);
    }
  }

  private InputException tooLarge(long[] shape) {
    return new InputException(
        ("%s needs all %d elements from its axis inwards at once, of shape %s, and they do not fit"
                + " the memory; raise java's -XX:MaxDirectMemorySize, or store the array with this"
                + " axis last")
            .formatted(op.activation().formula().stem(), unit, Arrays.toString(shape)));
  }
}
