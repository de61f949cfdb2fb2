package dev.activations.api;

/** The type of an element as it is stored. */
public enum Dtype {
  /** IEEE 754 binary32, a Java {@code float}. */
  F32("float32", Float.BYTES),

  /** IEEE 754 binary64, a Java {@code double}. */
  F64("float64", Double.BYTES),

  /**
   * IEEE 754 binary16: 11 bits of precision, numbers up to 65504. Java holds its bits in a {@code
   * short}.
   */
  F16("float16", Short.BYTES),

  /**
   * The upper half of a binary32: 8 bits of precision, the range of a {@code float}. Java holds its
   * bits in a {@code short}.
   */
  BF16("bfloat16", Short.BYTES);

  private final String label;
  private final int bytes;

  Dtype(String label, int bytes) {
    this.label = label;
    this.bytes = bytes;
  }

  /** Returns the name that the tables use, and NumPy where it has the type: {@code float32}. */
  public String label() {
    return label;
  }

  /** Returns the size of one element in bytes. */
  public int bytes() {
    return bytes;
  }

  /** Returns whether elements have 16 bits: those are storage only, arithmetic is in float32. */
  public boolean isStorage() {
    return bytes == Short.BYTES;
  }
}
