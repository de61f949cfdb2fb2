package dev.activations.files;

import java.io.IOException;
import java.nio.ByteBuffer;

/** Takes elements in row-major order. For one thread. */
public interface TensorWriter {

  /** Appends the elements from position to limit, which are in the native byte order. */
  void write(ByteBuffer elements) throws IOException;

  /** Writes what is still held back; to be called once, after the last element. */
  void finish() throws IOException;
}
