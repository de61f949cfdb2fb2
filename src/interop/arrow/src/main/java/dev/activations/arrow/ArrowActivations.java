package dev.activations.arrow;

import dev.activations.api.Dtype;
import dev.activations.api.Formula;
import dev.activations.api.HostArray;
import dev.activations.api.Op;
import dev.activations.api.Session;
import java.nio.Buffer;
import java.util.ArrayList;
import java.util.List;
import org.apache.arrow.memory.ArrowBuf;
import org.apache.arrow.vector.BitVectorHelper;
import org.apache.arrow.vector.Float2Vector;
import org.apache.arrow.vector.Float4Vector;
import org.apache.arrow.vector.Float8Vector;
import org.apache.arrow.vector.FloatingPointVector;

/**
 * Activations of Apache Arrow's vectors: {@link Float4Vector}, {@link Float8Vector} and {@link
 * Float2Vector} (float16), on any device. All methods block, and a session works in the vectors'
 * own memory, without copies.
 *
 * <p>An output is made as long as its result, and may be an input. Nulls stay nulls: the result of
 * a null, or of a null gradient, is null, and the value beneath it, which Arrow leaves undefined,
 * is what the activation makes of the one beneath the input's. Over an axis, where a result depends
 * on a whole row, nulls are refused.
 *
 * <p>A vector is one row, unless the op has a geometry. That of the lists of a {@code
 * FixedSizeListVector}, whose elements are its data vector, is {@code
 * Geometry.rows(list.getValueCount(), list.getListSize())}.
 *
 * <p>Arrow needs {@code --add-opens=java.base/java.nio=ALL-UNNAMED}, or the name of its module.
 *
 * <p>All throw {@link IllegalArgumentException} if types or lengths differ, or a vector is of
 * another class, and what the {@linkplain Session#forward(Op, HostArray, HostArray) session}
 * throws.
 */
public final class ArrowActivations {

  private ArrowActivations() {}

  /** Computes {@code f(in)} into {@code out}. */
  public static void forward(
      Session session, Op op, FloatingPointVector in, FloatingPointVector out) {
    run(
        op,
        isPointwise(op),
        List.of(in),
        out,
        op.results(in.getValueCount()).count(),
        (arrays, result) -> session.forward(op, arrays.get(0), result));
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
      FloatingPointVector first,
      FloatingPointVector second,
      FloatingPointVector out) {
    run(
        op,
        !op.isMasked(),
        List.of(first, second),
        out,
        first.getValueCount(),
        (arrays, result) -> session.forward(op, arrays.get(0), arrays.get(1), result));
  }

  /** Computes {@code f'(in)} into {@code out}, for a pointwise activation. */
  public static void derivative(
      Session session, Op op, FloatingPointVector in, FloatingPointVector out) {
    run(
        op,
        isPointwise(op),
        List.of(in),
        out,
        in.getValueCount(),
        (arrays, result) -> session.derivative(op, arrays.get(0), result));
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
      FloatingPointVector saved,
      FloatingPointVector dy,
      FloatingPointVector dx) {
    run(
        op,
        isPointwise(op),
        List.of(saved, dy),
        dx,
        saved.getValueCount(),
        (arrays, result) -> session.backward(op, arrays.get(0), arrays.get(1), result));
  }

  private interface Run {
    void accept(List<HostArray> inputs, HostArray out);
  }

  private static boolean isPointwise(Op op) {
    return op.formula().shape() == Formula.Shape.POINTWISE;
  }

  private static void run(
      Op op,
      boolean elementwise,
      List<FloatingPointVector> inputs,
      FloatingPointVector out,
      long results,
      Run pass) {
    List<FloatingPointVector> nulls = new ArrayList<>(inputs);
    nulls.removeIf(in -> in.getNullCount() == 0);
    if (!nulls.isEmpty() && !elementwise) {
      throw new IllegalArgumentException(
          "%s mixes the elements of a row and takes no nulls, got %d in '%s'; fill or drop them"
              .formatted(op, nulls.get(0).getNullCount(), nulls.get(0).getName()));
    }
    List<HostArray> read = inputs.stream().<HostArray>map(Elements::new).toList();
    Elements result = new Elements(out);
    if (!inputs.contains(out)) {
      out.setValueCount(Math.toIntExact(results));
    }
    pass.accept(read, result);
    copyNulls(nulls, out);
  }

  /** A result is null where an input is, and so are those that are no results. */
  private static void copyNulls(List<FloatingPointVector> inputs, FloatingPointVector out) {
    int count = out.getValueCount();
    ArrowBuf validity = out.getValidityBuffer();
    for (int at = 0; at < BitVectorHelper.getValidityBufferSize(count); at++) {
      int valid = (1 << Math.min(Byte.SIZE, count - at * Byte.SIZE)) - 1;
      for (FloatingPointVector in : inputs) {
        valid &= in.getValidityBuffer().getByte(at);
      }
      validity.setByte(at, valid);
    }
  }

  /** A vector's values, the undefined ones of nulls too. */
  private record Elements(FloatingPointVector vector, Dtype dtype) implements HostArray {
    Elements(FloatingPointVector vector) {
      this(vector, dtype(vector));
    }

    @Override
    public long[] shape() {
      return new long[] {vector.getValueCount()};
    }

    @Override
    public Buffer elements(long from, int count) {
      return HostArray.view(
          dtype, vector.getDataBuffer().nioBuffer(from * dtype.bytes(), count * dtype.bytes()));
    }

    private static Dtype dtype(FloatingPointVector vector) {
      if (vector instanceof Float4Vector) {
        return Dtype.F32;
      }
      if (vector instanceof Float8Vector) {
        return Dtype.F64;
      }
      if (vector instanceof Float2Vector) {
        return Dtype.F16;
      }
      throw new IllegalArgumentException(
          "expected a Float4Vector, Float8Vector or Float2Vector, got " + vector.getClass());
    }
  }
}
