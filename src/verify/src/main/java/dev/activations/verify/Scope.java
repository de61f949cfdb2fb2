package dev.activations.verify;

import dev.activations.api.Dtype;
import dev.activations.api.Formula;
import dev.activations.api.Kind;
import java.util.List;

/**
 * How much {@link Conformance} looks at.
 *
 * @param formulas the formulas, each in all of its directions
 * @param dtypes the types of elements; those that a device or a formula does not support are left
 *     out
 * @param inputs how many random inputs to compare for each function of float32, besides the fixed
 *     ones; none leaves out the measurement of errors as well
 * @param exhaustive whether to take the functions of kinds through all 2^32 inputs
 */
public record Scope(List<Formula> formulas, List<Dtype> dtypes, long inputs, boolean exhaustive) {

  /** Checks the number of inputs. */
  public Scope {
    formulas = List.copyOf(formulas);
    dtypes = List.copyOf(dtypes);
    if (inputs < 0) {
      throw new IllegalArgumentException("expected a number of inputs from 0, got " + inputs);
    }
  }

  /** All kinds and types, with the fixed inputs only: some seconds on a CPU. */
  public static Scope quick() {
    return quick(List.of(Kind.values()));
  }

  /** Some formulas, in all types, with the fixed inputs only. */
  public static Scope quick(List<? extends Formula> formulas) {
    return new Scope(List.copyOf(formulas), List.of(Dtype.values()), 0, false);
  }
}
