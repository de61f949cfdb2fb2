package dev.activations;

import dev.activations.api.Direction;
import dev.activations.api.Dtype;
import dev.activations.api.Formula;
import dev.activations.api.Geometry;
import dev.activations.api.Op;

/**
 * One pass over the host's data, as far as its costs depend on it.
 *
 * @param op the activation and the geometry it runs over
 * @param direction what is computed
 * @param dtype float32 or float64
 * @param count the elements of the input of the forward pass
 * @param direct whether the host's buffers are direct ones in the native order, which drivers read
 *     without a copy
 */
public record Workload(Op op, Direction direction, Dtype dtype, long count, boolean direct) {

  /**
   * Checks that the elements fit.
   *
   * @throws IllegalArgumentException if the op's geometry asks for another number of elements, or
   *     the type is one of 16 bits
   */
  public Workload {
    if (dtype.isStorage()) {
      throw new IllegalArgumentException("expected float32 or float64, got " + dtype.label());
    }
    op.results(count);
    if (direction.isBackward()) {
      direction =
          op.saved() == op.formula().saved() ? Direction.BACKWARD : Direction.BACKWARD_FROM_OUTPUT;
    }
  }

  /** A pass over float32 in arrays. */
  public static Workload of(Op op, Direction direction, long count) {
    return new Workload(op, direction, Dtype.F32, count, false);
  }

  /** Returns how many bytes the pass reads. */
  public long bytesIn() {
    return dtype.bytes() * (direction.isBackward() ? count + op.results(count).count() : count);
  }

  /** Returns how many bytes the pass writes. */
  public long bytesOut() {
    return dtype.bytes() * (direction == Direction.FORWARD ? op.results(count).count() : count);
  }

  /**
   * What the costs of an element depend on.
   *
   * @param formula the stem of its name
   * @param drawn whether dropout or slopes are drawn in the same pass
   * @param axis about how many elements a row has, a power of two; 0 without rows
   */
  record Task(
      String formula, boolean drawn, Direction direction, Dtype dtype, boolean direct, long axis) {
    @Override
    public String toString() {
      return "%s%s %s of %s in %s%s"
          .formatted(
              formula,
              drawn ? " with dropout or slopes drawn" : "",
              direction.stem(),
              dtype.label(),
              direct ? "direct buffers" : "arrays",
              axis == 0 ? "" : ", rows of some " + axis);
    }
  }

  Task task() {
    boolean rows = op.formula().shape() == Formula.Shape.OVER_AXIS && op.geometry().isPresent();
    return new Task(
        op.formula().stem(),
        !op.fusion().isNone(),
        direction,
        dtype,
        direct,
        rows ? Long.highestOneBit(op.geometry().get().axis()) : 0);
  }

  /** Returns the same pass over about as many elements as wanted, in rows of the same length. */
  Workload resized(long wanted) {
    long pieces = op.piecesIn();
    if (op.geometry().isEmpty()) {
      long whole = Math.max(1, wanted / pieces) * pieces;
      return new Workload(op, direction, dtype, whole, direct);
    }
    Geometry now = op.geometry().get();
    long axis = Math.max(1, Math.min(now.axis(), wanted) / pieces) * pieces;
    long inner = Math.max(1, Math.min(now.inner(), wanted / axis));
    Geometry then = new Geometry(Math.max(1, wanted / axis / inner), axis, inner);
    return new Workload(op.over(then), direction, dtype, then.count(), direct);
  }

  @Override
  public String toString() {
    return "%s over %d elements".formatted(task(), count);
  }
}
