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
  private final FileChannel channel;
  private final Thread onExit = new Thread(this::delete, "activations-discard");

  TemporaryFile(Path path, OpenOption... options) throws IOException {
    this.path = path;
    channel = FileChannel.open(path, options);
    Runtime.getRuntime().addShutdownHook(onExit);
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
    try {
      Runtime.getRuntime().removeShutdownHook(onExit);
    } catch (IllegalStateException e) {
      // The program is ending, and the hook is at work on the same.
    }
  }

  private void delete() {
    try {
      Files.deleteIfExists(path);
    } catch (IOException e) {
      System.err.println("activations: cannot delete " + path + ": " + e.getMessage());
    }
  }
}
