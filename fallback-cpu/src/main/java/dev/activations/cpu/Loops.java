package dev.activations.cpu;

import dev.activations.api.Direction;
import dev.activations.api.Kind;

/** Where a device of this back end gets its loops from. Safe for use by several threads. */
interface Loops {

  /** The loop that maps a pointwise kind: forward, derivative, or backward with two streams. */
  Loop pointwise(Kind kind, Direction direction);

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
