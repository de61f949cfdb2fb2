package dev.activations.files;

import java.io.IOException;
import java.io.PrintStream;
import java.nio.ByteBuffer;
import java.nio.channels.WritableByteChannel;

/**
 * A pipe, the standard output for instance. It cannot take back what it was given: whoever fails
 * after the first byte has to say so.
 */
public final class PipeOutput implements Output {
  private static final int CHUNK = 1 << 16;

  private final PrintStream to;
  private final WritableByteChannel channel = new Channel();
  private long written;

  /** Writes to a stream, which stays open. */
  public PipeOutput(PrintStream to) {
    this.to = to;
  }

  @Override
  public WritableByteChannel channel() {
    return channel;
  }

  /** Returns how many bytes are gone. */
  public long written() {
    return written;
  }

  @Override
  public void commit() throws IOException {
    check();
  }

  @Override
  public void close() {
    to.flush();
  }

  /** A stream that prints keeps its errors to itself until it is asked. */
  private void check() throws IOException {
    if (to.checkError()) {
      throw new IOException("whoever reads the output has closed it, or its disk is full");
    }
  }

  private final class Channel implements WritableByteChannel {
    private final byte[] chunk = new byte[CHUNK];

    @Override
    public int write(ByteBuffer bytes) throws IOException {
      int count = bytes.remaining();
      while (bytes.hasRemaining()) {
        int length = Math.min(CHUNK, bytes.remaining());
        bytes.get(chunk, 0, length);
        to.write(chunk, 0, length);
        written += length;
        check();
      }
      return count;
    }

    @Override
    public boolean isOpen() {
      return true;
    }

    @Override
    public void close() {
      // The stream belongs to somebody else.
    }
  }
}
