package dev.activations.cuda;

import dev.activations.spi.Natives;
import java.io.IOException;
import java.util.Optional;
import jcuda.driver.JCudaDriver;

/** The library that JCuda brings to reach the driver's, libcuda. */
final class Library {
  private Library() {}

  /**
   * Loads the libraries, once for the whole program.
   *
   * @return why CUDA cannot be reached, or nothing if it can
   */
  static Optional<Obstacle> load() {
    return Driver.OBSTACLE;
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
        Natives.noExecution(message)
            .orElseGet(() -> "JCuda's library cannot be loaded: %s.".formatted(line(message))),
        Natives.remedy());
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
        Natives.unpack(() -> JCudaDriver.setExceptionsEnabled(false));
        return Optional.empty();
      } catch (IOException | LinkageError e) {
        return Optional.of(diagnose(e));
      }
    }
  }
}
