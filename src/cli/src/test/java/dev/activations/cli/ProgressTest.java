package dev.activations.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import org.junit.jupiter.api.Test;

class ProgressTest {
  private static final Duration NONE = Duration.ofNanos(-1);

  private static String shown(boolean interactive, Duration patience) {
    ByteArrayOutputStream err = new ByteArrayOutputStream();
    PrintStream stream = new PrintStream(err, true, StandardCharsets.UTF_8);
    Screen screen = new Screen(stream, stream, interactive);
    try (Progress progress =
        new Progress(screen, "relu on cpu", 20_000_000, "M elements", 1_000_000, patience)) {
      progress.at(10_000_000);
      progress.at(20_000_000);
    }
    return err.toString(StandardCharsets.UTF_8);
  }

  @Test
  void aTerminalGetsABar() {
    String text = shown(true, NONE);
    assertTrue(text.contains("relu on cpu 100%"), text);
    assertTrue(text.contains("20/20M elements"), text);
  }

  @Test
  void shortWorkHasNoBar() {
    assertEquals("", shown(true, Duration.ofMinutes(1)));
  }

  @Test
  void aFileGetsNoBar() {
    assertEquals("", shown(false, NONE));
  }
}
