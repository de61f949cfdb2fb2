package dev.activations.bench;

import dev.activations.api.Direction;
import java.io.PrintStream;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import org.openjdk.jmh.infra.BenchmarkParams;
import org.openjdk.jmh.results.RunResult;

/**
 * Speeds as shares of the copy's, in bytes read and written for each second: 8 bytes an element for
 * a forward pass and a copy, 12 for a backward pass, which reads the gradient too.
 */
record Report(List<Row> rows) {

  /**
   * One measurement.
   *
   * @param nanos nanoseconds an element
   * @param bytesPerNano bytes read and written a nanosecond, which is GB/s
   * @param copyBytesPerNano the same for a copy of as many elements; NaN if none was measured
   */
  record Row(
      String device,
      String kind,
      String direction,
      String data,
      int count,
      double nanos,
      double bytesPerNano,
      double copyBytesPerNano) {

    double share() {
      return bytesPerNano / copyBytesPerNano;
    }
  }

  static Report of(Collection<RunResult> results) {
    Map<Integer, Double> copies = new TreeMap<>();
    for (RunResult result : results) {
      if (isCopy(result)) {
        copies.put(count(result), speed(result));
      }
    }
    List<Row> rows = new ArrayList<>();
    for (RunResult result : results) {
      if (!isCopy(result)) {
        BenchmarkParams params = result.getParams();
        rows.add(
            new Row(
                params.getParam("device"),
                params.getParam("kind"),
                params.getParam("direction"),
                params.getParam("data"),
                count(result),
                result.getPrimaryResult().getScore() / count(result),
                speed(result),
                copies.getOrDefault(count(result), Double.NaN)));
      }
    }
    return new Report(rows);
  }

  void print(PrintStream out) {
    out.printf(
        "%n%-12s %-11s %-10s %-6s %10s %10s %8s %8s%n",
        "device", "kind", "direction", "data", "count", "ns/element", "GB/s", "of copy");
    for (Row row : rows) {
      out.printf(
          Locale.ROOT,
          "%-12s %-11s %-10s %-6s %10d %10.3f %8.2f %8.2f%n",
          row.device,
          row.kind,
          row.direction,
          row.data,
          row.count,
          row.nanos,
          row.bytesPerNano,
          row.share());
    }
    out.println("GB/s read and written; a copy is one thread's, in the host's memory.");
  }

  private static boolean isCopy(RunResult result) {
    return result.getParams().getBenchmark().startsWith(CopyBenchmark.class.getName());
  }

  private static int count(RunResult result) {
    return Integer.parseInt(result.getParams().getParam("count"));
  }

  private static double speed(RunResult result) {
    boolean backward = Direction.BACKWARD.stem().equals(result.getParams().getParam("direction"));
    double bytes = (double) count(result) * Float.BYTES * (backward ? 3 : 2);
    return bytes / result.getPrimaryResult().getScore();
  }
}
