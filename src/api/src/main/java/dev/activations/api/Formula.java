package dev.activations.api;

import java.util.List;
import java.util.Optional;

/**
 * What an activation computes: a {@link Kind} of the library, or a {@link CustomFormula} of the
 * user's own. Implementations are immutable.
 */
public sealed interface Formula permits Kind, CustomFormula {

  /** Whether a formula maps element by element, rows along an axis, or pieces of it. */
  enum Shape {
    /** Each output depends on the input at its own place only. */
    POINTWISE,
    /** Each output depends on all inputs of its row; see {@link Geometry}. */
    OVER_AXIS,
    /**
     * f(gate)·value: gate and value are two inputs, or the halves of one packed along an axis; see
     * {@link Op#gatedBy(Half)}.
     */
    GATED,
    /**
     * Pieces along an axis become one, or one becomes several, so that there are fewer results than
     * inputs, or more; see {@link Op#results}.
     */
    PIECES
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

  /** Returns the derivative as people write it, or the backward pass where there is none. */
  String derivativeExpression();

  /**
   * Returns the parameters in the order in which {@link Activation#of} and the kernels take them.
   */
  List<Parameter> parameters();

  /** Returns whether the function maps elements, rows or pieces. */
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
   * Returns whether there is such a pass: only pointwise functions have one derivative, and not
   * every output tells it.
   */
  default boolean supports(Direction direction) {
    return switch (direction) {
      case FORWARD, BACKWARD -> true;
      case DERIVATIVE -> shape() == Shape.POINTWISE;
      case BACKWARD_FROM_OUTPUT -> fromOutput().isPresent();
    };
  }

  /**
   * Returns whether the function is computed with such elements. All types of 16 bits are, by way
   * of float32; for float64 a formula must say its constants in doubles.
   */
  default boolean supports(Dtype dtype) {
    return dtype != Dtype.F64;
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
