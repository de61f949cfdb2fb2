package dev.activations.cli;

import java.io.Console;
import java.io.FileDescriptor;
import java.io.FileOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;

/**
 * Where a command writes.
 *
 * @param out results, which a program may read
 * @param err everything else: which device runs and why, progress, errors
 * @param interactive whether somebody is watching
 */
public record Screen(PrintStream out, PrintStream err, boolean interactive) {

  /** The streams of this process, in UTF-8: formulas do not fit every locale's encoding. */
  static Screen ofProcess() {
    return new Screen(utf8(FileDescriptor.out), utf8(FileDescriptor.err), isTerminal());
  }

  /** The same, with nobody watching. */
  public Screen unwatched() {
    return new Screen(out, err, false);
  }

  private static PrintStream utf8(FileDescriptor descriptor) {
    return new PrintStream(new FileOutputStream(descriptor), true, StandardCharsets.UTF_8);
  }

  private static boolean isTerminal() {
    Console console = System.console();
    if (console == null) {
      return false;
    }
    try {
      // From Java 22 on there is always a console, which says itself whether it is a terminal.
      return (boolean) Console.class.getMethod("isTerminal").invoke(console);
    } catch (ReflectiveOperationException e) {
      return true;
    }
  }
}
