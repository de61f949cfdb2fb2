package dev.activations.cpu.vector;

/** What a node of the graph does. Arithmetic is of the type of its inputs, float or int. */
enum Operation {
  /** A number known now; {@link Node#payload} holds its bits. */
  CONSTANT,
  /** The element of stream number {@code payload}. */
  STREAM,
  /** The uniform number {@code payload}, the same for all elements. */
  UNIFORM,
  /** What the last round left in accumulator number {@code payload}. */
  CARRIED,

  ADD,
  SUBTRACT,
  MULTIPLY,
  NEGATE,
  ABSOLUTE,
  /** The first times the second plus the third, rounded once. */
  FMA,

  SHIFT_LEFT,
  SHIFT_RIGHT,
  SHIFT_RIGHT_UNSIGNED,
  AND,
  OR,
  XOR,

  /** The raw bits of a float as an int. */
  TO_BITS,
  FROM_BITS,
  /** Java's casts. */
  TO_INT,
  TO_FLOAT,

  /** Comparisons give a condition; those of floats are false for NaN, as in Java. */
  LESS,
  LESS_OR_EQUAL,
  GREATER,
  GREATER_OR_EQUAL,
  EQUAL,
  NOT_EQUAL,

  /** The second where the first, a condition, holds; else the third. */
  SELECT
}
