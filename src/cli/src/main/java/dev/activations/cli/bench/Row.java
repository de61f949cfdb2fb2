package dev.activations.cli.bench;

/**
 * One measurement.
 *
 * @param key what was measured
 * @param bytes what a pass must read and write
 * @param times what a pass took
 * @param copy how many bytes a second a copy reads and writes, of as many elements in the same
 *     place
 */
record Row(Key key, long bytes, Times times, double copy) {
  /** The name of the copy that the others are held against, in place of an activation. */
  static final String COPY = "copy";

  /**
   * What was measured, in words, so that measurements of two machines can be laid side by side.
   *
   * @param device its id
   * @param data the place where it lives
   */
  record Key(
      String device,
      String activation,
      String direction,
      String dtype,
      String data,
      long elements) {

    /** Returns the same on another device. */
    Key on(String other) {
      return new Key(other, activation, direction, dtype, data, elements);
    }

    @Override
    public String toString() {
      return "%s %s of %,d elements of %s, data on the %s, on %s"
          .formatted(activation, direction, elements, dtype, data, device);
    }
  }

  /** Returns the bytes read and written a second. */
  double rate() {
    return bytes / times.median();
  }

  /** Returns the share of the copy's speed. */
  double share() {
    return rate() / copy;
  }

  /** Returns nanoseconds an element. */
  double nanos() {
    return 1e9 * times.median() / key.elements();
  }
}
