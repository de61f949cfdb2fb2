package dev.activations.cpu;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import java.util.stream.Stream;

/** What the operating system says of the host's processor. */
final class Processor {
  private Processor() {}

  /** Returns the model's name, or else the architecture. */
  static String name() {
    return linuxName()
        .or(() -> Optional.ofNullable(System.getenv("PROCESSOR_IDENTIFIER")))
        .orElseGet(() -> System.getProperty("os.arch") + " processor");
  }

  private static Optional<String> linuxName() {
    Path description = Path.of("/proc/cpuinfo");
    if (!Files.isReadable(description)) {
      return Optional.empty();
    }
    try (Stream<String> lines = Files.lines(description)) {
      return lines
          .filter(line -> line.startsWith("model name"))
          .map(line -> line.substring(line.indexOf(':') + 1).strip())
          .findFirst();
    } catch (IOException e) {
      // Only a name: the architecture will do.
      return Optional.empty();
    }
  }
}
