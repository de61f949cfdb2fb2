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

  /** The same in float64, for formulas that support it. */
  Loop<double[]> pointwiseDoubles(Formula formula, Direction direction, boolean kinks);

  /** The loop that maps by a method of a definition. */
  Loop<float[]> map(Method method);

  /** The same in float64. */
  Loop<double[]> mapDoubles(Method method);

  /** Why a formula has no such loop, or nothing if it has. */
  Optional<String> obstacle(CustomFormula formula);

  /** The loops of a formula over an axis, forward or backward. */
  RowLoops<float[]> overAxis(Formula formula, Direction direction);

  /** The same in float64. */
  RowLoops<double[]> overAxisDoubles(Formula formula, Direction direction);

  /**
   * The loop that maps with a static method of floats and records of floats.
   *
   * @param method the only one of its name
   * @param streams how many of its arguments, from the left, differ for each element: 1 or 2
   */
  Loop<float[]> map(Class<?> owner, String method, int streams);

  /**
   * The loops over the terms of a channel.
   *
   * @param weighted whether the terms are those of a weight, with two streams
   */
  Sums<float[]> sums(boolean weighted);

  /** The same in float64. */
  Sums<double[]> sumsOfDoubles(boolean weighted);

  /**
   * The two loops over terms. The first folds them to one number m, from 0; the second adds
   * integers, with the uniform m.
   */
  record Sums<A>(Loop<A> fold, Loop<A> sum) {}

  /**
   * What tells the loops of pointwise formulas apart.
   *
   * @param kinks whether the derivative is another at kinks
   */
  record Key(Formula formula, Direction direction, boolean kinks) {}

  /**
   * A method of a definition.
   *
   * @param streams how many of its arguments, from the left, differ for each element: 1 or 2
   * @param uniforms how many follow that do not
   * @param multiplied whether the result of one stream is to be multiplied by a second one
   */
  record Method(Class<?> definition, String name, int streams, int uniforms, boolean multiplied) {}
}
