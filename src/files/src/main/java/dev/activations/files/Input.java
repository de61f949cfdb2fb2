package dev.activations.files;

import java.io.ByteArrayOutputStream;
import java.io.Closeable;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.Channels;
import java.nio.channels.FileChannel;
import java.nio.channels.ReadableByteChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.OptionalLong;

/**
 * Bytes to read, from the first to the last: those of a file, or what comes through a pipe. For one
 * thread.
 */
public final class Input implements Closeable {
  private static final int CHUNK = 1 << 16;

  private final String name;
  private ReadableByteChannel from;
  private OptionalLong size;
  private Path file;
  private TemporaryFile copy;
  private long position;

  private Input(String name, ReadableByteChannel from, OptionalLong size, Path file) {
    this.name = name;
    this.from = from;
    this.size = size;
    this.file = file;
  }

  /**
   * Opens a file.
   *
   * @throws InputException if it is none, or cannot be opened
   */
  public static Input of(Path file) throws IOException {
    if (Files.exists(file) && !Files.isRegularFile(file)) {
      throw InputException.in(
          file.toString(), "expected a regular file, got a directory or a device");
    }
    FileChannel channel;
    try {
      channel = FileChannel.open(file, StandardOpenOption.READ);
    } catch (IOException e) {
      throw InputException.opening(file.toString(), e);
    }
    return new Input(file.toString(), channel, OptionalLong.of(channel.size()), file);
  }

  /**
   * Takes what a pipe brings. Formats that need to go back and forth copy it to a temporary file
   * first.
   *
   * @param name what messages call it
   */
  public static Input of(InputStream pipe, String name) {
    return new Input(name, Channels.newChannel(pipe), OptionalLong.empty(), null);
  }

  /** Takes a stream that is said to have so many bytes. */
  static Input of(InputStream stream, String name, long size) {
    return new Input(name, Channels.newChannel(stream), OptionalLong.of(size), null);
  }

  /** Returns what messages call it. */
  String name() {
    return name;
  }

  /** Returns what to throw when the bytes are not as they must be. */
  InputException wrong(String format, Object... values) {
    return InputException.in(name, format, values);
  }

  /** Returns the number of bytes so far. */
  long position() {
    return position;
  }

  /** Returns the number of bytes to come, where that is known. */
  OptionalLong remaining() {
    return size.isPresent() ? OptionalLong.of(size.getAsLong() - position) : size;
  }

  /** Fills a buffer to its limit, and returns whether there were as many bytes. */
  boolean fill(ByteBuffer target) throws IOException {
    while (target.hasRemaining()) {
      int count = from.read(target);
      if (count < 0) {
        return false;
      }
      position += count;
    }
    return true;
  }

  /**
   * Returns the next bytes, in little-endian order. Memory is taken as they come, whatever their
   * number is claimed to be.
   *
   * @throws InputException if the input ends before, inside of what it is told
   */
  ByteBuffer bytes(int count, String inside) throws IOException {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream(Math.min(count, CHUNK));
    while (bytes.size() < count) {
      ByteBuffer chunk = ByteBuffer.allocate(Math.min(count - bytes.size(), CHUNK));
      if (!fill(chunk)) {
        throw wrong("truncated: the file ends inside %s, after %d bytes", inside, position);
      }
      bytes.writeBytes(chunk.array());
    }
    return ByteBuffer.wrap(bytes.toByteArray()).order(ByteOrder.LITTLE_ENDIAN);
  }

  /** Passes over bytes, and returns whether there were as many. */
  boolean skip(long count) throws IOException {
    if (from instanceof FileChannel channel) {
      position += count;
      channel.position(position);
      return position <= channel.size();
    }
    ByteBuffer chunk = ByteBuffer.allocate((int) Math.min(count, CHUNK));
    for (long left = count; left > 0; left -= chunk.limit()) {
      if (!fill(chunk.clear().limit((int) Math.min(left, CHUNK)))) {
        return false;
      }
    }
    return true;
  }

  /** Returns a file that holds the bytes to come, from {@link #position()} on. */
  Path file() throws IOException {
    if (file == null) {
      Path path = Files.createTempFile("activations-", ".tmp");
      copy = new TemporaryFile(path, StandardOpenOption.READ, StandardOpenOption.WRITE);
      ByteBuffer chunk = ByteBuffer.allocate(CHUNK);
      while (from.read(chunk) >= 0) {
        chunk.flip();
        while (chunk.hasRemaining()) {
          copy.channel().write(chunk);
        }
        chunk.clear();
      }
      from.close();
      from = copy.channel().position(0);
      size = OptionalLong.of(copy.channel().size());
      position = 0;
      file = path;
    }
    return file;
  }

  @Override
  public void close() throws IOException {
    from.close();
    if (copy != null) {
      copy.close();
    }
  }
}
