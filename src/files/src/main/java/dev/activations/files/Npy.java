package dev.activations.files;

import java.io.IOException;
import java.nio.ByteOrder;
import java.nio.channels.WritableByteChannel;
import java.util.Optional;

/** NumPy's array file: a {@link NpyHeader}, then the elements. */
final class Npy {
  private Npy() {}

  /** Reads all versions, both orders of the axes and of the bytes. */
  static TensorReader reader(Input in, ReadOptions options) throws IOException {
    return new ElementReader(in, NpyHeader.read(in), Optional.empty(), options.as(), 0);
  }

  /** Writes version 1.0, row-major, in the native byte order. */
  static TensorWriter writer(WritableByteChannel to, String file, Tensor tensor)
      throws IOException {
    ByteOrder order = ByteOrder.nativeOrder();
    byte[] header = NpyHeader.encode(file, tensor.dtype(), order, tensor.shape());
    return new ElementWriter(to, header, tensor, order);
  }
}
