package dev.activations.files;

import java.io.Closeable;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.OpenOption;
import java.nio.file.Path;

/** A file that is deleted when it is closed, or when the program ends before. */
final class TemporaryFile implements Closeable {
  private final Path path;
  private final Thread onExit = new Thread(this::discard, "activations-discard");
  private FileChannel channel;
  private boolean discarded;

  /** The hook comes first: an interrupt that falls between the two finds nothing to delete. */
  TemporaryFile(Path path, OpenOption... options) throws IOException {
    this.path = path;
    try {
      Runtime.getRuntime().addShutdownHook(onExit);
    } catch (IllegalStateException e) {
      throw new IOException("the program is ending", e);
    }
    try {
      open(options);
    } catch (IOException | RuntimeException e) {
      forget();
      throw e;
    }
  }

  private synchronized void open(OpenOption... options) throws IOException {
    if (discarded) {
      throw new IOException("the program is ending");
    }
    channel = FileChannel.open(path, options);
  }

  Path path() {
    return path;
  }

  FileChannel channel() {
    return channel;
  }

  /** Deletes the file, unless it has been moved away. */
  @Override
  public void close() throws IOException {
    channel.close();
    Files.deleteIfExists(path);
    forget();
  }

  private void forget() {
    try {
      Runtime.getRuntime().removeShutdownHook(onExit);
    } catch (IllegalStateException e) {
      // The program is ending, and the hook is at work.
    }
  }

  private synchronized void discard() {
    discarded = true;
    if (channel == null) {
      return;
    }
    try {
      Files.deleteIfExists(path);
    } catch (IOException e) {
      System.err.println("activations: cannot delete " + path + ": " + e.getMessage());
    }
  }
}
