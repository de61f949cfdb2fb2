package dev.activations.api;

import java.util.List;
import java.util.Optional;

/**
 * What an activation computes: a {@link Kind} of the library, or a {@link CustomFormula} of the
 * user's own. Implementations are immutable.
 */
public sealed interface Formula permits Kind, CustomFormula {

  /** Whether a formula maps element by element, or rows along an axis. */
  enum Shape {
    /** Each output depends on the input at its own place only. */
    POINTWISE,
    /** Each output depends on all inputs of its row; see {@link Geometry}. */
    OVER_AXIS
  }

  /** What the backward pass reads besides the incoming gradient. */
  enum Saved {
    /** The input {@code x} of the forward pass. */
    INPUT,
    /** The output {@code y} of the forward pass. */
    OUTPUT
  }

  /** Returns the name in files, kernels, reports and on the command line. */
  String stem();

  /** Returns the function as people write it. */
  String expression();

  /** Returns the derivative as people write it, or over an axis the backward pass. */
  String derivativeExpression();

  /**
   * Returns the parameters in the order in which {@link Activation#of} and the kernels take them.
   */
  List<Parameter> parameters();

  /** Returns whether the function maps elements or rows. */
  Shape shape();

  /**
   * Returns what {@link Session#backward} must be given: the input or the output. {@link
   * Op#fromOutput} makes it the output for other formulas too.
   */
  Saved saved();

  /**
   * Returns how the derivative is taken from the output, if the backward pass can do that besides
   * taking it from the input; see {@link Op#fromOutput}.
   */
  default Optional<FromOutput> fromOutput() {
    return Optional.empty();
  }

  /** Returns the paper that introduced the function. */
  String source();

  /**
   * Returns whether there is such a pass: rows over an axis have no derivative of their own, and
   * not every output tells the derivative.
   */
  default boolean supports(Direction direction) {
    return switch (direction) {
      case FORWARD, BACKWARD -> true;
      case DERIVATIVE -> shape() == Shape.POINTWISE;
      case BACKWARD_FROM_OUTPUT -> fromOutput().isPresent();
    };
  }

  /**
   * Returns all formulas that have a name: the kinds, and those that were {@linkplain
   * CustomFormula#register registered} or that a {@link dev.activations.spi.FormulaProvider} on the
   * class path brings.
   */
  static List<Formula> known() {
    return Registry.known();
  }

  /**
   * Finds a formula by its stem or a kind's alias, in any case, with {@code -} or {@code _}, among
   * the {@linkplain #known known} ones.
   *
   * @param name what the user wrote
   * @throws IllegalArgumentException if there is none; the message names the nearest
   */
  static Formula named(String name) {
    return Registry.named(name);
  }
}
