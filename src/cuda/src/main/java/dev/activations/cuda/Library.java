package dev.activations.cuda;

import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import java.util.stream.Stream;
import jcuda.driver.JCudaDriver;

/** The library that JCuda brings to reach the driver's, libcuda. */
final class Library {
  private static final String TEMPORARY = "java.io.tmpdir";

  private Library() {}

  /**
   * Loads the libraries, once for the whole program.
   *
   * @return why CUDA cannot be reached, or nothing if it can
   */
  static Optional<Obstacle> load() {
    return Driver.OBSTACLE;
  }

  /**
   * Initialises a class of JCuda, which loads a library.
   *
   * <p>JCuda unpacks it to a fixed name in the temporary directory, and takes what is there
   * already: what a broken program or another user left. So it is shown a new directory, private to
   * this user and gone afterwards. {@code -Djava.library.path} goes before, as JCuda documents.
   *
   * @param initialise touches the class
   * @throws IOException if there is no place for the library
   * @throws LinkageError if the library cannot be loaded
   */
  static void unpack(Runnable initialise) throws IOException {
    Path directory = Files.createTempDirectory("activations-");
    // Both classes that make temporary files look up where when first used. This is the other one;
    // were it first used below, it would remember a directory that does not last.
    Files.delete(File.createTempFile("activations-", ".tmp").toPath());
    synchronized (Library.class) {
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

  /** Says what a failure to load means. */
  static Obstacle diagnose(Throwable failure) {
    String message = messages(failure);
    if (message.contains("libcuda.so.1: cannot open shared object file")
        || message.contains("Can't find dependent libraries")) {
      return new Obstacle(
          "No NVIDIA driver is installed: its library, libcuda.so.1, was not found.",
          "Install the NVIDIA driver (on Debian 'apt-get install nvidia-driver'); in a container, run"
              + " it with the NVIDIA container toolkit ('docker run --gpus all').");
    }
    if (message.contains("No resource found")) {
      return new Obstacle(
          "No JCuda library for %s on %s is on the class path."
              .formatted(System.getProperty("os.name"), System.getProperty("os.arch")),
          "CUDA runs on Linux on x86_64; elsewhere use OpenCL or the CPU. On Windows add the artifact"
              + " org.jcuda:jcuda-natives with the classifier windows-x86_64.");
    }
    return new Obstacle(
        "JCuda's library cannot be loaded: %s.".formatted(line(message)),
        "It is unpacked into a new directory in %s, which must be writable and not mounted noexec;"
                .formatted(System.getProperty(TEMPORARY))
            + " -Djava.io.tmpdir names another.");
  }

  private static String messages(Throwable failure) {
    StringBuilder messages = new StringBuilder();
    for (Throwable cause = failure; cause != null; cause = cause.getCause()) {
      messages.append(cause).append('\n');
    }
    return messages.toString();
  }

  /** The one line that matters: JCuda puts stack traces of two attempts into a message. */
  private static String line(String message) {
    return message
        .lines()
        .map(String::strip)
        .filter(line -> line.startsWith("java.") && !line.contains("java.library.path"))
        .reduce((first, last) -> last)
        .orElse(message.strip());
  }

  /** Loads JCuda when first touched, and remembers how that went. */
  private static final class Driver {
    static final Optional<Obstacle> OBSTACLE = load();

    private static Optional<Obstacle> load() {
      try {
        // Codes are checked call by call, whatever else in this program uses JCuda.
        unpack(() -> JCudaDriver.setExceptionsEnabled(false));
        return Optional.empty();
      } catch (IOException | LinkageError e) {
        return Optional.of(diagnose(e));
      }
    }
  }
}
