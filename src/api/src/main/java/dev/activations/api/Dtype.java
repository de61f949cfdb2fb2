package dev.activations.api;

/** The type of an element as it is stored. */
public enum Dtype {
  /** IEEE 754 binary32, a Java {@code float}. */
  F32("float32", Float.BYTES);

  private final String label;
  private final int bytes;

  Dtype(String label, int bytes) {
    this.label = label;
    this.bytes = bytes;
  }

  /** Returns the name that NumPy and the tables use: {@code float32}. */
  public String label() {
    return label;
  }

  /** Returns the size of one element in bytes. */
  public int bytes() {
    return bytes;
  }
}
