package dev.activations.api;

import java.util.Arrays;

/**
 * How a row-major array is cut into rows for a function over an axis: element {@code (o, a, i)}
 * lies at {@code (o · axis + a) · inner + i}. Every axis of every shape is one such triple.
 *
 * @param outer the product of the sizes before the axis, in elements
 * @param axis the size of the axis
 * @param inner the product of the sizes after the axis; 1 when the rows are contiguous
 */
public record Geometry(long outer, long axis, long inner) {

  /**
   * Checks the sizes.
   *
   * @throws IllegalArgumentException if one is negative, or the product exceeds a {@code long}
   */
  public Geometry {
    if (outer < 0 || axis < 0 || inner < 0) {
      throw new IllegalArgumentException(
          "geometry sizes must not be negative, got (%d, %d, %d)".formatted(outer, axis, inner));
    }
    count(outer, axis, inner);
  }

  /** {@code rows} contiguous rows of {@code columns} elements each: softmax over the last axis. */
  public static Geometry rows(long rows, long columns) {
    return new Geometry(rows, columns, 1);
  }

  /**
   * The geometry of one axis of a row-major shape.
   *
   * @param axis the axis, counted from 0, or from the end with −1 for the last
   * @param shape the sizes of all axes
   * @throws IllegalArgumentException if the shape has no such axis, or its product overflows
   */
  public static Geometry of(int axis, long... shape) {
    int at = axis < 0 ? axis + shape.length : axis;
    if (at < 0 || at >= shape.length) {
      throw new IllegalArgumentException(
          "axis must be in [%d, %d) for shape %s, got %d"
              .formatted(-shape.length, shape.length, Arrays.toString(shape), axis));
    }
    long outer = count(Arrays.copyOfRange(shape, 0, at));
    long inner = count(Arrays.copyOfRange(shape, at + 1, shape.length));
    return new Geometry(outer, shape[at], inner);
  }

  /** Returns the number of elements: outer · axis · inner. */
  public long count() {
    return outer * axis * inner;
  }

  /** Returns the number of rows: outer · inner. */
  public long rows() {
    return outer * inner;
  }

  private static long count(long... sizes) {
    try {
      long product = 1;
      for (long size : sizes) {
        product = Math.multiplyExact(product, size);
      }
      return product;
    } catch (ArithmeticException e) {
      throw new IllegalArgumentException(
          "the product of the sizes %s exceeds 2^63 - 1 elements".formatted(Arrays.toString(sizes)),
          e);
    }
  }
}
