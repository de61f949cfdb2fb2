package dev.activations.api;

import java.util.Locale;

/** One of the two halves of a packed array along its axis. */
public enum Half {
  /** The half that comes first along the axis. */
  FIRST,
  /** The half that comes last. */
  SECOND;

  /** Returns the name used in tables and files: {@code first} or {@code second}. */
  public String stem() {
    return name().toLowerCase(Locale.ROOT);
  }
}
