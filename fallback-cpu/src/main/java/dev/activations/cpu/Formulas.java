package dev.activations.cpu;

import dev.activations.api.CustomFormula;
import dev.activations.api.Direction;
import dev.activations.api.Formula;
import dev.activations.cpu.scalar.Arithmetic;
import java.util.Arrays;
import java.util.Locale;
import java.util.stream.Collectors;

/**
 * Finds the definition of a formula: a custom one brings it along; for a kind there is one stem
 * everywhere, {@code hard_swish} is HardSwish.
 */
final class Formulas {
  private Formulas() {}

  /** The name of the method in the definition. */
  static final String FORWARD = "forward";

  /** The name of the method in the definition of a pointwise formula. */
  static final String DERIVATIVE = "derivative";

  /** The name of the method in the definition of a formula whose output tells the derivative. */
  static final String DERIVATIVE_FROM_OUTPUT = "derivativeFromOutput";

  /** Returns the name of the method that a direction needs. */
  static String method(Direction direction) {
    return switch (direction) {
      case FORWARD -> FORWARD;
      case DERIVATIVE, BACKWARD -> DERIVATIVE;
      case BACKWARD_FROM_OUTPUT -> DERIVATIVE_FROM_OUTPUT;
    };
  }

  /** The name of the method for the other factor, in the definition of a gated kind. */
  static final String VALUE = "value";

  /** The name of the method for its derivative. */
  static final String VALUE_DERIVATIVE = "valueDerivative";

  static Class<?> of(Formula formula) {
    if (formula instanceof CustomFormula custom) {
      return custom.definition();
    }
    String name =
        Arrays.stream(formula.stem().split("_"))
            .map(word -> word.substring(0, 1).toUpperCase(Locale.ROOT) + word.substring(1))
            .collect(Collectors.joining());
    try {
      return Class.forName(Arithmetic.class.getPackageName() + "." + name);
    } catch (ClassNotFoundException e) {
      throw new IllegalStateException("%s has no scalar definition".formatted(formula.stem()), e);
    }
  }
}
