package dev.activations.djl;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDScope;
import ai.djl.ndarray.index.NDIndex;
import dev.activations.api.Dtype;
import dev.activations.api.HostArray;
import dev.activations.api.Op;
import dev.activations.api.Session;
import java.nio.Buffer;
import java.nio.ByteBuffer;
import java.util.List;

/**
 * Activations of DJL's arrays of any shape up to 2 GiB and of the types FLOAT32, FLOAT64 and
 * FLOAT16, of any engine and on any device. All methods block.
 *
 * <p>A session works in an array's own memory where the engine gives access to it, as PyTorch does
 * for arrays on the CPU whose elements lie side by side in row-major order. Any other input is
 * copied first, and any other output computed elsewhere and then copied there by the engine.
 * Engines do not see what happens here, so that PyTorch's automatic differentiation leaves it out.
 *
 * <p>An activation over an axis takes it from the op: {@code
 * Op.of(Kind.SOFTMAX).over(Geometry.of(axis, x.getShape().getShape()))}; only an array with a
 * single axis needs none.
 *
 * <p>An output may be an input. Arrays that overlap otherwise give undefined values.
 *
 * <p>All throw {@link IllegalArgumentException} if types or shapes differ, the type is another one,
 * or an array is sparse or larger, and what the {@linkplain Session#forward(Op, HostArray,
 * HostArray) session} throws; and {@link UnsupportedOperationException} if the engine cannot copy.
 */
public final class DjlActivations {

  private DjlActivations() {}

  /** Computes {@code f(in)} into {@code out}. */
  public static void forward(Session session, Op op, NDArray in, NDArray out) {
    run(List.of(in), out, (arrays, result) -> session.forward(op, arrays.get(0), result));
  }

  /**
   * Computes {@code f(gate)·value} into {@code out}, for a gated kind, or f of an input with a
   * mask.
   *
   * @param first the gate, or the input
   * @param second the value, or the mask
   */
  public static void forward(Session session, Op op, NDArray first, NDArray second, NDArray out) {
    run(
        List.of(first, second),
        out,
        (arrays, result) -> session.forward(op, arrays.get(0), arrays.get(1), result));
  }

  /** Computes {@code f'(in)} into {@code out}, for a pointwise activation. */
  public static void derivative(Session session, Op op, NDArray in, NDArray out) {
    run(List.of(in), out, (arrays, result) -> session.derivative(op, arrays.get(0), result));
  }

  /**
   * Computes the gradient with respect to the input into {@code dx}.
   *
   * @param saved the input or the output of the forward pass, as {@link Op#saved} says
   * @param dy the gradient with respect to the output
   */
  public static void backward(Session session, Op op, NDArray saved, NDArray dy, NDArray dx) {
    run(
        List.of(saved, dy),
        dx,
        (arrays, result) -> session.backward(op, arrays.get(0), arrays.get(1), result));
  }

  private interface Run {
    void accept(List<HostArray> inputs, HostArray out);
  }

  private static void run(List<NDArray> inputs, NDArray out, Run pass) {
    // An engine may leave a copy behind for a buffer to view; it goes with the scope.
    try (NDScope scope = new NDScope()) {
      scope.suppressNotUsedWarning();
      List<HostArray> read =
          inputs.stream().<HostArray>map(in -> new Elements(in, own(in))).toList();
      ByteBuffer own = own(out);
      if (isMemory(own, out)) {
        pass.accept(read, new Elements(out, own));
      } else {
        ByteBuffer result = ByteBuffer.allocateDirect(own.remaining()).order(own.order());
        pass.accept(read, new Elements(out, result));
        out.set(
            new NDIndex("..."), out.getManager().create(result, out.getShape(), out.getDataType()));
      }
    }
  }

  /** Returns an array's memory, or a copy of it. */
  private static ByteBuffer own(NDArray array) {
    Dtype dtype = dtype(array);
    if (array.isSparse()) {
      throw new IllegalArgumentException("expected a dense array, got " + array.getSparseFormat());
    }
    if (array.size() > (Integer.MAX_VALUE - 8) / dtype.bytes()) {
      throw new IllegalArgumentException(
          "expected an array of at most 2 GiB, got %s of shape %s; take parts of it"
              .formatted(array.getDataType(), array.getShape()));
    }
    return array.toByteBuffer(true);
  }

  /**
   * Whether a buffer is an array's memory, and not a copy, which DJL does not tell: what is written
   * there is then read from the next buffer.
   */
  private static boolean isMemory(ByteBuffer buffer, NDArray array) {
    if (!buffer.hasRemaining()) {
      return true;
    }
    if (!buffer.isDirect() || buffer.isReadOnly()) {
      return false;
    }
    int at = buffer.position();
    byte before = buffer.get(at);
    byte changed = (byte) ~before;
    buffer.put(at, changed);
    ByteBuffer next = own(array);
    boolean same = next.get(next.position()) == changed;
    buffer.put(at, before);
    return same;
  }

  private static Dtype dtype(NDArray array) {
    return switch (array.getDataType()) {
      case FLOAT32 -> Dtype.F32;
      case FLOAT64 -> Dtype.F64;
      case FLOAT16 -> Dtype.F16;
      default ->
          throw new IllegalArgumentException(
              "expected an array of FLOAT32, FLOAT64 or FLOAT16, got %s of shape %s; use toType(DataType.FLOAT32, false)"
                  .formatted(array.getDataType(), array.getShape()));
    };
  }

  /** Elements of an array, which is kept while they are used. */
  private record Elements(NDArray array, Dtype dtype, ByteBuffer bytes) implements HostArray {
    Elements(NDArray array, ByteBuffer bytes) {
      this(array, DjlActivations.dtype(array), bytes);
    }

    @Override
    public long[] shape() {
      return array.getShape().getShape();
    }

    @Override
    public Buffer elements(long from, int count) {
      return HostArray.view(dtype, bytes.slice((int) from * dtype.bytes(), count * dtype.bytes()));
    }
  }
}
