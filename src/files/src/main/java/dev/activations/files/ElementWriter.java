package dev.activations.files;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.WritableByteChannel;

/** Writes a header, and then elements as they lie in memory, but for the byte order. */
final class ElementWriter implements TensorWriter {
  private static final int CHUNK = 1 << 16;

  private final WritableByteChannel to;
  private final int bytes;
  private final ByteOrder order;

  ElementWriter(WritableByteChannel to, byte[] header, Tensor tensor, ByteOrder order)
      throws IOException {
    this.to = to;
    this.bytes = tensor.dtype().bytes();
    this.order = order;
    drain(ByteBuffer.wrap(header));
  }

  @Override
  public void write(ByteBuffer elements) throws IOException {
    ByteBuffer rest = elements.duplicate();
    if (order == ByteOrder.nativeOrder()) {
      drain(rest);
      return;
    }
    while (rest.hasRemaining()) {
      int length = Math.min(CHUNK, rest.remaining());
      ByteBuffer chunk = ByteBuffer.allocate(length).put(rest.slice().limit(length)).flip();
      ByteOrders.reverse(chunk, bytes);
      drain(chunk);
      rest.position(rest.position() + length);
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
