package dev.activations.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What only a process of its own shows: its surroundings, its output, its script. */
class ProcessTest {
  @TempDir Path dir;

  /** Returns how to start the command in a Java of its own. */
  static ProcessBuilder command(List<String> javaOptions, String... args) {
    List<String> command = new ArrayList<>();
    command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    command.addAll(javaOptions);
    command.addAll(List.of("-cp", System.getProperty("java.class.path"), Main.class.getName()));
    command.addAll(List.of(args));
    return new ProcessBuilder(command);
  }

  /** Runs a program to its end. */
  private Ran run(ProcessBuilder program) throws IOException, InterruptedException {
    Path err = dir.resolve("err");
    Process process = program.redirectError(err.toFile()).start();
    String out = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    return new Ran(process.waitFor(), out, Files.readString(err));
  }

  @Test
  void numbersAreTheSameInEveryLocale() throws IOException, InterruptedException {
    // Arabic has digits of its own, and no comma in their middle.
    List<String> locale = List.of("-Duser.language=ar", "-Duser.country=EG");
    Ran ran = run(command(locale, "verify", "relu", "--inputs=1000", "--device=cpu:scalar"));
    assertEquals(0, ran.code(), ran.err());
    assertTrue(
        ran.out().matches("(?s).*\n  relu +forward +float32 +[0-9,]+ +equal +0\\.0000 +0\\.0\n.*"),
        ran.out());
  }

  /** As in the bundle, whose Java leaves it out; the others do not even look for it. */
  @Test
  void onlyPlotNeedsAJavaThatDraws() throws IOException, InterruptedException {
    List<String> small = List.of("--limit-modules", "java.logging,java.sql,jdk.unsupported");
    Path out = dir.resolve("y.png");
    Ran plot = run(command(small, "plot", "relu", "--out", out.toString()));
    assertEquals(2, plot.code(), plot.err());
    assertTrue(plot.err().startsWith("activations plot: this Java cannot draw ("), plot.err());
    assertTrue(plot.err().contains("run it with one that has the module java.desktop"));
    assertFalse(Files.exists(out));
    Ran explain = run(command(small, "explain", "relu"));
    assertEquals(0, explain.code(), explain.err());
  }

  @Test
  void theEnvironmentIsStrict() throws IOException, InterruptedException {
    Path in = Files.writeString(dir.resolve("x.csv"), "-1,2\n");
    Path out = dir.resolve("y.csv");
    ProcessBuilder apply = command(List.of(), "apply", "relu", in.toString(), out.toString());
    apply.environment().put("ACTIVATIONS_DEVICE", "cuda:77");
    Ran refused = run(apply);
    assertEquals(2, refused.code(), refused.err());
    assertTrue(refused.err().contains("no usable device matches 'cuda:77'"), refused.err());
    assertFalse(Files.exists(out));

    apply.environment().put("ACTIVATIONS_DEVICE", "cpu:scalar");
    Ran ran = run(apply);
    assertEquals(0, ran.code(), ran.err());
    assertTrue(
        ran.err().endsWith("asked for by the environment variable ACTIVATIONS_DEVICE=cpu:scalar\n"),
        ran.err());
    assertEquals("0.0,2.0\n", Files.readString(out));
  }

  @Test
  void resultsThatGetLostAreAFailure() throws IOException, InterruptedException {
    Path full = Path.of("/dev/full");
    assumeTrue(Files.exists(full), "only Linux has a disk that is always full");
    Path err = dir.resolve("err");
    Process process =
        command(List.of(), "list")
            .redirectOutput(full.toFile())
            .redirectError(err.toFile())
            .start();
    assertEquals(1, process.waitFor());
    String said = Files.readString(err);
    assertTrue(said.endsWith("could not be written to the standard output\n"), said);
  }

  @Test
  void theScriptSaysWhichJarIsMissing() throws IOException, InterruptedException {
    Path script = Path.of("bin", "activations").toAbsolutePath();
    ProcessBuilder list = new ProcessBuilder(script.toString(), "list");
    list.environment().put("ACTIVATIONS_CLASSPATH", script.getParent() + "/*:absent.jar");
    Ran ran = run(list);
    assertEquals(2, ran.code());
    assertTrue(ran.err().contains("ACTIVATIONS_CLASSPATH names absent.jar"), ran.err());
  }

  @Test
  void theScriptSaysWhereJavaIsMissing() throws IOException, InterruptedException {
    Path script = Path.of("bin", "activations").toAbsolutePath();
    ProcessBuilder lost = new ProcessBuilder(script.toString(), "list");
    lost.environment().put("JAVA_HOME", dir.toString());
    Ran ran = run(lost);
    assertEquals(1, ran.code());
    assertTrue(ran.err().startsWith("activations: no Java in JAVA_HOME=" + dir), ran.err());
  }
}
