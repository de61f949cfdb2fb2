package dev.activations.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.activations.cli.Table.Column;
import java.util.List;
import org.junit.jupiter.api.Test;

class TableTest {
  private static final Table<String> TABLE =
      new Table<>(
          List.of(
              Column.text("word", word -> word),
              Column.text("nothing", word -> ""),
              Column.number("n", word -> "%d".formatted(word.length())),
              Column.text("end", word -> word.substring(word.length() - 1))),
          List.of("|x|", "a<b and so on"));

  @Test
  void linesHaveTheColumnsSideBySide() {
    assertEquals(
        """
        word            n  end
        |x|             3  |
        a<b and so on  13  n""",
        String.join("\n", TABLE.lines()));
  }

  @Test
  void htmlAndMarkdownKeepWhatIsInTheCells() {
    assertEquals(
        """
        <table>
        <tr><th>word</th><th class="number">n</th><th>end</th></tr>
        <tr class="wrong"><td>|x|</td><td class="number">3</td><td>|</td></tr>
        <tr><td>a&lt;b and so on</td><td class="number">13</td><td>n</td></tr>
        </table>
        """,
        TABLE.html(word -> word.length() == 3));
    assertEquals(
        """
        | word | n | end |
        | --- | --: | --- |
        | \\|x\\| | 3 | \\| |
        | a<b and so on | 13 | n |
        """,
        TABLE.markdown());
  }
}
