package dev.activations.api;

import java.util.Optional;

/**
 * What a session runs: an activation and the geometry it runs over. Immutable.
 *
 * @param activation the function
 * @param geometry the rows, for a formula over an axis or over pieces along one; empty means all
 *     elements are one row
 * @param gatedBy the half of a packed array that is the gate of a gated kind; empty means {@link
 *     Kind#gatedBy}
 */
public record Op(Activation activation, Optional<Geometry> geometry, Optional<Half> gatedBy) {

  /**
   * Checks that the parameters go together, and that the geometry fits the formula.
   *
   * @throws IllegalArgumentException if they do not, if a pointwise kind is given a geometry, or
   *     one that is not gated a half
   */
  public Op {
    activation.checkTogether();
    Formula formula = activation.formula();
    if (geometry.isPresent() && formula.shape() == Formula.Shape.POINTWISE) {
      throw new IllegalArgumentException(
          "%s is pointwise and takes no geometry, got %s"
              .formatted(formula.stem(), geometry.get()));
    }
    if (gatedBy.isPresent() && formula.shape() != Formula.Shape.GATED) {
      throw new IllegalArgumentException(
          "%s is not gated, so neither half gates".formatted(formula.stem()));
    }
  }

  /** The formula with its default parameters. */
  public static Op of(Formula formula) {
    return of(Activation.of(formula));
  }

  /** The activation, over all elements as one row where it works over an axis. */
  public static Op of(Activation activation) {
    return new Op(activation, Optional.empty(), Optional.empty());
  }

  /** Returns this op over the rows of a geometry. */
  public Op over(Geometry rows) {
    return new Op(activation, Optional.of(rows), gatedBy);
  }

  /**
   * Returns this op with the gate in one half of a packed array, and the value in the other.
   *
   * @throws IllegalArgumentException if the kind is not gated
   */
  public Op gatedBy(Half half) {
    return new Op(activation, geometry, Optional.of(half));
  }

  /** Returns the formula of the activation. */
  public Formula formula() {
    return activation.formula();
  }

  /**
   * Returns the half of a packed array that gates.
   *
   * @throws IllegalArgumentException if the kind is not gated
   */
  public Half gate() {
    return gatedBy.orElseGet(() -> activation.kind().gatedBy());
  }

  /** Returns into how many equal pieces the axis of an input is cut; 1 where it is not. */
  public int piecesIn() {
    return activation.piecesIn();
  }

  /** Returns of how many equal pieces the axis of a result is made; 1 where of one. */
  public int piecesOut() {
    return activation.piecesOut();
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

  /**
   * Returns the rows of the results of a forward pass over {@code count} elements: those of the
   * input, but where the kind joins pieces along the axis or makes some.
   *
   * @throws IllegalArgumentException if the geometry asks for another number of elements, or its
   *     axis cannot be cut into equal pieces
   */
  public Geometry results(long count) {
    Geometry rows = rows(count);
    if (rows.axis() % piecesIn() != 0) {
      throw new IllegalArgumentException(
          "%s cuts its axis into %d equal pieces, which %d elements do not make"
              .formatted(formula().stem(), piecesIn(), rows.axis()));
    }
    return new Geometry(rows.outer(), rows.axis() / piecesIn() * piecesOut(), rows.inner());
  }

  @Override
  public String toString() {
    String text =
        gatedBy
            .map(half -> "%s gated by the %s half".formatted(activation, half.stem()))
            .orElseGet(activation::toString);
    return geometry
        .map(g -> "%s over (%d, %d, %d)".formatted(text, g.outer(), g.axis(), g.inner()))
        .orElse(text);
  }
}
