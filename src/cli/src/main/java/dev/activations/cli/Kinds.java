package dev.activations.cli;

import dev.activations.api.Formula;
import dev.activations.api.Kind;
import dev.activations.cli.file.InputException;
import java.util.Arrays;
import java.util.List;

/** The activations that a command line names. */
final class Kinds {

  private Kinds() {}

  /**
   * Returns the formulas with these names, or all when none is named: the library's and those that
   * the class path brings.
   *
   * @throws InputException if a name is unknown; the message has the nearest
   */
  static List<Formula> formulas(List<String> names) {
    try {
      return names.isEmpty() ? Formula.known() : names.stream().map(Formula::named).toList();
    } catch (IllegalArgumentException e) {
      throw new InputException(e);
    }
  }

  /**
   * Returns the kinds with these names, or all when none is named.
   *
   * @throws InputException if a name is unknown; the message has the nearest
   */
  static List<Kind> named(List<String> names) {
    try {
      return names.isEmpty()
          ? Arrays.asList(Kind.values())
          : names.stream().map(Kind::named).toList();
    } catch (IllegalArgumentException e) {
      throw new InputException(e);
    }
  }
}
