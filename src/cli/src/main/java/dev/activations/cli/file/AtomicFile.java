package dev.activations.cli.file;

import java.io.Closeable;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFileAttributeView;
import java.util.UUID;

/**
 * A file that appears under its name whole or not at all. It is written beside its target under
 * another name, and moved there by {@link #commit}; whatever ends the program before, an interrupt
 * included, deletes it and leaves the target as it was. A file that it replaces hands down its
 * permissions.
 */
public final class AtomicFile implements Closeable {
  private final Path target;
  private final Path temporary;
  private final FileChannel channel;
  private final Thread onExit;

  /**
   * Creates the temporary file. A link is followed, so that the file that it leads to is replaced.
   *
   * @throws InputException if the target's directory is missing or cannot be written to
   */
  public AtomicFile(Path file) throws IOException {
    if (Files.exists(file) && !Files.isRegularFile(file)) {
      throw InputException.in(file, "expected a regular file to write, got a directory or device");
    }
    target = Files.exists(file) ? file.toRealPath() : file.toAbsolutePath();
    if (!Files.isDirectory(target.getParent())) {
      throw InputException.in(file, "cannot be written: no directory %s", target.getParent());
    }
    // Without the target's name, which may be as long as names can be.
    temporary = target.resolveSibling(".activations-%s.tmp".formatted(UUID.randomUUID()));
    onExit = new Thread(this::delete, "activations-discard");
    try {
      channel =
          FileChannel.open(temporary, StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE);
    } catch (IOException e) {
      throw InputException.opening(file, e);
    }
    Runtime.getRuntime().addShutdownHook(onExit);
    keepPermissions();
  }

  /** What only some may read is not shown to others, now that it is another file. */
  private void keepPermissions() throws IOException {
    PosixFileAttributeView view =
        Files.getFileAttributeView(temporary, PosixFileAttributeView.class);
    if (view != null && Files.exists(target)) {
      view.setPermissions(Files.getPosixFilePermissions(target));
    }
  }

  /** Returns where to write. */
  public FileChannel channel() {
    return channel;
  }

  /** Puts the file in the target's place, once its bytes are on the disk. */
  public void commit() throws IOException {
    channel.force(true);
    channel.close();
    Files.move(temporary, target, StandardCopyOption.ATOMIC_MOVE);
  }

  /** Deletes what was not committed. */
  @Override
  public void close() throws IOException {
    channel.close();
    Files.deleteIfExists(temporary);
    try {
      Runtime.getRuntime().removeShutdownHook(onExit);
    } catch (IllegalStateException e) {
      // The program is ending, and the hook is at work on the same.
    }
  }

  private void delete() {
    try {
      Files.deleteIfExists(temporary);
    } catch (IOException e) {
      System.err.println("activations: cannot delete " + temporary + ": " + e.getMessage());
    }
  }
}
