package dev.activations.cli;

import dev.activations.api.Formula;
import dev.activations.files.InputException;
import java.util.List;

/** The activations that a command line names. */
final class Formulas {

  private Formulas() {}

  /**
   * Returns the formulas with these names, or all when none is named: the library's and those that
   * the class path brings.
   *
   * @throws InputException if a name is unknown; the message has the nearest
   */
  static List<Formula> named(List<String> names) {
    try {
      return names.isEmpty() ? Formula.known() : names.stream().map(Formula::named).toList();
    } catch (IllegalArgumentException e) {
      throw new InputException(e);
    }
  }
}
