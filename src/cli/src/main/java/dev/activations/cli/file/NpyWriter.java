package dev.activations.cli.file;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.FloatBuffer;
import java.nio.channels.FileChannel;

/** Writes a {@code .npy} file, version 1.0, of little-endian float32 elements. */
final class NpyWriter implements TensorWriter {
  private static final int STAGE = 1 << 18;

  private final FileChannel to;
  private final ByteBuffer bytes = ByteBuffer.allocateDirect(STAGE).order(ByteOrder.LITTLE_ENDIAN);

  NpyWriter(FileChannel to, long... shape) throws IOException {
    this.to = to;
    drain(ByteBuffer.wrap(NpyHeader.encode(shape)));
  }

  @Override
  public void write(FloatBuffer elements) throws IOException {
    FloatBuffer floats = bytes.clear().asFloatBuffer();
    int end = elements.limit();
    for (int at = elements.position(); at < end; at += floats.capacity()) {
      int length = Math.min(floats.capacity(), end - at);
      floats.clear().put(elements.slice(at, length));
      drain(bytes.clear().limit(length * Float.BYTES));
    }
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
