package dev.activations.spi;

import dev.activations.api.CustomFormula;
import java.util.List;

/**
 * Brings custom formulas along in a jar. Found through {@link java.util.ServiceLoader} when a
 * formula is first looked up by its name; needs a public constructor without arguments.
 */
public interface FormulaProvider {
  /** Returns the formulas to register. */
  List<CustomFormula> formulas();
}
