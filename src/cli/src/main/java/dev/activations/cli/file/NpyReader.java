package dev.activations.cli.file;

import dev.activations.api.Dtype;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;

/** Reads the elements of a {@code .npy} file of either byte order. */
final class NpyReader implements TensorReader {
  private final Path file;
  private final FileChannel from;
  private final NpyHeader header;

  /** Opens a file and checks that it is as long as its header says. */
  NpyReader(Path file) throws IOException {
    this.file = file;
    try {
      from = FileChannel.open(file, StandardOpenOption.READ);
    } catch (IOException e) {
      throw InputException.opening(file, e);
    }
    try {
      header = NpyHeader.read(from, file);
      checkLength();
    } catch (IOException | RuntimeException e) {
      from.close();
      throw e;
    }
  }

  @Override
  public long[] shape() {
    return header.shape().clone();
  }

  @Override
  public Dtype dtype() {
    return header.dtype();
  }

  @Override
  public void read(ByteBuffer target) throws IOException {
    ByteBuffer rest = target.duplicate();
    while (rest.hasRemaining()) {
      if (from.read(rest) < 0) {
        throw truncated();
      }
    }
    if (header.order() != ByteOrder.nativeOrder()) {
      ByteOrders.reverse(target, header.dtype());
    }
  }

  @Override
  public void close() throws IOException {
    from.close();
  }

  private void checkLength() throws IOException {
    long there = from.size() - from.position();
    long wanted = count() * header.dtype().bytes();
    if (there < wanted) {
      throw truncated();
    }
    if (there > wanted) {
      throw InputException.in(
          file,
          "trailing bytes: expected %d bytes of elements, as the header says, got %d",
          wanted,
          there);
    }
  }

  private InputException truncated() throws IOException {
    return InputException.in(
        file,
        "truncated: expected %d elements of %d bytes, as the header says, but the file has %d bytes",
        count(),
        header.dtype().bytes(),
        from.size());
  }
}
