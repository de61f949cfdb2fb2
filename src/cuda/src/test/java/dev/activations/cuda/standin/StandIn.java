package dev.activations.cuda.standin;

import dev.activations.api.Dtype;
import dev.activations.api.Kind;
import dev.activations.spi.ChannelSum;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Assumptions;

/**
 * A stand-in for the NVIDIA driver that runs the PTX of the jar on the CPU, so that everything but
 * the GPU is the real thing: JCuda, its native library, the back end and the compiled kernels.
 * Needs g++.
 */
final class StandIn {
  private static final Path SOURCES = Path.of("src", "test", "cpp");
  private static final Path BUILT = Path.of("target", "stand-in").toAbsolutePath();

  private static final List<String> TIERS = List.of("sm_60", "sm_80");

  private StandIn() {}

  /** Builds the stand-in and a translation of each program's PTX; aborts the test without g++. */
  static void build() {
    buildDriver();
    alone(
        () -> {
          Map<String, String> programs = new LinkedHashMap<>();
          for (String tier : TIERS) {
            for (String program : programs()) {
              String ptx = ptx(tier, program);
              programs.put(digest(ptx), ptx);
            }
          }
          // A compiler takes a second or two for each, so several run at once.
          programs.values().parallelStream().forEach(StandIn::translate);
        });
  }

  /** Builds the stand-in without any program; aborts the test without g++. */
  static void buildDriver() {
    alone(
        () -> {
          Assumptions.assumeTrue(
              hasCompiler(),
              "no g++, which runs the CUDA kernels on the CPU: 'apt-get install g++'");
          compile(
              SOURCES.resolve("libcuda.cpp"),
              "libcuda.so.1",
              "-Wl,-soname,libcuda.so.1",
              "-fvisibility=hidden");
        });
  }

  @FunctionalInterface
  private interface Work {
    void run() throws IOException;
  }

