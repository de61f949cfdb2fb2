package dev.activations.cpu;

import dev.activations.api.CustomFormula;
import dev.activations.api.Direction;
import dev.activations.api.Formula;
import java.util.Optional;

/** Where a device of this back end gets its loops from. Safe for use by several threads. */
interface Loops {

  /** The loop that maps a pointwise formula: forward, derivative, or backward with two streams. */
  Loop pointwise(Formula formula, Direction direction);

  /**
   * The loop that maps by a method of a definition.
   *
   * @param streams how many of its arguments, from the left, differ for each element: 1 or 2
   * @param uniforms how many follow that do not
   */
  Loop map(Class<?> definition, String method, int streams, int uniforms);

  /** The loop that maps its first stream so and multiplies the result by its second. */
  Loop product(Class<?> definition, String method, int uniforms);

  /** Why a formula has no such loop, or nothing if it has. */
  Optional<String> obstacle(CustomFormula formula);

  /** The loops of softmax, forward or backward. */
  Rows softmax(Direction direction);

  /**
   * The three passes over a row. The first folds it to one number m, the second adds integers, the
   * third maps with the uniforms m and the sum as a pair.
   *
   * @param start what the fold starts from
   */
  record Rows(float start, Loop fold, Loop sum, Loop map) {}
}
