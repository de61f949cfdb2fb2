package dev.activations.cli;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** {@code apply} from and to the standard input and output. */
class PipeTest {
  private static final float[] SAMPLE = new float[40];

  static {
    for (int i = 0; i < SAMPLE.length; i++) {
      SAMPLE[i] = i - 20;
    }
  }

  @TempDir Path dir;

  private record Piped(int code, byte[] out, String err) {}

  /** Runs the command; ten elements are held in memory at a time. */
  private static Piped pipe(DeviceSource devices, byte[] in, String... args) {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    Ran ran = pipe(devices, in, out, args);
    return new Piped(ran.code(), out.toByteArray(), ran.err());
  }

  private static Ran pipe(DeviceSource devices, byte[] in, OutputStream out, String... args) {
    ByteArrayOutputStream err = new ByteArrayOutputStream();
    Screen screen = new Screen(new PrintStream(out), new PrintStream(err, true), false);
    InputStream before = System.in;
    System.setIn(new ByteArrayInputStream(in));
    try {
      int code = Main.run(screen, devices, 10, args);
      return new Ran(code, "", err.toString(StandardCharsets.UTF_8));
    } finally {
      System.setIn(before);
    }
  }

  private static byte[] npy() {
    return Npy.file("<f4", "(40,)", SAMPLE);
  }

  /** What a file gives, a pipe gives. */
  @ParameterizedTest
  @ValueSource(strings = {"npy", "npz", "safetensors", "csv", "raw"})
  void everyFormatGoesThroughPipes(String format) throws IOException {
    Path file = dir.resolve("x." + format);
    Path x = Files.write(dir.resolve("sample.npy"), npy());
    assertEquals(0, Ran.command("apply", "linear", x.toString(), file.toString()).code());
    Path expected = dir.resolve("y." + format);
    String[] layout =
        format.equals("raw") ? new String[] {"--dtype=float32", "--shape=40"} : new String[0];
    Ran ran = Ran.command(with(layout, "apply", "gelu", file.toString(), expected.toString()));
    assertEquals(0, ran.code(), ran.err());
    String[] args = {"apply", "gelu", "-", "-", "--format", format, "--to-format", format, "-q"};
    Piped piped = pipe(DeviceSource.FOUND, Files.readAllBytes(file), with(layout, args));
    assertEquals("", piped.err());
    assertEquals(0, piped.code());
    assertArrayEquals(Files.readAllBytes(expected), piped.out());
  }

  private static String[] with(String[] more, String... args) {
    return Stream.concat(Stream.of(args), Stream.of(more)).toArray(String[]::new);
  }

  @Test
  void whatIsFoundTooLateIsSaid() {
    byte[] cut = Arrays.copyOf(npy(), npy().length - 1);
    Piped piped =
        pipe(
            DeviceSource.FOUND,
            cut,
            "apply",
            "relu",
            "-",
            "-",
            "--format=npy",
            "--to-format=raw",
            "-q");
    assertEquals(1, piped.code());
    assertEquals(120, piped.out().length);
    String start = "activations apply: standard input: truncated: expected 40 elements of 4 bytes";
    assertTrue(piped.err().startsWith(start), piped.err());
    assertTrue(piped.err().endsWith("; the output ends early, after 120 bytes\n"), piped.err());
  }

  @Test
  void whatIsFoundBeforeTheFirstByteIsRefused() {
    Piped piped =
        pipe(
            DeviceSource.FOUND,
            Arrays.copyOf(npy(), 20),
            "apply",
            "relu",
            "-",
            "-",
            "--format=npy",
            "--to-format=npy");
    assertEquals(2, piped.code());
    assertEquals(0, piped.out().length);
    assertTrue(
        piped.err().startsWith("activations apply: standard input: truncated: the file ends"),
        piped.err());
  }

  @Test
  void aFailingDeviceIsSaid() {
    DeviceSource brittle = FixedDevices.of(new BrittleDevice(2, Optional.empty()));
    Piped piped =
        pipe(brittle, npy(), "apply", "relu", "-", "-", "--format=npy", "--to-format=raw", "-q");
    assertEquals(1, piped.code());
    assertEquals(80, piped.out().length);
    assertEquals(
        "activations apply: shatter failed with OUT_OF_GLASS (-5): use steel;"
            + " the output ends early, after 80 bytes\n",
        piped.err());
  }

  @Test
  void aClosedPipeEndsTheWork() {
    OutputStream closed =
        new OutputStream() {
          @Override
          public void write(int b) throws IOException {
            throw new IOException("closed");
          }
        };
    Ran ran =
        pipe(
            DeviceSource.FOUND,
            npy(),
            closed,
            "apply",
            "relu",
            "-",
            "-",
            "--format=npy",
            "--to-format=npy",
            "-q");
    assertEquals(1, ran.code());
    assertTrue(ran.err().contains("whoever reads the output has closed it"), ran.err());
  }

  /** It gives what it has before it has all: a piece of the real command has 2^22 elements. */
  @Test
  @Timeout(60)
  void elementsStreamThroughARealPipe() throws IOException, InterruptedException {
    int piece = ApplyCommand.PIECE * Float.BYTES;
    List<String> java = List.of();
    String shape = "--shape=" + 2L * ApplyCommand.PIECE;
    Process process =
        ProcessTest.command(
                java,
                "apply",
                "linear",
                "-",
                "-",
                "--format=raw",
                "--to-format=raw",
                "-q",
                "--dtype=float32",
                shape)
            .redirectError(ProcessBuilder.Redirect.DISCARD)
            .start();
    try {
      OutputStream in = process.getOutputStream();
      in.write(new byte[piece]);
      in.flush();
      assertEquals(piece, process.getInputStream().readNBytes(piece).length);
      in.close();
      assertEquals(0, process.getInputStream().readAllBytes().length);
      assertTrue(process.waitFor(30, TimeUnit.SECONDS));
      assertEquals(1, process.exitValue(), "half of the elements did not come");
    } finally {
      process.destroyForcibly();
    }
  }
}
