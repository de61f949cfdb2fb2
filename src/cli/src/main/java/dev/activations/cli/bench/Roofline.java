package dev.activations.cli.bench;

import dev.activations.cli.bench.Row.Key;
import dev.activations.cli.plot.Chart;
import dev.activations.cli.plot.Drawing;
import dev.activations.cli.plot.Figure;
import dev.activations.cli.plot.Palette;
import java.io.IOException;
import java.util.List;
import java.util.NavigableMap;
import java.util.TreeMap;
import java.util.function.ToDoubleFunction;

/** Charts of the bytes moved over the time, under the roof that the copy of the same device is. */
final class Roofline {
  private static final int WIDTH = 900;
  private static final int HEIGHT = 560;
  private static final int GREY = 0x999999;

  private Roofline() {}

  /**
   * Draws a chart for each device, direction, type and place.
   *
   * @param reports one, or two, a and b, of which the lines of b are dashed
   */
  static String html(List<Report> reports) throws IOException {
    List<Row> rows = reports.stream().flatMap(report -> passes(report).stream()).toList();
    List<String> activations = rows.stream().map(row -> row.key().activation()).distinct().toList();
    List<Key> charts = rows.stream().map(row -> chart(row.key())).distinct().toList();
    StringBuilder html =
        new StringBuilder(
            """
            <p>The grey line is the copy. The nearer another is to it, the less there is to gain for
            the pass alone; passes that are fused move fewer bytes. Data in a cache is faster.</p>
            """);
    Drawing.run(
        () -> {
          for (Key chart : charts) {
            html.append(figure(chart, activations, reports).html());
          }
        });
    return html.toString();
  }

  private static List<Row> passes(Report report) {
    return report.rows().stream().filter(row -> !row.key().activation().equals(Row.COPY)).toList();
  }

  /** Returns what the measurements in a chart have in common. */
  private static Key chart(Key key) {
    return new Key(key.device(), "", key.direction(), key.dtype(), key.data(), 0);
  }

  private static Figure figure(Key key, List<String> activations, List<Report> reports) {
    String title =
        "%s: %s of %s, data on the %s"
            .formatted(key.device(), key.direction(), key.dtype(), key.data());
    Chart chart = new Chart("", "elements", "GB/s read and written", WIDTH, HEIGHT);
    chart.scaleByFactors();
    chart.scaleXByFactors();
    for (Report report : reports) {
      boolean dashed = report != reports.get(0);
      String suffix = reports.size() == 1 ? "" : dashed ? ", b" : ", a";
      List<Row> rows = passes(report).stream().filter(row -> chart(row.key()).equals(key)).toList();
      add(chart, Row.COPY + suffix, rows, Row::copy, GREY, dashed);
      for (String activation : activations) {
        List<Row> its =
            rows.stream().filter(row -> row.key().activation().equals(activation)).toList();
        int color = Palette.color(activations.indexOf(activation) % Palette.size());
        add(chart, activation + suffix, its, Row::rate, color, dashed);
      }
    }
    String stem = String.join("-", key.device(), key.direction(), key.dtype(), key.data());
    return new Figure(stem, title, title, chart);
  }

  private static void add(
      Chart chart,
      String label,
      List<Row> rows,
      ToDoubleFunction<Row> rate,
      int color,
      boolean dashed) {
    NavigableMap<Long, Double> points = new TreeMap<>();
    rows.forEach(row -> points.put(row.key().elements(), rate.applyAsDouble(row) / 1e9));
    if (!points.isEmpty()) {
      double[] x = points.keySet().stream().mapToDouble(Long::doubleValue).toArray();
      double[] y = points.values().stream().mapToDouble(Double::doubleValue).toArray();
      chart.add(label, x, y, color, dashed);
    }
  }
}
