package dev.activations.nd4j;

import dev.activations.api.Dtype;
import dev.activations.api.Formula;
import dev.activations.api.HostArray;
import dev.activations.api.Op;
import dev.activations.api.Session;
import java.nio.Buffer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.bytedeco.javacpp.BytePointer;
import org.nd4j.linalg.api.concurrency.AffinityManager.Location;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;

/**
 * Activations of ND4J's arrays of any shape and of the types FLOAT, DOUBLE, FLOAT16 and BFLOAT16,
 * on any device. All methods block.
 *
 * <p>A session works in an array's own memory, as long as its elements lie side by side in
 * row-major order, which ND4J calls 'c'; those of a view may, too. A pointwise activation does so
 * in column-major order ('f', which products of matrices have) as well, if all arrays have it. Any
 * other input is copied first, and any other output computed elsewhere and then assigned. Arrays of
 * ND4J's CUDA backend are taken to the host and marked as changed there.
 *
 * <p>An activation over an axis takes it from the op: {@code
 * Op.of(Kind.SOFTMAX).over(Geometry.of(axis, x.shape()))}; only an array with a single axis needs
 * none.
 *
 * <p>An output may be an input. Arrays that overlap otherwise give undefined values.
 *
 * <p>All throw {@link IllegalArgumentException} if types or shapes differ or the type is another
 * one, and what the {@linkplain Session#forward(Op, HostArray, HostArray) session} throws.
 */
public final class Nd4jActivations {

  private Nd4jActivations() {}

  /** Computes {@code f(in)} into {@code out}. */
  public static void forward(Session session, Op op, INDArray in, INDArray out) {
    run(op, List.of(in), out, (arrays, result) -> session.forward(op, arrays.get(0), result));
  }

  /**
   * Computes {@code f(gate)·value} into {@code out}, for a gated kind, or f of an input with a
   * mask.
   *
   * @param first the gate, or the input
   * @param second the value, or the mask
   */
  public static void forward(
      Session session, Op op, INDArray first, INDArray second, INDArray out) {
    run(
        op,
        List.of(first, second),
        out,
        (arrays, result) -> session.forward(op, arrays.get(0), arrays.get(1), result));
  }

  /** Computes {@code f'(in)} into {@code out}, for a pointwise activation. */
  public static void derivative(Session session, Op op, INDArray in, INDArray out) {
    run(op, List.of(in), out, (arrays, result) -> session.derivative(op, arrays.get(0), result));
  }

  /**
   * Computes the gradient with respect to the input into {@code dx}.
   *
   * @param saved the input or the output of the forward pass, as {@link Op#saved} says
   * @param dy the gradient with respect to the output
   */
  public static void backward(Session session, Op op, INDArray saved, INDArray dy, INDArray dx) {
    run(
        op,
        List.of(saved, dy),
        dx,
        (arrays, result) -> session.backward(op, arrays.get(0), arrays.get(1), result));
  }

  private interface Run {
    void accept(List<HostArray> inputs, HostArray out);
  }

  private static void run(Op op, List<INDArray> inputs, INDArray out, Run pass) {
    List<INDArray> all = new ArrayList<>(inputs);
    all.add(out);
    if (op.formula().shape() == Formula.Shape.POINTWISE
        && all.stream().noneMatch(Nd4jActivations::isRowMajor)
        && all.stream().map(Nd4jActivations::turned).allMatch(Nd4jActivations::isRowMajor)) {
      all.replaceAll(Nd4jActivations::turned);
    }
    List<HostArray> read = new ArrayList<>();
    for (INDArray in : all.subList(0, inputs.size())) {
      read.add(new Elements(isRowMajor(in) ? in : in.dup('c')));
    }
    INDArray written = all.get(inputs.size());
    INDArray result =
        isRowMajor(written)
            ? written
            : Nd4j.createUninitialized(written.dataType(), written.shape(), 'c');
    pass.accept(read, new Elements(result));
    Nd4j.getAffinityManager().tagLocation(result, Location.HOST);
    if (result != written) {
      written.assign(result);
    }
  }

  /** Returns a view with the axes in the opposite order. */
  private static INDArray turned(INDArray array) {
    return array.rank() < 2 ? array : array.transpose();
  }

  /** Whether the elements lie side by side in row-major order. */
  private static boolean isRowMajor(INDArray array) {
    long[] shape = array.shape();
    long next = 1;
    for (int axis = shape.length - 1; axis >= 0; axis--) {
      if (shape[axis] != 1 && array.stride(axis) != next) {
        return array.isEmpty();
      }
      next *= shape[axis];
    }
    return true;
  }

  /** An array's elements, where ND4J has them on the host. */
  private record Elements(INDArray array, Dtype dtype) implements HostArray {
    Elements(INDArray array) {
      this(array, dtype(array));
      if (!array.isEmpty()) {
        Nd4j.getAffinityManager().ensureLocation(array, Location.HOST);
      }
    }

    @Override
    public long[] shape() {
      // The empty array has no axis, as a scalar has none.
      return array.isEmpty() && array.rank() == 0 ? new long[] {0} : array.shape();
    }

    @Override
    public Buffer elements(long from, int count) {
      BytePointer bytes = new BytePointer(array.data().pointer());
      long start = (array.offset() + from) * dtype.bytes();
      bytes.position(start).limit(start + (long) count * dtype.bytes());
      return HostArray.view(dtype, bytes.asByteBuffer());
    }

    private static Dtype dtype(INDArray array) {
      return switch (array.dataType()) {
        case FLOAT -> Dtype.F32;
        case DOUBLE -> Dtype.F64;
        case HALF -> Dtype.F16;
        case BFLOAT16 -> Dtype.BF16;
        default ->
            throw new IllegalArgumentException(
                "expected an array of FLOAT, DOUBLE, FLOAT16 or BFLOAT16, got %s of shape %s; use castTo(DataType.FLOAT)"
                    .formatted(array.dataType(), Arrays.toString(array.shape())));
      };
    }
  }
}
