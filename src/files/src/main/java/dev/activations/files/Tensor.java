package dev.activations.files;

import dev.activations.api.Dtype;
import java.nio.ByteOrder;

/**
 * What is to be written.
 *
 * @param name the name, for formats that give one
 * @param dtype the type of the elements
 * @param shape the sizes of the axes
 * @param order the byte order, for a raw file; the other formats say theirs themselves
 */
public record Tensor(String name, Dtype dtype, long[] shape, ByteOrder order) {
  /** The sizes are copied. */
  public Tensor {
    shape = shape.clone();
  }

  /** A tensor without a name of its own, in little-endian order. */
  public Tensor(Dtype dtype, long... shape) {
    this("tensor", dtype, shape, ByteOrder.LITTLE_ENDIAN);
  }

  @Override
  public long[] shape() {
    return shape.clone();
  }

  /** Returns the number of bytes of all elements. */
  long bytes() {
    return new Layout(shape, ElementType.of(dtype), order, false).bytes();
  }
}
