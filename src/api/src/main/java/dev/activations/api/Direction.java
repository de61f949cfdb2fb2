package dev.activations.api;

import java.util.Locale;

/** What a pass computes. */
public enum Direction {
  /** {@code y = f(x)}. */
  FORWARD,
  /** {@code y = f'(x)}, for pointwise kinds. */
  DERIVATIVE,
  /** {@code dx = dy · f'(x)}; over an axis, {@code dy} times the Jacobian. */
  BACKWARD,
  /** {@code dx = dy · f'(x)}, taken from {@code y = f(x)}; see {@link Op#fromOutput}. */
  BACKWARD_FROM_OUTPUT;

  /** Returns whether a gradient comes in and another one goes out. */
  public boolean isBackward() {
    return this == BACKWARD || this == BACKWARD_FROM_OUTPUT;
  }

  /** Returns the name used in tables, kernels and files: {@code forward} and so on. */
  public String stem() {
    return name().toLowerCase(Locale.ROOT);
  }
}
