package dev.activations.spi;

import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Locale;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * Loads the native parts of bindings such as JCuda and JOCL, which unpack them to a fixed name in
 * the temporary directory and take what is there already: what a broken program or another user
 * left. So they are shown a new directory, private to this user and gone afterwards. {@code
 * -Djava.library.path} goes before, as both document. Safe for use by several threads.
 */
public final class Natives {
  private static final String TEMPORARY = "java.io.tmpdir";

  private Natives() {}

  /**
   * Initialises a class of a binding, which loads a library.
   *
   * @param initialise touches the class
   * @throws IOException if there is no place for the library
   * @throws LinkageError if the library cannot be loaded
   */
  public static void unpack(Runnable initialise) throws IOException {
    Path directory = Files.createTempDirectory("activations-");
    // Both classes that make temporary files look up where when first used. This is the other one;
    // were it first used below, it would remember a directory that does not last.
    Files.delete(File.createTempFile("activations-", ".tmp").toPath());
    synchronized (Natives.class) {
      String before = System.setProperty(TEMPORARY, directory.toString());
      try {
        initialise.run();
      } finally {
        System.setProperty(TEMPORARY, before);
        discard(directory);
      }
    }
  }

  /** Deletes a flat directory; a loaded library lives on, though not on Windows. */
  private static void discard(Path directory) {
    try (Stream<Path> files = Files.list(directory)) {
      for (Path file : files.toList()) {
        Files.delete(file);
      }
      Files.delete(directory);
    } catch (IOException e) {
      directory.toFile().deleteOnExit();
    }
  }

  /**
   * Tells whether a library could not be loaded because its directory is mounted without the right
   * to execute.
   *
   * @param message what the failure said
   * @return one sentence that says so, or nothing if it failed for another reason
   */
  public static Optional<String> noExecution(String message) {
    String lower = message.toLowerCase(Locale.ROOT);
    // What glibc and musl say of a library on a file system mounted noexec.
    return lower.contains("failed to map segment from shared object")
            || lower.contains("operation not permitted")
        ? Optional.of(
            "The directory %s does not allow its files to be executed (it is mounted noexec), so"
                    .formatted(System.getProperty(TEMPORARY))
                + " native libraries cannot be loaded from it.")
        : Optional.empty();
  }

  /** Returns what to do about a directory that is no place for native libraries. */
  public static String remedy() {
    return "Name another directory, writable and not mounted noexec: -Djava.io.tmpdir=<directory>"
        + " for java, JAVA_TOOL_OPTIONS=-Djava.io.tmpdir=<directory> for the activations command.";
  }
}