  /** Does work that no other process of the tests may do at the same time. */
  private static void alone(Work work) {
    try {
      Files.createDirectories(BUILT);
      // Closing the file gives the lock back.
      try (FileChannel file =
          FileChannel.open(
              BUILT.resolve("lock"), StandardOpenOption.CREATE, StandardOpenOption.WRITE)) {
        file.lock();
        work.run();
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static List<String> programs() {
    List<String> programs = new ArrayList<>();
    for (Kind kind : Kind.values()) {
      programs.add(kind.stem());
      if (kind.supports(Dtype.F64)) {
        programs.add("float64/" + kind.stem());
      }
    }
    // The kinds that conformance tries.
    for (Kind kind : List.of(Kind.LINEAR, Kind.PRELU, Kind.RRELU, Kind.SIGMOID, Kind.XIELU)) {
      programs.add("float64/fused/" + kind.stem());
    }
    programs.addAll(
        List.of(ChannelSum.STEM, "float64/channel_sum", "float16/storage", "bfloat16/storage"));
    return programs;
  }

  /** Builds the stand-in for NVRTC, which only programs find that are told its directory. */
  static void buildNvrtc() {
    alone(
        () -> {
          Files.createDirectories(nvrtcDirectory());
          compile(
              SOURCES.resolve("libnvrtc.cpp"),
              "nvrtc/libnvrtc.so.12",
              "-Wl,-soname,libnvrtc.so.12",
              "-fvisibility=hidden");
        });
  }

  static Path nvrtcDirectory() {
    return BUILT.resolve("nvrtc");
  }

  /** What a program printed. */
  record Output(List<String> lines, String errors) {}

  /**
   * Runs a program in a Java whose NVIDIA driver is the stand-in.
   *
   * @param settings what there is and what goes wrong, as {@code libcuda.cpp} describes it
   */
  static Output run(String settings, Class<?> program, String... arguments) {
    return run(settings, Map.of(), program, arguments);
  }

  /** Runs a program as above, with more in its environment; {@code LD_LIBRARY_PATH} is added to. */
  static Output run(
      String settings, Map<String, String> environment, Class<?> program, String... arguments) {
    try {
      List<String> command = new ArrayList<>();
      command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
      if (Runtime.version().feature() >= 24) {
        command.add("--enable-native-access=ALL-UNNAMED");
      }
      String classes = System.getProperty("java.class.path");
      command.addAll(List.of("-cp", classes, program.getName()));
      command.addAll(List.of(arguments));
      Path text = Files.createTempFile(BUILT, "stdout", "");
      Path errors = Files.createTempFile(BUILT, "stderr", "");
      ProcessBuilder builder =
          new ProcessBuilder(command).redirectOutput(text.toFile()).redirectError(errors.toFile());
      builder.environment().putAll(environment);
      String libraries = environment.getOrDefault("LD_LIBRARY_PATH", "");
      builder.environment().put("LD_LIBRARY_PATH", BUILT + ":" + libraries);
      builder.environment().put("STAND_IN", settings);
      Process process = builder.start();
      if (!process.waitFor(15, TimeUnit.MINUTES)) {
        process.destroyForcibly();
        throw new AssertionError("does not end: " + command);
      }
      String said = Files.readString(errors);
      List<String> lines = Files.readAllLines(text);
      Files.delete(text);
      Files.delete(errors);
      if (process.exitValue() != 0) {
        throw new AssertionError("exit code %d: %s".formatted(process.exitValue(), said));
      }
      return new Output(lines, said);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    } catch (InterruptedException e) {
      throw new AssertionError(e);
    }
  }

  /** Returns the PTX of a program, as the jar ships it. */
  static String ptx(String tier, String program) throws IOException {
    String file = "/dev/activations/kernels/cuda/ptx/%s/%s.ptx".formatted(tier, program);
    try (InputStream in = StandIn.class.getResourceAsStream(file)) {
      return new String(in.readAllBytes(), StandardCharsets.UTF_8);
    }
  }

  /** Makes PTX known to the stand-in. */
  static void translate(String ptx) {
    String name = digest(ptx);
    Path source = BUILT.resolve(name + ".cpp");
    String text = Translator.translate(ptx);
    try {
      if (!Files.exists(source) || !Files.readString(source).equals(text)) {
        Files.deleteIfExists(BUILT.resolve(name + ".so"));
        Files.writeString(source, text);
      }
      compile(source, name + ".so");
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** Compiles a library unless there is one that is newer than what it is made from. */
  private static void compile(Path source, String name, String... options) throws IOException {
    Path library = BUILT.resolve(name);
    if (isNewer(library, source) && isNewer(library, SOURCES.resolve("executor.h"))) {
      return;
    }
    // The compiler is to use the CPU's own fma, and to make none of what is not written as one.
    List<String> command =
        new ArrayList<>(
            List.of("g++", "-std=c++17", "-O1", "-march=native", "-ffp-contract=off", "-Wall"));
    // Jumps go from one fiber's stack to another's, which checked ones forbid.
    command.add("-U_FORTIFY_SOURCE");
    command.addAll(List.of("-Wno-unused", "-Werror", "-fPIC", "-shared", "-I" + SOURCES));
    command.addAll(List.of(options));
    command.addAll(List.of(source.toString(), "-o", library.toString(), "-ldl"));
    String said = call(command);
    if (!said.isEmpty()) {
      throw new AssertionError(command + ": " + said);
    }
  }

  private static boolean isNewer(Path library, Path source) throws IOException {
    return Files.exists(library)
        && Files.getLastModifiedTime(library).compareTo(Files.getLastModifiedTime(source)) >= 0;
  }

  private static boolean hasCompiler() {
    try {
      return call(List.of("g++", "--version")).contains("g++");
    } catch (IOException e) {
      return false;
    }
  }

  private static String call(List<String> command) throws IOException {
    Process process = new ProcessBuilder(command).redirectErrorStream(true).start();
    try (InputStream in = process.getInputStream()) {
      return new String(in.readAllBytes(), StandardCharsets.UTF_8);
    }
  }

  /**
   * FNV-1a, by which the stand-in finds the translation of what it is given. Version and target are
   * left out: the stand-in looks at them, but the translation is the same.
   */
  private static String digest(String ptx) {
    long hash = 0xCBF29CE484222325L;
    String body = ptx.substring(ptx.indexOf("\n.address_size"));
    for (byte each : body.getBytes(StandardCharsets.UTF_8)) {
      hash = (hash ^ (each & 0xFF)) * 0x100000001B3L;
    }
    return "%016x".formatted(hash);
  }
}
