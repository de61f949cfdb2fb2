package dev.activations.cli.bench;

import dev.activations.api.Activation;
import dev.activations.api.Direction;
import dev.activations.api.Dtype;
import java.util.ArrayList;
import java.util.List;

/**
 * What to measure on each device: everything with everything.
 *
 * @param sizes the numbers of elements
 */
record Plan(
    List<Activation> activations,
    List<Direction> directions,
    List<Dtype> dtypes,
    List<Place> places,
    List<Long> sizes) {
  /** The directions that can be measured. */
  static final List<Direction> DIRECTIONS =
      List.of(Direction.FORWARD, Direction.DERIVATIVE, Direction.BACKWARD);

  /**
   * Passes that are held against the same copy.
   *
   * @param cases of one type and size, in one place
   */
  record Group(Dtype dtype, Place place, long elements, List<Case> cases) {}

  /** Returns the passes in the order in which to measure them. */
  List<Group> groups() {
    List<Group> groups = new ArrayList<>();
    for (Place place : places) {
      for (Dtype dtype : dtypes) {
        for (long size : sizes) {
          List<Case> cases = new ArrayList<>();
          for (Activation activation : activations) {
            for (Direction direction : directions) {
              cases.add(new Case(activation, direction, dtype, place, size));
            }
          }
          groups.add(new Group(dtype, place, size, cases));
        }
      }
    }
    return groups;
  }
}
