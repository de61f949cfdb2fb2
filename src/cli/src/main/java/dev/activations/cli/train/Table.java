package dev.activations.cli.train;

import dev.activations.cli.Html;
import java.util.ArrayList;
import java.util.List;
import java.util.function.IntFunction;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/**
 * A table for a terminal and for a page. The first column is text, the others are numbers.
 *
 * @param title what the numbers are
 * @param rows the heads of the columns, and then a row for each network
 */
record Table(String title, List<List<String>> rows) {

  /** What the networks came to. */
  static Table results(List<Run> runs) {
    List<List<String>> rows = new ArrayList<>();
    rows.add(
        List.of("activation", "init", "loss", "right", "1st/last before", "after", "dead units"));
    for (Run run : runs) {
      rows.add(
          List.of(
              run.name(),
              run.initialization().toString(),
              "%.4f".formatted(run.last().loss()),
              "%.1f %%".formatted(100 * run.last().accuracy()),
              "%.2g".formatted(run.first().arriving()),
              "%.2g".formatted(run.last().arriving()),
              "%d".formatted(run.last().allDead())));
    }
    return new Table(
        "After training; the gradient at the 1st hidden layer over that at the last", rows);
  }

  /** The gradient that reaches each layer before training. */
  static Table gradients(List<Run> runs) {
    return byLayer(
        "Gradient that reaches each hidden layer before training",
        runs,
        (run, layer) -> "%.2g".formatted(run.first().gradients()[layer]));
  }

  /** What the activations let through. */
  static Table slopes(List<Run> runs) {
    return byLayer(
        "Slope of the activation in each hidden layer before training, root mean square",
        runs,
        (run, layer) -> "%.2f".formatted(run.first().slopes()[layer]));
  }

  /** The dead units of each layer. */
  static Table dead(List<Run> runs) {
    return byLayer(
        "Dead units of the %d in each hidden layer after training".formatted(Network.WIDTH),
        runs,
        (run, layer) -> "%d".formatted(run.last().dead()[layer]));
  }

  private interface Cell {
    String of(Run run, int layer);
  }

  private static Table byLayer(String title, List<Run> runs, Cell cell) {
    int depth = runs.get(0).first().gradients().length;
    List<List<String>> rows = new ArrayList<>();
    rows.add(row("layer", depth, layer -> "%d".formatted(layer + 1)));
    for (Run run : runs) {
      rows.add(row(run.name(), depth, layer -> cell.of(run, layer)));
    }
    return new Table(title, rows);
  }

  private static List<String> row(String head, int depth, IntFunction<String> cell) {
    List<String> row = new ArrayList<>(List.of(head));
    IntStream.range(0, depth).mapToObj(cell).forEach(row::add);
    return row;
  }

  /** Returns the table as lines, the columns side by side. */
  String text() {
    StringBuilder text = new StringBuilder(title).append('\n');
    for (List<String> row : rows) {
      StringBuilder line = new StringBuilder();
      for (int i = 0; i < row.size(); i++) {
        int column = i;
        int width = rows.stream().mapToInt(each -> each.get(column).length()).max().orElseThrow();
        line.append(("  %" + (i == 0 ? "-" : "") + width + "s").formatted(row.get(i)));
      }
      text.append(line).append('\n');
    }
    return text.toString();
  }

  /** Returns the table as HTML. */
  String html() {
    return rows.stream()
        .map(row -> html(row, row == rows.get(0) ? "th" : "td"))
        .collect(
            Collectors.joining(
                "", "<h3>%s</h3>\n<table>\n".formatted(Html.escaped(title)), "</table>\n"));
  }

  private static String html(List<String> row, String tag) {
    return IntStream.range(0, row.size())
        .mapToObj(
            i ->
                "<%s%s>%s</%s>"
                    .formatted(
                        tag, i == 0 ? "" : " class=\"number\"", Html.escaped(row.get(i)), tag))
        .collect(Collectors.joining("", "<tr>", "</tr>\n"));
  }
}
