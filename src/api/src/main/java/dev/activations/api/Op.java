package dev.activations.api;

import java.util.Optional;

/**
 * What a session runs: an activation and the geometry it runs over. Immutable.
 *
 * @param activation the function
 * @param geometry the rows, for a formula over an axis; empty means all elements are one row
 */
public record Op(Activation activation, Optional<Geometry> geometry) {

  /**
   * Checks that the parameters go together, and that the geometry fits the formula.
   *
   * @throws IllegalArgumentException if they do not, or if a pointwise kind is given a geometry
   */
  public Op {
    activation.checkTogether();
    if (geometry.isPresent() && activation.formula().shape() == Formula.Shape.POINTWISE) {
      throw new IllegalArgumentException(
          "%s is pointwise and takes no geometry, got %s"
              .formatted(activation.formula().stem(), geometry.get()));
    }
  }

  /** The formula with its default parameters. */
  public static Op of(Formula formula) {
    return of(Activation.of(formula));
  }

  /** The activation, over all elements as one row where it works over an axis. */
  public static Op of(Activation activation) {
    return new Op(activation, Optional.empty());
  }

  /** Returns this op over the rows of a geometry. */
  public Op over(Geometry rows) {
    return new Op(activation, Optional.of(rows));
  }

  /** Returns the formula of the activation. */
  public Formula formula() {
    return activation.formula();
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
    return geometry
        .map(g -> "%s over (%d, %d, %d)".formatted(activation, g.outer(), g.axis(), g.inner()))
        .orElseGet(activation::toString);
  }
}
