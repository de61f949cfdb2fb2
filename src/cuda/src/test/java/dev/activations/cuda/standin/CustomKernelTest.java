package dev.activations.cuda.standin;

import static java.util.Map.entry;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.activations.api.CustomFormula;
import dev.activations.cuda.standin.StandIn.Output;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * An activation of a user's own on CUDA: compiled by an nvcc that has one answer, recorded from the
 * real one, or by NVRTC, or by nothing; and remembered.
 */
public class CustomKernelTest {
  /** What nvcc makes of the formula. */
  public static final Path RECORDED = Path.of("src", "test", "resources", "star_relu.ptx");

  private static final String RIGHT = "forward right, derivative right, backward right";

  @TempDir Path directory;
  private Path bin;
  private Path cache;

  /** Returns the formula. */
  public static CustomFormula formula() {
    return StarRelu.FORMULA;
  }

  /** Returns the formula with a source that no compiler takes. */
  public static CustomFormula brokenFormula() {
    return StarRelu.broken();
  }

  @BeforeAll
  static void build() throws IOException {
    StandIn.buildDriver();
    StandIn.translate(Files.readString(RECORDED));
    StandIn.buildNvrtc();
  }

  @BeforeEach
  void install() throws IOException {
    bin = Files.createDirectory(directory.resolve("bin"));
    cache = directory.resolve("cache");
  }

  /** Puts an nvcc on the path that counts its calls, and answers one source. */
  private void installNvcc() throws IOException {
    Path source = Files.writeString(directory.resolve("known.txt"), formula().kernel());
    Path nvcc = bin.resolve("nvcc");
    Files.writeString(
        nvcc,
        """
        #!/bin/sh
        if [ "$1" = --version ]; then
          echo "Cuda compilation tools, release 13.0, V13.0.88"
          exit
        fi
        echo "$@" >>"%1$s/calls"
        while [ "$1" != -o ]; do shift; done
        case $(cat "$3") in
          *"$(cat "%2$s")"*) cp "%3$s" "$2" ;;
          *) echo "star_relu.cu(3): error: identifier is undefined"; exit 2 ;;
        esac
        """
            .formatted(directory, source, RECORDED.toAbsolutePath()));
    assertTrue(nvcc.toFile().setExecutable(true));
  }

  private Map<String, String> environment() {
    return new HashMap<>(
        Map.ofEntries(
            entry("PATH", bin + ":/usr/bin:/bin"),
            entry("CUDA_HOME", directory.resolve("none").toString()),
            entry("ACTIVATIONS_CACHE", cache.toString())));
  }

  private Output run(Map<String, String> environment, String... arguments) {
    Output output = StandIn.run("", environment, Programs.Custom.class, arguments);
    assertEquals("", output.errors());
    return output;
  }

  private List<String> calls() throws IOException {
    Path calls = directory.resolve("calls");
    return Files.exists(calls) ? Files.readAllLines(calls) : List.of();
  }

  private List<Path> entries() throws IOException {
    try (Stream<Path> files = Files.list(cache)) {
      return files.toList();
    }
  }

  @Test
  void nvccCompilesOnceAndTheCacheRemembers() throws IOException {
    installNvcc();
    assertEquals(List.of(RIGHT), run(environment()).lines());
    assertEquals(1, calls().size(), calls().toString());
    assertTrue(
        calls()
            .get(0)
            .startsWith(
                "-ptx -arch=compute_75 -fmad=false -ftz=false -DFUNCTION=star_relu"
                    + " -DDERIVATIVE=star_relu_derivative -DARITY=2 -DITEMS=4 -o "),
        calls().toString());

    assertEquals(List.of(RIGHT), run(environment()).lines());
    assertEquals(1, calls().size(), "the second program takes it from the cache");

    assertEquals(1, entries().size());
    Files.write(entries().get(0), new byte[] {1, 2, 3});
    assertEquals(List.of(RIGHT), run(environment()).lines());
    assertEquals(2, calls().size(), "a broken entry is made anew");
    assertEquals(List.of(RIGHT), run(environment()).lines());
    assertEquals(2, calls().size());
  }

  @Test
  void sourceThatTheCompilerRefusesIsReportedWithItsLog() throws IOException {
    installNvcc();
    List<String> lines = run(environment(), "broken").lines();
    assertTrue(lines.get(0).contains("cannot build star_relu.cu"), lines.toString());
    assertTrue(lines.get(0).contains("star_relu.cu(3): error: identifier"), lines.toString());
  }

  @Test
  void withoutACompilerTheFindingSaysSo() {
    List<String> lines = run(environment()).lines();
    assertTrue(
        lines.get(0).contains("cuda:0 (Stand-in 0): not usable. star_relu is a custom activation"),
        lines.toString());
    assertTrue(lines.get(0).contains("no nvcc on the PATH"), lines.toString());
    assertTrue(lines.get(0).contains("libnvrtc.so.12"), lines.toString());
    assertTrue(lines.get(0).contains("Remedy: Install the CUDA toolkit"), lines.toString());
  }

  @Test
  void nvrtcCompilesWhereThereIsNoNvcc() throws IOException {
    Map<String, String> environment = environment();
    environment.put("LD_LIBRARY_PATH", StandIn.nvrtcDirectory().toString());
    environment.put("STAND_IN_PTX", RECORDED.toAbsolutePath().toString());
    environment.put("STAND_IN_SOURCE", formula().kernel());
    assertEquals(List.of(RIGHT), run(environment).lines());
    assertEquals(1, entries().size());

    List<String> broken = run(environment, "broken").lines();
    assertTrue(broken.get(0).contains("NVRTC 12.4:"), broken.toString());
    assertTrue(broken.get(0).contains("not the source that the stand-in knows"), broken.toString());
  }
}
