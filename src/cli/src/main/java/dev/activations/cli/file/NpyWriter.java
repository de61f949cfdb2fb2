package dev.activations.cli.file;

import dev.activations.api.Dtype;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.FileChannel;

/** Writes a {@code .npy} file, version 1.0, of elements in the native byte order. */
final class NpyWriter implements TensorWriter {
  private final FileChannel to;

  NpyWriter(FileChannel to, Dtype dtype, long... shape) throws IOException {
    this.to = to;
    drain(ByteBuffer.wrap(NpyHeader.encode(dtype, ByteOrder.nativeOrder(), shape)));
  }

  @Override
  public void write(ByteBuffer elements) throws IOException {
    drain(elements.duplicate());
  }

  @Override
  public void finish() {
    // Every write has already gone to the channel.
  }

  private void drain(ByteBuffer buffer) throws IOException {
    while (buffer.hasRemaining()) {
      to.write(buffer);
    }
  }
}
