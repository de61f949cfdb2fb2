package dev.activations.verify;

import java.util.List;

/**
 * One thing that was looked at.
 *
 * @param name what was looked at, for example {@code gelu forward: values}
 * @param passed whether it was as it should be
 * @param detail how much was compared, or the first of what was wrong
 */
public record Check(String name, boolean passed, String detail) {

  /** Returns those that did not pass. */
  public static List<Check> failures(List<Check> checks) {
    return checks.stream().filter(check -> !check.passed()).toList();
  }

  @Override
  public String toString() {
    return "%s %s: %s".formatted(passed ? "ok  " : "FAIL", name, detail);
  }
}
