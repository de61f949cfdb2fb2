package dev.activations.opencl;

import dev.activations.spi.Natives;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.stream.Stream;
import org.jocl.CL;

/**
 * The OpenCL loader of the system, libOpenCL, and the library that JOCL brings to reach it.
 *
 * @param required whether the loader must be found in a file first
 * @param directories where the system keeps libraries
 * @param cache the system's list of libraries, which holds their names as plain bytes
 */
record Loader(boolean required, List<Path> directories, Path cache) {
  private static final String NAME = "libOpenCL.so";

  /** Returns the loader of this system. */
  static Loader ofSystem() {
    String arch = System.getProperty("os.arch").equals("amd64") ? "x86_64" : "aarch64";
    Stream<Path> environment =
        Optional.ofNullable(System.getenv("LD_LIBRARY_PATH")).stream()
            .flatMap(path -> Stream.of(path.split(":")))
            .filter(directory -> !directory.isEmpty())
            .map(Path::of);
    Stream<Path> standard =
        Stream.of("/lib", "/usr/lib", "/lib64", "/usr/lib64", "/usr/local/lib")
            .flatMap(name -> Stream.of(Path.of(name), Path.of(name, arch + "-linux-gnu")));
    boolean linux = System.getProperty("os.name").toLowerCase(Locale.ROOT).startsWith("linux");
    return new Loader(
        linux, Stream.concat(environment, standard).toList(), Path.of("/etc/ld.so.cache"));
  }

  /**
   * Loads the libraries, once for the whole program.
   *
   * @return why OpenCL cannot be reached, or nothing if it can
   */
  Optional<Obstacle> load() {
    // JOCL's native part writes to stderr when it misses libOpenCL, so it is looked for before.
    return required && !found()
        ? Optional.of(
            new Obstacle(
                "The OpenCL loader, libOpenCL.so.1, is not installed.",
                "Install it and a driver: 'apt-get install ocl-icd-libopencl1 pocl-opencl-icd' runs"
                    + " OpenCL on the CPU; for a GPU install its vendor's driver."))
        : Jocl.OBSTACLE;
  }

  private boolean found() {
    return directories.stream().anyMatch(Loader::holds) || cacheNames();
  }

  private static boolean holds(Path directory) {
    return Files.exists(directory.resolve(NAME)) || Files.exists(directory.resolve(NAME + ".1"));
  }

  private boolean cacheNames() {
    try {
      return new String(Files.readAllBytes(cache), StandardCharsets.ISO_8859_1).contains(NAME);
    } catch (IOException e) {
      return false; // No cache: the directories are all there is.
    }
  }

  /** Loads JOCL when first touched, and remembers how that went. */
  private static final class Jocl {
    static final Optional<Obstacle> OBSTACLE = load();

    private static Optional<Obstacle> load() {
      try {
        // Codes are checked call by call, whatever else in this program uses JOCL.
        Natives.unpack(() -> CL.setExceptionsEnabled(false));
        return Optional.empty();
      } catch (IOException | LinkageError e) {
        return Optional.of(obstacle(String.valueOf(e.getMessage())));
      }
    }

    private static Obstacle obstacle(String message) {
      return message.contains("Implementation library could not be loaded")
          ? new Obstacle(
              "The OpenCL loader, libOpenCL, is there but cannot be opened.",
              "Reinstall it for this processor: 'apt-get install --reinstall ocl-icd-libopencl1',"
                  + " and look for another one in LD_LIBRARY_PATH.")
          : new Obstacle(
              Natives.noExecution(message)
                  .orElseGet(
                      () ->
                          "JOCL's native library cannot be loaded: %s."
                              .formatted(essence(message))),
              Natives.remedy()
                  + " JOCL has libraries for Linux and macOS on x86_64 and arm64 and for Windows"
                  + " on x86_64.");
    }

    /** JOCL's message holds whole stack traces; the last one names the file that it unpacked. */
    private static String essence(String message) {
      String mark = UnsatisfiedLinkError.class.getName() + ": ";
      return message
          .lines()
          .filter(line -> line.contains(mark))
          .reduce((first, second) -> second)
          .map(line -> line.substring(line.indexOf(mark) + mark.length()))
          .orElse(message);
    }
  }
}
