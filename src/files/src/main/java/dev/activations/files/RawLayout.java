package dev.activations.files;

import java.nio.ByteOrder;
import java.util.Objects;

/**
 * What a file of nothing but elements does not say of itself.
 *
 * @param type the type of the elements
 * @param shape the sizes of the axes, in row-major order
 * @param order the byte order
 */
public record RawLayout(ElementType type, long[] shape, ByteOrder order) {
  /** All are needed. */
  public RawLayout {
    Objects.requireNonNull(type, "type");
    Objects.requireNonNull(order, "order");
    shape = shape.clone();
  }

  @Override
  public long[] shape() {
    return shape.clone();
  }
}
