package dev.activations.cli;

import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;

/**
 * A command that has run.
 *
 * @param code its exit code
 * @param out what it wrote to standard output
 * @param err what it wrote to standard error
 */
public record Ran(int code, String out, String err) {

  /** Runs a command on the real devices, holding few elements in memory at a time. */
  public static Ran command(String... args) {
    return on(DeviceSource.FOUND, args);
  }

  /** Runs a command on other devices. */
  public static Ran on(DeviceSource devices, String... args) {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    ByteArrayOutputStream err = new ByteArrayOutputStream();
    Screen screen = new Screen(print(out), print(err), false);
    int code = Main.run(screen, devices, 10, args);
    return new Ran(
        code, out.toString(StandardCharsets.UTF_8), err.toString(StandardCharsets.UTF_8));
  }

  private static PrintStream print(ByteArrayOutputStream bytes) {
    return new PrintStream(bytes, true, StandardCharsets.UTF_8);
  }
}
