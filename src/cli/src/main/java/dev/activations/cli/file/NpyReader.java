package dev.activations.cli.file;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.FloatBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;

/** Reads the float32 elements of a {@code .npy} file of either byte order. */
final class NpyReader implements TensorReader {
  private static final int STAGE = 1 << 18;

  private final Path file;
  private final FileChannel from;
  private final NpyHeader header;
  private final ByteBuffer bytes;

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
    bytes = ByteBuffer.allocateDirect(STAGE).order(header.order());
  }

  @Override
  public long[] shape() {
    return header.shape().clone();
  }

  @Override
  public void read(FloatBuffer target) throws IOException {
    FloatBuffer rest = target.duplicate();
    while (rest.hasRemaining()) {
      bytes.clear().limit((int) Math.min(STAGE, (long) rest.remaining() * Float.BYTES));
      while (bytes.hasRemaining()) {
        if (from.read(bytes) < 0) {
          throw truncated();
        }
      }
      rest.put(bytes.flip().asFloatBuffer());
    }
  }

  @Override
  public void close() throws IOException {
    from.close();
  }

  private void checkLength() throws IOException {
    long there = from.size() - from.position();
    long wanted = count() * Float.BYTES;
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
        "truncated: expected %d elements of 4 bytes, as the header says, but the file has %d bytes",
        count(),
        from.size());
  }
}
