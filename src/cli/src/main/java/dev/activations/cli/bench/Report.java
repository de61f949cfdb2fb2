package dev.activations.cli.bench;

import dev.activations.api.Device;
import dev.activations.cli.Environment;
import dev.activations.cli.Html;
import dev.activations.cli.ReportFiles.Form;
import dev.activations.cli.Table;
import dev.activations.cli.Table.Column;
import dev.activations.cli.bench.Row.Key;
import java.io.IOException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Function;

/**
 * What {@code activations bench} measured on a machine.
 *
 * @param when it began
 * @param command what the user typed
 * @param warmUp that of {@link Timing}, in seconds
 * @param system the versions of everything that is no device
 * @param devices those that were measured
 * @param notes what was not measured, and why
 * @param rows all measurements
 */
record Report(
    Instant when,
    String command,
    double warmUp,
    Map<String, String> system,
    List<Measured> devices,
    List<String> notes,
    List<Row> rows) {
  /** The form with charts. */
  static final String HTML = ".html";

  /** The forms for people, in which a report that was read can be written, too. */
  static final List<Form<Report>> PAGES =
      List.of(new Form<>(HTML, Report::html), new Form<>(".md", Report::markdown));

  static final List<Form<Report>> FORMS =
      List.of(
          PAGES.get(0),
          PAGES.get(1),
          new Form<>(".jmh.json", JmhJson::of),
          new Form<>(".json", ReportJson::of));

  static final String LEGEND =
      """
      GB/s read and written, the median of several runs; ± half of the distance between the quartiles;
      and the share of the speed of a copy of as many bytes in the same place and run: on a device
      the identity, on the host a plain copy by one thread.
      """;

  /**
   * A device that was measured.
   *
   * @param details its driver, memory and the like
   */
  record Measured(String id, String name, Map<String, String> details) {
    static Measured of(Device device) {
      return new Measured(device.id(), device.name(), Environment.of(device));
    }

    @Override
    public String toString() {
      return "%s (%s)".formatted(id, name);
    }
  }

  /** Returns the devices side by side: a row for each pass, in which each device has a column. */
  Table<Key> sideBySide() {
    Map<Key, Map<String, Row>> passes = new LinkedHashMap<>();
    for (Row row : rows) {
      Key anywhere = row.key().on("");
      passes.computeIfAbsent(anywhere, key -> new LinkedHashMap<>()).put(row.key().device(), row);
    }
    List<Column<Key>> columns = new ArrayList<>(what(key -> key));
    for (Measured device : devices) {
      columns.add(
          Column.number(
              device.id(),
              key -> {
                Row row = passes.get(key).get(device.id());
                return row == null
                    ? ""
                    : "%s ±%s %6s".formatted(rate(row), percent(row.times().spread()), share(row));
              }));
    }
    return new Table<>(columns, List.copyOf(passes.keySet()));
  }

  /** Returns a row for each measurement. */
  private Table<Row> table() {
    List<Column<Row>> columns = new ArrayList<>();
    columns.add(Column.text("device", row -> row.key().device()));
    columns.addAll(what(Row::key));
    columns.add(Column.number("ns/element", row -> "%.4f".formatted(row.nanos())));
    columns.add(Column.number("±", row -> percent(row.times().spread())));
    columns.add(Column.number("runs", row -> "%d".formatted(row.times().seconds().size())));
    columns.add(Column.number("GB/s", Report::rate));
    columns.add(Column.number("of copy", Report::share));
    return new Table<>(columns, rows);
  }

  /** Returns the columns that say what was measured. */
  static <T> List<Column<T>> what(Function<T, Key> key) {
    return List.of(
        Column.text("activation", row -> key.apply(row).activation()),
        Column.text("direction", row -> key.apply(row).direction()),
        Column.text("dtype", row -> key.apply(row).dtype()),
        Column.text("data", row -> key.apply(row).data()),
        Column.number("elements", row -> "%,d".formatted(key.apply(row).elements())));
  }

  /** Returns GB/s. */
  static String rate(Row row) {
    double rate = row.rate() / 1e9;
    return (rate < 10 ? "%.2f" : "%.1f").formatted(rate);
  }

  private static String share(Row row) {
    return row.key().activation().equals(Row.COPY) ? "copy" : percent(row.share());
  }

  static String percent(double share) {
    return (share < 0.0995 ? "%.1f %%" : "%.0f %%").formatted(100 * share);
  }

  /** Returns where, when and how this was measured. */
  Map<String, String> facts() {
    Map<String, String> facts = new LinkedHashMap<>();
    facts.put("date", when.toString());
    facts.put("command", command);
    facts.put("warm-up", "%s s".formatted(warmUp));
    facts.putAll(system);
    return facts;
  }

  /** Returns what a terminal shows: the devices side by side. */
  String text() {
    List<String> lines = new ArrayList<>();
    devices.forEach(device -> lines.add(device.toString()));
    lines.addAll(notes);
    lines.add("");
    lines.addAll(sideBySide().lines());
    return String.join("\n", lines) + "\n" + LEGEND;
  }

  private String markdown() {
    StringBuilder text = new StringBuilder("# Activations on these devices\n\n");
    text.append(LEGEND).append('\n').append(Markdown.list(facts()));
    for (Measured device : devices) {
      text.append("\n## %s\n\n".formatted(device)).append(Markdown.list(device.details()));
    }
    text.append("\n## Side by side\n\n").append(sideBySide().markdown());
    text.append("\n## All measurements\n\n").append(table().markdown());
    if (!notes.isEmpty()) {
      text.append("\n## Not measured\n\n").append(Markdown.list(notes));
    }
    return text.toString();
  }

  private String html() throws IOException {
    StringBuilder body = new StringBuilder("<h1>Activations on these devices</h1>\n");
    body.append("<p>%s</p>\n".formatted(Html.escaped(LEGEND))).append(Html.definitions(facts()));
    for (Measured device : devices) {
      body.append("<h2>%s</h2>\n".formatted(Html.escaped(device.toString())));
      body.append(Html.definitions(device.details()));
    }
    body.append("<h2>Rooflines</h2>\n").append(Roofline.html(List.of(this)));
    body.append("<h2>Side by side</h2>\n").append(sideBySide().html());
    body.append("<h2>All measurements</h2>\n").append(table().html());
    if (!notes.isEmpty()) {
      body.append("<h2>Not measured</h2>\n").append(Html.list(notes));
    }
    return Html.page("Activations on these devices", body.toString());
  }
}
