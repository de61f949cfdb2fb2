package dev.activations.cuda;

import java.io.File;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/** The compiler driver of the CUDA toolkit. */
final class Nvcc extends Compiler {
  private static final Pattern VERSION = Pattern.compile("release [\\d.]+, V[\\d.]+");

  private final Path program;
  private final String version;

  private Nvcc(Path program, String version) {
    this.program = program;
    this.version = version;
  }

  /** Looks on the PATH, then where CUDA_HOME points or toolkits are by default. */
  static Optional<Compiler> find() {
    String path = Objects.requireNonNullElse(System.getenv("PATH"), "");
    String home = Objects.requireNonNullElse(System.getenv("CUDA_HOME"), "/usr/local/cuda");
    return Stream.concat(Stream.of(path.split(File.pathSeparator)), Stream.of(home + "/bin"))
        .filter(folder -> !folder.isBlank())
        .map(folder -> Path.of(folder, "nvcc"))
        .filter(Files::isExecutable)
        .flatMap(nvcc -> at(nvcc).stream())
        .findFirst();
  }

  /** A program that does not say its version is none. */
  private static Optional<Compiler> at(Path program) {
    try {
      Matcher version = VERSION.matcher(run(List.of(program.toString(), "--version")).text());
      return version.find() ? Optional.of(new Nvcc(program, version.group())) : Optional.empty();
    } catch (IOException e) {
      return Optional.empty();
    }
  }

  @Override
  String name() {
    return "nvcc (%s, %s)".formatted(program, version);
  }

  @Override
  String compile(String source, List<String> options) throws Refusal {
    try {
      Path folder = Files.createTempDirectory("activations-");
      Path in = folder.resolve("formula.cu");
      Path out = folder.resolve("formula.ptx");
      try {
        Files.writeString(in, source);
        List<String> command = new ArrayList<>(List.of(program.toString(), "-ptx"));
        command.addAll(options);
        command.addAll(List.of("-o", out.toString(), in.toString()));
        Output output = run(command);
        if (output.code() != 0) {
          throw new Refusal(output.text());
        }
        return Files.readString(out);
      } finally {
        Files.deleteIfExists(in);
        Files.deleteIfExists(out);
        Files.delete(folder);
      }
    } catch (IOException e) {
      throw new Refusal(e.toString());
    }
  }

  private record Output(int code, String text) {}

  private static Output run(List<String> command) throws IOException {
    Process process = new ProcessBuilder(command).redirectErrorStream(true).start();
    process.getOutputStream().close();
    String text = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    try {
      return new Output(process.waitFor(), text);
    } catch (InterruptedException e) {
      process.destroy();
      Thread.currentThread().interrupt();
      throw new IOException("interrupted while nvcc ran", e);
    }
  }
}
