package dev.activations.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What the README shows of commands that need no files is what they do. */
class ReadmeCommandsTest {
  private static final Path README = Path.of("..", "..", "README.md");

  @TempDir Path dir;

  private static List<MatchResult> found(String pattern) throws IOException {
    return Pattern.compile(pattern).matcher(Files.readString(README)).results().toList();
  }

  /** Returns the words of a command line; quotes hold together what they enclose. */
  private static List<String> words(String line) {
    return new ArrayList<>(
        Pattern.compile("'([^']*)'|\\S+")
            .matcher(line)
            .results()
            .map(word -> word.group(1) == null ? word.group() : word.group(1))
            .toList());
  }

  @Test
  void itsExamplesRun() throws IOException {
    List<MatchResult> lines =
        found("(?m)^activations ((?:list|explain|recommend|plot) [^#\n]*[^#\n ]) *(?:#.*)?$");
    assertTrue(lines.size() >= 5, lines.size() + " examples");
    for (MatchResult line : lines) {
      List<String> words = words(line.group(1));
      int out = words.indexOf("--out") + 1;
      if (out > 0) {
        words.set(out, dir.resolve(words.get(out)).toString());
      }
      Ran ran = Ran.command(words.toArray(String[]::new));
      assertEquals(0, ran.code(), ran.err());
      assertTrue(out == 0 || Files.exists(Path.of(words.get(out))), line.group());
    }
  }

  @Test
  void itsRecommendationIsTheCommands() throws IOException {
    List<MatchResult> shown = found("```\n\\$ activations (recommend .*)\n((?s).*?)```\n");
    assertEquals(1, shown.size());
    String[] words = words(shown.get(0).group(1)).toArray(String[]::new);
    assertEquals(shown.get(0).group(2) + "\n", Ran.command(words).out());
  }

  /** Before training the number of epochs makes no difference. */
  @Test
  void itsGradientsAreTheCommands() throws IOException {
    List<MatchResult> shown =
        found("```\n\\$ activations train --report report\n((?s).*?)\n\nAfter training");
    assertEquals(1, shown.size());
    String out = Ran.command("train", "--epochs", "1").out();
    assertTrue(out.contains("\n" + shown.get(0).group(1) + "\n\nAfter training"), out);
  }
}
