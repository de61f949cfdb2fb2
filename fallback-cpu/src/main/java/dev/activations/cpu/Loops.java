package dev.activations.cpu;

import dev.activations.api.CustomFormula;
import dev.activations.api.Direction;
import dev.activations.api.Formula;
import java.util.Optional;

/** Where a device of this back end gets its loops from. Safe for use by several threads. */
interface Loops {

  /**
   * The loop that maps a pointwise formula: forward, derivative, or a backward pass with two
   * streams.
   *
   * @param kinks whether its uniforms end with kinks, where the derivative is another
   */
  Loop<float[]> pointwise(Formula formula, Direction direction, boolean kinks);

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
  record Rows(float start, Loop<float[]> fold, Loop<float[]> sum, Loop<float[]> map) {}

  /**
   * What tells the loops of pointwise formulas apart.
   *
   * @param kinks whether the derivative is another at kinks
   */
  record Key(Formula formula, Direction direction, boolean kinks) {}
}
