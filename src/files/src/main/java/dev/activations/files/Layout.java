package dev.activations.files;

import java.math.BigInteger;
import java.nio.ByteOrder;
import java.util.List;

/**
 * How elements lie in a file, one after the other.
 *
 * @param shape the sizes of the axes; the bytes of all elements are known to fit a {@code long}
 * @param type their type
 * @param order their byte order
 * @param columnMajor whether neighbours along the first axis are neighbours in the file (Fortran's
 *     order), and not those along the last (C's)
 */
record Layout(long[] shape, ElementType type, ByteOrder order, boolean columnMajor) {
  /** As many as NumPy's arrays have. */
  private static final int MOST_AXES = 64;

  /**
   * Returns a shape that a file claims.
   *
   * @param sizes whole numbers of any size
   * @throws InputException if there is no such array
   */
  static long[] shape(Input in, List<BigInteger> sizes, ElementType type) {
    if (sizes.size() > MOST_AXES) {
      throw in.wrong("expected at most %d axes, got %d", MOST_AXES, sizes.size());
    }
    long[] shape = new long[sizes.size()];
    BigInteger bytes = BigInteger.valueOf(type.bytes());
    for (int i = 0; i < shape.length; i++) {
      BigInteger size = sizes.get(i);
      if (size.signum() < 0) {
        throw in.wrong("expected sizes of 0 or more, got shape %s", InputException.shown(sizes));
      }
      // A size of 0 counts as 1, so that products of some of the sizes cannot overflow either.
      bytes = bytes.multiply(size.max(BigInteger.ONE));
      if (bytes.bitLength() > 63) {
        throw in.wrong("expected less than 2^63 bytes, got shape %s", InputException.shown(sizes));
      }
      shape[i] = size.longValue();
    }
    return shape;
  }

  /** Returns the number of elements. */
  long count() {
    long count = 1;
    for (long size : shape) {
      count *= size;
    }
    return count;
  }

  /** Returns the number of bytes of all elements. */
  long bytes() {
    return count() * type.bytes();
  }
}
