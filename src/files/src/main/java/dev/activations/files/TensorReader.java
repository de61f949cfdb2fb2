package dev.activations.files;

import dev.activations.api.Dtype;
import java.io.Closeable;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.Optional;

/** A file's elements in row-major order, from the first to the last. For one thread. */
public interface TensorReader extends Closeable {

  /** Returns the name of the tensor, if the format gives it one. */
  Optional<String> name();

  /** Returns the sizes of the axes; their product is known not to overflow. */
  long[] shape();

  /** Returns the type of the elements. */
  Dtype dtype();

  /**
   * Fills the buffer from position to limit with the next elements, in the native byte order, and
   * moves neither.
   *
   * @throws InputException if the file holds no such elements, or something else
   * @throws IOException if reading fails
   */
  void read(ByteBuffer target) throws IOException;

  /** Returns the number of elements. */
  default long count() {
    long count = 1;
    for (long size : shape()) {
      count *= size;
    }
    return count;
  }
}
