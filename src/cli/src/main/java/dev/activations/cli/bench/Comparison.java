package dev.activations.cli.bench;

import dev.activations.cli.Html;
import dev.activations.cli.ReportFiles.Form;
import dev.activations.cli.Table;
import dev.activations.cli.Table.Column;
import dev.activations.cli.bench.Report.Measured;
import dev.activations.cli.bench.Row.Key;
import dev.activations.files.InputException;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * Two reports side by side.
 *
 * @param a the first
 * @param b the second
 * @param pairs what both have measured
 */
record Comparison(Side a, Side b, List<Pair> pairs) {
  static final List<Form<Comparison>> FORMS =
      List.of(new Form<>(Report.HTML, Comparison::html), new Form<>(".md", Comparison::markdown));

  static final String LEGEND =
      """
      GB/s read and written, and how many times as fast b is as a: the time of a over that of b.
      Where the difference is within the spreads of both, neither is called faster.
      """;

  /**
   * One of the reports.
   *
   * @param name what the columns call it
   * @param file where it was read
   * @param alone what only this one has measured
   */
  record Side(String name, String file, Report report, List<Key> alone) {

    private Map<String, String> facts() {
      Map<String, String> facts = new LinkedHashMap<>();
      facts.put("file", file);
      facts.putAll(report.facts());
      for (Measured device : report.devices()) {
        List<String> said = new ArrayList<>(List.of(device.name()));
        device.details().forEach((key, value) -> said.add("%s: %s".formatted(key, value)));
        facts.put(device.id(), String.join("; ", said));
      }
      return facts;
    }

    /** Returns what is missing in the other report; a device that is missing there, in one line. */
    private List<String> missing(Side other) {
      List<String> there = other.report.devices().stream().map(Measured::id).toList();
      List<String> missing = new ArrayList<>();
      alone.stream()
          .map(Key::device)
          .filter(device -> !there.contains(device))
          .distinct()
          .forEach(device -> missing.add("only in %s: all of %s".formatted(name, device)));
      alone.stream()
          .filter(key -> there.contains(key.device()))
          .forEach(key -> missing.add("only in %s: %s".formatted(name, key)));
      return missing;
    }
  }

  /** A pass in both reports. */
  record Pair(Row a, Row b) {

    double ratio() {
      return a.times().median() / b.times().median();
    }

    /** Returns whether the difference is more than the spreads. */
    boolean differs() {
      return Math.abs(Math.log(ratio())) > a.times().spread() + b.times().spread();
    }
  }

  /**
   * Lays reports side by side.
   *
   * @throws InputException if they have nothing in common
   */
  static Comparison of(String fileA, Report a, String fileB, Report b) {
    Map<Key, Row> rowsA = byKey(a);
    Map<Key, Row> rowsB = byKey(b);
    List<Pair> pairs = new ArrayList<>();
    rowsA.forEach(
        (key, row) -> {
          if (rowsB.containsKey(key)) {
            pairs.add(new Pair(row, rowsB.get(key)));
          }
        });
    if (pairs.isEmpty()) {
      throw new InputException(
          "expected reports with a measurement in common, got one of %s and one of %s; measure the"
                  .formatted(a.devices(), b.devices())
              + " same activations, directions, types, places and sizes on devices of the same id");
    }
    return new Comparison(
        new Side("a", fileA, a, without(rowsA, rowsB)),
        new Side("b", fileB, b, without(rowsB, rowsA)),
        pairs);
  }

  private static Map<Key, Row> byKey(Report report) {
    Map<Key, Row> rows = new LinkedHashMap<>();
    report.rows().forEach(row -> rows.put(row.key(), row));
    return rows;
  }

  private static List<Key> without(Map<Key, Row> rows, Map<Key, Row> others) {
    return rows.keySet().stream().filter(key -> !others.containsKey(key)).toList();
  }

  private List<String> missing() {
    List<String> missing = new ArrayList<>(a.missing(b));
    missing.addAll(b.missing(a));
    return missing;
  }

  /** Returns the table of all pairs. */
  private Table<Pair> table() {
    List<Column<Pair>> columns = new ArrayList<>();
    columns.add(Column.text("device", pair -> pair.a().key().device()));
    columns.addAll(Report.what(pair -> pair.a().key()));
    columns.add(Column.number("a", pair -> Report.rate(pair.a())));
    columns.add(Column.number("b", pair -> Report.rate(pair.b())));
    columns.add(Column.number("b/a", pair -> "%.2f".formatted(pair.ratio())));
    columns.add(Column.text("faster", pair -> pair.differs() ? pair.ratio() > 1 ? "b" : "a" : ""));
    return new Table<>(columns, pairs);
  }

  /** Returns a row for each device. */
  private Table<Map.Entry<String, List<Double>>> summary() {
    Map<String, List<Double>> devices = new LinkedHashMap<>();
    for (Pair pair : pairs) {
      String device = pair.a().key().device();
      devices.computeIfAbsent(device, id -> new ArrayList<>()).add(pair.ratio());
    }
    return new Table<>(
        List.of(
            Column.text("device", Map.Entry::getKey),
            Column.number("measurements", ratios -> "%d".formatted(ratios.getValue().size())),
            Column.number(
                "least b/a", ratios -> "%.2f".formatted(Collections.min(ratios.getValue()))),
            Column.number(
                "geometric mean", ratios -> "%.2f".formatted(geometricMean(ratios.getValue()))),
            Column.number("most", ratios -> "%.2f".formatted(Collections.max(ratios.getValue())))),
        List.copyOf(devices.entrySet()));
  }

  private static double geometricMean(List<Double> ratios) {
    return Math.exp(ratios.stream().mapToDouble(Math::log).average().orElseThrow());
  }

  /** Returns the comparison as plain text. */
  String text() {
    StringBuilder text = new StringBuilder();
    for (Side side : List.of(a, b)) {
      text.append("%s%n".formatted(side.name()));
      side.facts().forEach((key, value) -> text.append("  %s: %s%n".formatted(key, value)));
      text.append('\n');
    }
    for (Table<?> table : List.of(table(), summary())) {
      table.lines().forEach(line -> text.append(line).append('\n'));
      text.append('\n');
    }
    missing().forEach(line -> text.append(line).append('\n'));
    return text.append(LEGEND).toString();
  }

  private String markdown() {
    StringBuilder text = new StringBuilder("# Activations on two machines\n\n");
    text.append(LEGEND);
    for (Side side : List.of(a, b)) {
      text.append("\n## %s\n\n".formatted(side.name())).append(Markdown.list(side.facts()));
    }
    text.append("\n## By device\n\n").append(summary().markdown());
    text.append("\n## By measurement\n\n").append(table().markdown());
    if (!missing().isEmpty()) {
      text.append("\n## Missing\n\n").append(Markdown.list(missing()));
    }
    return text.toString();
  }

  private String html() throws IOException {
    StringBuilder body = new StringBuilder("<h1>Activations on two machines</h1>\n");
    body.append("<p>%s</p>\n".formatted(Html.escaped(LEGEND)));
    for (Side side : List.of(a, b)) {
      body.append("<h2>%s</h2>\n".formatted(side.name())).append(Html.definitions(side.facts()));
    }
    body.append("<h2>By device</h2>\n").append(summary().html());
    body.append("<h2>Rooflines</h2>\n").append(Roofline.html(List.of(a.report(), b.report())));
    body.append("<h2>By measurement</h2>\n").append(table().html());
    if (!missing().isEmpty()) {
      body.append("<h2>Missing</h2>\n").append(Html.list(missing()));
    }
    return Html.page("Activations on two machines", body.toString());
  }
}
