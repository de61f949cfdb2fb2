package dev.activations.api;

import dev.activations.api.Formula.Saved;
import java.util.Optional;

/**
 * What a session runs: an activation, the geometry it runs over, and what its backward pass reads.
 * Immutable.
 *
 * @param activation the function
 * @param geometry the rows, for a formula over an axis; empty means all elements are one row
 * @param saved what the backward pass reads besides the incoming gradient
 */
public record Op(Activation activation, Optional<Geometry> geometry, Saved saved) {

  /**
   * Checks that the parameters go together, that the geometry fits the formula, and that the
   * backward pass can do with what is saved.
   *
   * @throws IllegalArgumentException if they do not, or if a pointwise kind is given a geometry
   */
  public Op {
    activation.checkTogether();
    Formula formula = activation.formula();
    if (saved == Saved.INPUT && formula.saved() == Saved.OUTPUT) {
      throw new IllegalArgumentException(
          "the backward pass of %s reads the output, not the input".formatted(formula.stem()));
    }
    if (saved != formula.saved()) {
      activation.checkFromOutput();
    }
    if (geometry.isPresent() && formula.shape() == Formula.Shape.POINTWISE) {
      throw new IllegalArgumentException(
          "%s is pointwise and takes no geometry, got %s"
              .formatted(formula.stem(), geometry.get()));
    }
  }

  /** The formula with its default parameters. */
  public static Op of(Formula formula) {
    return of(Activation.of(formula));
  }

  /** The activation, over all elements as one row where it works over an axis. */
  public static Op of(Activation activation) {
    return new Op(activation, Optional.empty(), activation.formula().saved());
  }

  /** Returns this op over the rows of a geometry. */
  public Op over(Geometry rows) {
    return new Op(activation, Optional.of(rows), saved);
  }

  /**
   * Returns this op with a backward pass that reads the output of the forward pass and not its
   * input, which may then be overwritten, or was: {@code session.backward(op.fromOutput(), y, dy,
   * dx)}. {@link Formula#fromOutput} says what accuracy that gives. The forward pass is the same.
   *
   * @throws IllegalArgumentException if the output does not tell the derivative: for this formula,
   *     for these parameters, or because the profile has a derivative of its own at a kink
   */
  public Op fromOutput() {
    return new Op(activation, geometry, Saved.OUTPUT);
  }

  /** Returns the formula of the activation. */
  public Formula formula() {
    return activation.formula();
  }

  /** Returns how {@link Session#backward} goes. */
  Direction backward() {
    return saved == formula().saved() ? Direction.BACKWARD : Direction.BACKWARD_FROM_OUTPUT;
  }

  /**
   * Returns the rows that {@code count} elements form.
   *
   * @throws IllegalArgumentException if the geometry asks for another number of elements
   */
  public Geometry rows(long count) {
    Geometry rows = geometry.orElseGet(() -> Geometry.rows(1, count));
    if (rows.count() != count) {
      throw new IllegalArgumentException(
          "%s over %s needs %d elements, got %d"
              .formatted(formula().stem(), rows, rows.count(), count));
    }
    return rows;
  }

  @Override
  public String toString() {
    String suffix = saved == formula().saved() ? "" : " from its output";
    return geometry
            .map(g -> "%s over (%d, %d, %d)".formatted(activation, g.outer(), g.axis(), g.inner()))
            .orElseGet(activation::toString)
        + suffix;
  }
}
