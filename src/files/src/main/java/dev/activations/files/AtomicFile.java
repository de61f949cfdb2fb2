package dev.activations.files;

import java.io.IOException;
import java.nio.ByteBuffer;
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
public final class AtomicFile implements Output {
  private final Path target;
  private final TemporaryFile temporary;

  /**
   * Creates the temporary file. A link is followed, so that the file that it leads to is replaced.
   *
   * @throws InputException if the target's directory is missing or cannot be written to
   */
  public AtomicFile(Path file) throws IOException {
    if (Files.exists(file) && !Files.isRegularFile(file)) {
      throw InputException.in(
          file.toString(), "expected a regular file to write, got a directory or device");
    }
    target = Files.exists(file) ? file.toRealPath() : file.toAbsolutePath();
    if (!Files.isDirectory(target.getParent())) {
      throw InputException.in(
          file.toString(), "cannot be written: no directory %s", target.getParent());
    }
    // Without the target's name, which may be as long as names can be.
    Path beside = target.resolveSibling(".activations-%s.tmp".formatted(UUID.randomUUID()));
    try {
      temporary =
          new TemporaryFile(beside, StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE);
    } catch (IOException e) {
      throw InputException.opening(file.toString(), e);
    }
    keepPermissions();
  }

  /** What only some may read is not shown to others, now that it is another file. */
  private void keepPermissions() throws IOException {
    PosixFileAttributeView view =
        Files.getFileAttributeView(temporary.path(), PosixFileAttributeView.class);
    if (view != null && Files.exists(target)) {
      view.setPermissions(Files.getPosixFilePermissions(target));
    }
  }

  @Override
  public FileChannel channel() {
    return temporary.channel();
  }

  /** Writes all of these bytes. */
  public void write(byte[] bytes) throws IOException {
    for (ByteBuffer left = ByteBuffer.wrap(bytes); left.hasRemaining(); ) {
      channel().write(left);
    }
  }

  /** Puts the file in the target's place, once its bytes are on the disk. */
  @Override
  public void commit() throws IOException {
    temporary.channel().force(true);
    temporary.channel().close();
    Files.move(temporary.path(), target, StandardCopyOption.ATOMIC_MOVE);
  }

  /** Deletes what was not committed. */
  @Override
  public void close() throws IOException {
    temporary.close();
  }
}
