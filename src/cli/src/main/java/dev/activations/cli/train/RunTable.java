package dev.activations.cli.train;

import dev.activations.cli.Html;
import dev.activations.cli.Table;
import dev.activations.cli.Table.Column;
import java.util.ArrayList;
import java.util.List;

/**
 * A table of networks.
 *
 * @param title what the numbers are
 * @param table a row for each network
 */
record RunTable(String title, Table<Run> table) {

  /** What the networks came to. */
  static RunTable results(List<Run> runs) {
    return new RunTable(
        "After training; the gradient at the 1st hidden layer over that at the last",
        new Table<>(
            List.of(
                Column.text("activation", Run::name),
                Column.number("init", run -> run.initialization().toString()),
                Column.number("loss", run -> "%.4f".formatted(run.last().loss())),
                Column.number("right", run -> "%.1f %%".formatted(100 * run.last().accuracy())),
                Column.number("1st/last before", run -> "%.2g".formatted(run.first().arriving())),
                Column.number("after", run -> "%.2g".formatted(run.last().arriving())),
                Column.number("dead units", run -> "%d".formatted(run.last().allDead()))),
            runs));
  }

  /** The gradient that reaches each layer before training. */
  static RunTable gradients(List<Run> runs) {
    return byLayer(
        "Gradient that reaches each hidden layer before training",
        runs,
        (run, layer) -> "%.2g".formatted(run.first().gradients()[layer]));
  }

  /** What the activations let through. */
  static RunTable slopes(List<Run> runs) {
    return byLayer(
        "Slope of the activation in each hidden layer before training, root mean square",
        runs,
        (run, layer) -> "%.2f".formatted(run.first().slopes()[layer]));
  }

  /** The dead units of each layer. */
  static RunTable dead(List<Run> runs) {
    return byLayer(
        "Dead units of the %d in each hidden layer after training".formatted(Network.WIDTH),
        runs,
        (run, layer) -> "%d".formatted(run.last().dead()[layer]));
  }

  private interface Cell {
    String of(Run run, int layer);
  }

  private static RunTable byLayer(String title, List<Run> runs, Cell cell) {
    int depth = runs.get(0).first().gradients().length;
    List<Column<Run>> columns = new ArrayList<>(List.of(Column.text("layer", Run::name)));
    for (int i = 0; i < depth; i++) {
      int layer = i;
      columns.add(Column.number("%d".formatted(i + 1), run -> cell.of(run, layer)));
    }
    return new RunTable(title, new Table<>(columns, runs));
  }

  /** Returns the table as lines, the columns side by side. */
  String text() {
    StringBuilder text = new StringBuilder(title).append('\n');
    table.lines().forEach(line -> text.append("  ").append(line).append('\n'));
    return text.toString();
  }

  /** Returns the table as HTML. */
  String html() {
    return "<h3>%s</h3>\n%s".formatted(Html.escaped(title), table.html());
  }
}
