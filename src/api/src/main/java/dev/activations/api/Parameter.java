package dev.activations.api;

/**
 * One parameter of an activation: its name, its default and the values it accepts.
 *
 * @param name the name in the field's usual spelling, for example {@code slope}
 * @param defaultValue the value taken when none is given; always inside the domain
 * @param min the smallest value accepted
 * @param max the largest value accepted
 * @param whole whether only whole numbers are accepted
 * @param meaning what it does, in a few words
 */
public record Parameter(
    String name, double defaultValue, double min, double max, boolean whole, String meaning) {

  /** A parameter that accepts all numbers of a range. */
  public Parameter(String name, double defaultValue, double min, double max, String meaning) {
    this(name, defaultValue, min, max, false, meaning);
  }

  /** A parameter that accepts every finite float32 value. */
  public static Parameter finite(String name, double defaultValue, String meaning) {
    return new Parameter(name, defaultValue, -Float.MAX_VALUE, Float.MAX_VALUE, meaning);
  }

  /** A parameter that accepts every positive finite float32 value. */
  public static Parameter positive(String name, double defaultValue, String meaning) {
    return new Parameter(name, defaultValue, Float.MIN_VALUE, Float.MAX_VALUE, meaning);
  }

  /** A parameter that accepts zero and every positive finite float32 value. */
  public static Parameter notNegative(String name, double defaultValue, String meaning) {
    return new Parameter(name, defaultValue, 0, Float.MAX_VALUE, meaning);
  }

  /** A slope, far from overflow, so that a rounding error of it can be carried exactly. */
  static Parameter slope(String name, double defaultValue, String meaning) {
    return new Parameter(name, defaultValue, -0x1p20, 0x1p20, meaning);
  }

  /**
   * A positive factor of the argument. The domain keeps it and its reciprocal far from overflow, so
   * that their rounding errors can be carried exactly.
   */
  public static Parameter scale(String name, double defaultValue, String meaning) {
    return new Parameter(name, defaultValue, 0x1p-32, 0x1p32, meaning);
  }

  /** A number of things: whole, from {@code min} on. */
  public static Parameter count(String name, int defaultValue, int min, String meaning) {
    return new Parameter(name, defaultValue, min, 1 << 20, true, meaning);
  }

  /**
   * Returns {@code value} if the domain holds it.
   *
   * @param formula the activation that asks, for the message
   * @param value the value given
   * @return {@code value}
   * @throws IllegalArgumentException if the value is NaN or outside the domain
   */
  double check(Formula formula, double value) {
    if (!(value >= min && value <= max) || whole && value != Math.rint(value)) {
      throw new IllegalArgumentException(
          String.format(
              "%s: parameter %s must be %sin [%s, %s], got %s",
              formula.stem(), name, whole ? "a whole number " : "", min, max, value));
    }
    return value;
  }
}
