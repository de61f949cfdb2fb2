package dev.activations.spi;

import dev.activations.api.Direction;
import dev.activations.api.Formula;
import dev.activations.api.Geometry;
import dev.activations.api.Half;
import dev.activations.api.Op;
import java.util.ArrayList;
import java.util.List;

/**
 * What a pass takes and gives: its buffers by their roles, how many elements each has, and how a
 * packed one is taken apart.
 */
public final class Pass {

  /**
   * A buffer of a pass.
   *
   * @param role what it is, for messages
   * @param count how many elements it has
   */
  public record Operand(String role, long count) {}

  /** Makes the part of a buffer that begins at an element. */
  @FunctionalInterface
  public interface View<T> {
    /** Returns all of {@code buffer} from its element {@code offset} on. */
    T from(T buffer, long offset);
  }

  private final Op op;
  private final Direction direction;
  private final long parts;
  private final long count;
  private final Runs runs;
  private final boolean packed;
  private final List<Operand> inputs;
  private final List<Operand> outputs;

  private Pass(
      Op op,
      Direction direction,
      long parts,
      long count,
      Runs runs,
      boolean packed,
      List<Operand> inputs,
      List<Operand> outputs) {
    this.op = op;
    this.direction = direction;
    this.parts = parts;
    this.count = count;
    this.runs = runs;
    this.packed = packed;
    this.inputs = List.copyOf(inputs);
    this.outputs = List.copyOf(outputs);
  }

  /**
   * A pass with one input, forward its mask if the kind takes one, and, backward, its gradient.
   *
   * @param count the number of elements of the input, or of what is saved for a backward pass
   * @param both whether a forward pass gives the derivative as well
   * @throws IllegalArgumentException if the op's geometry asks for another number of elements, or
   *     its axis cannot be cut into pieces
   */
  public static Pass of(Op op, Direction direction, long count, boolean both) {
    boolean backward = direction.isBackward();
    long results = op.results(count).count();
    Operand input = new Operand("the input", count);
    List<Operand> inputs = List.of(input);
    if (backward) {
      inputs = List.of(input, new Operand("the gradient", results));
    } else if (op.isMasked()) {
      inputs = List.of(input, new Operand("the mask", count));
    }
    Operand output = new Operand("the output", backward ? count : results);
    List<Operand> outputs =
        both ? List.of(output, new Operand("the derivative", results)) : List.of(output);
    Geometry rows = op.rows(count);
    long width = rows.axis() / op.piecesIn() * rows.inner();
    return new Pass(
        op,
        direction,
        op.formula().shape() == Formula.Shape.POINTWISE ? count : rows.outer(),
        count / op.piecesIn(),
        new Runs(width, width * Math.max(op.piecesIn(), op.piecesOut())),
        op.formula().shape() == Formula.Shape.GATED,
        inputs,
        outputs);
  }

  /**
   * A forward pass with two inputs: gate and value of a gated kind, or the input and its mask.
   *
   * @param count the number of elements of either
   * @throws IllegalArgumentException as for {@link #ofGate}, if the kind takes no mask
   */
  public static Pass ofTwo(Op op, long count) {
    return op.isMasked()
        ? of(op, Direction.FORWARD, count, false)
        : ofGate(op, Direction.FORWARD, count);
  }

  /**
   * A pass of a gated kind with gate and value apart.
   *
   * @param count the number of elements of the gate
   * @throws IllegalArgumentException if the kind is not gated, the op has a geometry, or another
   *     number of elements is needed for the channels of its bias
   */
  public static Pass ofGate(Op op, Direction direction, long count) {
    if (op.formula().shape() != Formula.Shape.GATED) {
      throw new IllegalArgumentException(
          "%s has one input; a gated kind has a gate and a value, and masked_softmax takes a mask"
              .formatted(op.formula().stem()));
    }
    if (op.geometry().isPresent()) {
      throw new IllegalArgumentException(
          "%s: a geometry cuts a packed array into gate and value; leave it out where they are two"
              .formatted(op));
    }
    if (op.fusion().bias().isPresent()) {
      // Packed they would have to fit the bias.
      op.results(2 * count);
    }
    List<Operand> inputs =
        new ArrayList<>(List.of(new Operand("the gate", count), new Operand("the value", count)));
    List<Operand> outputs = List.of(new Operand("the output", count));
    if (direction == Direction.BACKWARD) {
      inputs.add(new Operand("the gradient", count));
      outputs =
          List.of(
              new Operand("the gradient of the gate", count),
              new Operand("the gradient of the value", count));
    }
    return new Pass(op, direction, count, count, Runs.contiguous(count), false, inputs, outputs);
  }

  /**
   * Returns the same pass with an op that differs in nothing but the buffers of what is fused with
   * it.
   */
  public Pass with(Op replaced) {
    return new Pass(replaced, direction, parts, count, runs, packed, inputs, outputs);
  }

  /** Returns what is computed. */
  public Op op() {
    return op;
  }

  /** Returns what for. */
  public Direction direction() {
    return direction;
  }

  /** Returns the buffers that are read, in order. */
  public List<Operand> inputs() {
    return inputs;
  }

  /** Returns the buffers that are written, in order. */
  public List<Operand> outputs() {
    return outputs;
  }

  /** Returns the number of elements of each operand, or of each piece of a packed one. */
  public long count() {
    return count;
  }

  /** Returns how the elements of the pieces of a packed array lie. */
  public Runs runs() {
    return runs;
  }

  /**
   * Returns into how many equal parts, side by side in each buffer, the pass can be cut, each to be
   * computed for itself.
   */
  public long parts() {
    return parts;
  }

  /**
   * Returns the pass over some of the parts.
   *
   * @param first the first of them
   * @param some how many
   */
  public Pass part(long first, long some) {
    boolean gateApart = op.formula().shape() == Formula.Shape.GATED && !packed;
    if (gateApart) {
      return ofGate(op, direction, some);
    }
    long elements = inputs.get(0).count() / parts * some;
    Op part;
    if (op.formula().shape() == Formula.Shape.POINTWISE) {
      part = op.startingAt(op.fusion().first() + first);
    } else {
      Geometry rows = op.rows(inputs.get(0).count());
      part =
          op.over(new Geometry(some, rows.axis(), rows.inner()))
              .startingAt(op.fusion().first() + inputs.get(0).count() / parts * first);
    }
    return of(part, direction, elements, outputs.size() > 1);
  }

  /** Returns the buffers that a {@link Launch} reads: of a packed one the gate and the value. */
  public <T> List<T> inputs(List<? extends T> buffers, View<T> view) {
    return takenApart(buffers, view, packed);
  }

  /** Returns the buffers that a {@link Launch} writes, likewise. */
  public <T> List<T> outputs(List<? extends T> buffers, View<T> view) {
    return takenApart(buffers, view, packed && direction == Direction.BACKWARD);
  }

  private <T> List<T> takenApart(List<? extends T> buffers, View<T> view, boolean halves) {
    if (!halves) {
      return List.copyOf(buffers);
    }
    long second = runs.width();
    boolean gateFirst = op.gate() == Half.FIRST;
    List<T> apart = new ArrayList<>();
    apart.add(view.from(buffers.get(0), gateFirst ? 0 : second));
    apart.add(view.from(buffers.get(0), gateFirst ? second : 0));
    apart.addAll(buffers.subList(1, buffers.size()));
    return apart;
  }
}
