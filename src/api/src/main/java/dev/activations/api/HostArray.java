package dev.activations.api;

import java.nio.Buffer;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.FileChannel;

/**
 * An array of any type and size in the host's memory, whoever owns it: its elements lie side by
 * side, in row-major order. A session works on them where they are.
 *
 * <p>The modules for arrays of other libraries are made of it. Implement it for a library that has
 * none.
 */
public interface HostArray {

  /** Returns the type of the elements. */
  Dtype dtype();

  /** Returns the sizes of the axes; of none for a single element. */
  long[] shape();

  /**
   * Returns a view of some of the elements: a {@link java.nio.FloatBuffer} for float32, a {@link
   * java.nio.DoubleBuffer} for float64, else a {@link java.nio.ShortBuffer} of bits.
   *
   * @param from the first of them
   * @param count how many, at least one and at most {@link #most}
   */
  Buffer elements(long from, int count);

  /** Returns how many elements a view can hold; larger arrays are computed in several. */
  default int most() {
    // The JDK makes no view of memory that is longer than this.
    return (Integer.MAX_VALUE - 8) / dtype().bytes();
  }

  /** Returns the number of elements: the product of the sizes. */
  default long count() {
    long count = 1;
    for (long size : shape()) {
      count = Math.multiplyExact(count, size);
    }
    return count;
  }

  /**
   * Maps elements of a file, side by side in the native order, so that a pass of any size reads and
   * writes them there: memory holds as much of them as it has room for.
   *
   * @param file stays open as long as the array is used; a pass throws {@link
   *     java.io.UncheckedIOException} if it cannot be mapped
   * @param mode read-only for what is only read; files that are written grow as they need to
   * @param position where the elements begin, in bytes
   * @param shape the sizes of the axes
   */
  static HostArray mapped(
      FileChannel file, FileChannel.MapMode mode, long position, Dtype dtype, long... shape) {
    return new MappedArray(file, mode, position, dtype, shape.clone());
  }

  /**
   * Views bytes as elements, which lie in the native order.
   *
   * @param bytes from position to limit, heap or direct
   */
  static Buffer view(Dtype dtype, ByteBuffer bytes) {
    ByteBuffer ordered = bytes.slice().order(ByteOrder.nativeOrder());
    return switch (dtype) {
      case F32 -> ordered.asFloatBuffer();
      case F64 -> ordered.asDoubleBuffer();
      case F16, BF16 -> ordered.asShortBuffer();
    };
  }
}
