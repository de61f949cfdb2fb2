package dev.activations.cli;

import dev.activations.api.Activation;
import dev.activations.api.Formula;
import dev.activations.files.InputException;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** The activations that a command line names. */
public final class Formulas {

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

  /**
   * Returns the activations with these names, with their parameters, by the names.
   *
   * @throws InputException if {@link Activation#parse} refuses one
   */
  public static Map<String, Activation> activations(List<String> names) {
    Map<String, Activation> activations = new LinkedHashMap<>();
    try {
      names.forEach(name -> activations.put(name.strip(), Activation.parse(name)));
    } catch (IllegalArgumentException e) {
      throw new InputException(e);
    }
    return activations;
  }
}
