package dev.activations.cli.bench;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.activations.cli.Ran;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class CrossoverCommandTest {
  private static final String TIME = " +\\d+\\.\\d{3} \\(\\d+\\.\\d{3}\\)";

  @TempDir Path dir;

  @Test
  void showsAndDrawsWhereOffloadingPays() throws Exception {
    Path out = dir.resolve("crossover.svg");
    Ran ran =
        Ran.command(
            "bench", "crossover", "--op=relu", "--up-to=131072", "--warm-up=0.01", "--out=" + out);
    assertEquals(0, ran.code(), ran.err());
    List<String> lines = ran.out().lines().toList();
    assertEquals("relu forward, milliseconds measured (predicted)", lines.get(0));
    assertTrue(lines.get(1).contains("cpu:vector"), lines.get(1));
    Pattern row = Pattern.compile(" +(65,536|131,072)(" + TIME + ")+  (cpu|opencl|cuda):.+");
    assertTrue(row.matcher(lines.get(2)).matches(), lines.get(2));
    assertTrue(row.matcher(lines.get(3)).matches(), lines.get(3));
    assertTrue(lines.get(4).startsWith("Offloading relu "), lines.get(4));
    assertTrue(Files.readString(out).contains("relu on cpu:vector; relu on cpu:vector, predicted"));
  }

  @ParameterizedTest
  @CsvSource({
    "--op relu crossover, 'expected options after ''crossover'', got --op before'",
    "crossover --op rela, did you mean relu",
    "--crossover --up-to 3, expected a number from 65536",
    "crossover --out x.gif, expected a name that ends in .png or .svg"
  })
  void refusesWhatItCannotDo(String arguments, String complaint) {
    Ran ran = Ran.command(("bench " + arguments).split(" "));
    assertEquals(2, ran.code());
    assertTrue(ran.err().contains(complaint), ran.err());
  }
}
