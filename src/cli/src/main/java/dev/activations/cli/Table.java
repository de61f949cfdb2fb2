package dev.activations.cli;

import java.util.ArrayList;
import java.util.List;
import java.util.function.Function;
import java.util.function.Predicate;
import java.util.stream.Collectors;

/**
 * A table for a terminal, a page or a README.
 *
 * @param columns those in which there is anything, from left to right
 * @param rows what each row is about, from top to bottom
 */
public record Table<T>(List<Column<T>> columns, List<T> rows) {

  /**
   * A column.
   *
   * @param isNumber whether its cells stand to the right
   * @param cell plain text
   */
  public record Column<T>(String title, boolean isNumber, Function<T, String> cell) {

    /** A column of words. */
    public static <T> Column<T> text(String title, Function<T, String> cell) {
      return new Column<>(title, false, cell);
    }

    /** A column of numbers. */
    public static <T> Column<T> number(String title, Function<T, String> cell) {
      return new Column<>(title, true, cell);
    }
  }

  /** Leaves out the columns in which there is nothing. */
  public Table {
    List<T> all = List.copyOf(rows);
    columns =
        columns.stream()
            .filter(column -> all.stream().anyMatch(row -> !column.cell().apply(row).isEmpty()))
            .toList();
    rows = all;
  }

  /** Returns the lines, heads first, with the columns side by side. */
  public List<String> lines() {
    List<List<String>> cells = cells(Function.identity());
    List<String> formats = new ArrayList<>();
    for (int i = 0; i < columns.size(); i++) {
      int column = i;
      int width = cells.stream().mapToInt(row -> row.get(column).length()).max().orElseThrow();
      formats.add("%" + (columns.get(i).isNumber() ? "" : "-") + width + "s");
    }
    String format = String.join("  ", formats);
    return cells.stream().map(row -> format.formatted(row.toArray()).stripTrailing()).toList();
  }

  /** Returns the table as HTML. */
  public String html() {
    return html(row -> false);
  }

  /** Returns the table as HTML, with some rows marked. */
  public String html(Predicate<T> wrong) {
    StringBuilder html = new StringBuilder("<table>\n");
    List<List<String>> cells = cells(Html::escaped);
    for (int i = 0; i < cells.size(); i++) {
      html.append(i > 0 && wrong.test(rows.get(i - 1)) ? "<tr class=\"wrong\">" : "<tr>");
      for (int j = 0; j < columns.size(); j++) {
        String style = columns.get(j).isNumber() ? " class=\"number\"" : "";
        html.append(
            "<%1$s%2$s>%3$s</%1$s>".formatted(i == 0 ? "th" : "td", style, cells.get(i).get(j)));
      }
      html.append("</tr>\n");
    }
    return html.append("</table>\n").toString();
  }

  /** Returns the table as Markdown. */
  public String markdown() {
    List<List<String>> lines = cells(cell -> cell.replace("|", "\\|"));
    lines.add(1, columns.stream().map(column -> column.isNumber() ? "--:" : "---").toList());
    return lines.stream()
        .map(line -> line.stream().collect(Collectors.joining(" | ", "| ", " |\n")))
        .collect(Collectors.joining());
  }

  /** The heads, and the cells of each row. */
  private List<List<String>> cells(Function<String, String> as) {
    List<List<String>> cells = new ArrayList<>();
    cells.add(columns.stream().map(Column::title).map(as).toList());
    for (T row : rows) {
      cells.add(columns.stream().map(column -> as.apply(column.cell().apply(row))).toList());
    }
    return cells;
  }
}
