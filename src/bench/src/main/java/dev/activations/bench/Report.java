package dev.activations.bench;

import dev.activations.api.Direction;
import dev.activations.api.Kind;
import java.io.PrintStream;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import org.openjdk.jmh.infra.BenchmarkParams;
import org.openjdk.jmh.results.RunResult;

/**
 * Speeds as shares of a copy's, in bytes read and written for each second: 8 bytes an element for a
 * forward pass and a copy, 12 for a backward pass, which reads the gradient too, and for one that
 * writes the derivative too. There are two copies: one by the host, and the identity on the same
 * device with the data in the same place.
 */
record Report(List<Row> rows) {

  /**
   * One measurement.
   *
   * @param nanos nanoseconds an element
   * @param bytesPerNano bytes read and written a nanosecond, which is GB/s
   * @param copyBytesPerNano the same for a copy of as many elements; NaN if none was measured
   * @param identityBytesPerNano the same for the identity; NaN if it was not measured
   */
  record Row(
      String device,
      String kind,
      String direction,
      String data,
      int count,
      double nanos,
      double bytesPerNano,
      double copyBytesPerNano,
      double identityBytesPerNano) {

    double ofCopy() {
      return bytesPerNano / copyBytesPerNano;
    }

    double ofIdentity() {
      return bytesPerNano / identityBytesPerNano;
    }
  }

  static Report of(Collection<RunResult> results) {
    Map<Integer, Double> copies = new TreeMap<>();
    Map<List<String>, Double> identities = new HashMap<>();
    for (RunResult result : results) {
      if (isCopy(result)) {
        copies.put(count(result), speed(result));
      } else if (isPass(result) && isIdentity(result)) {
        identities.put(place(result), speed(result));
      }
    }
    List<Row> rows = new ArrayList<>();
    for (RunResult result : results) {
      if (isPass(result)) {
        BenchmarkParams params = result.getParams();
        rows.add(
            new Row(
                params.getParam("device"),
                params.getParam("kind"),
                params.getParam("direction"),
                params.getParam("data"),
                count(result),
                nanos(result) / count(result),
                speed(result),
                copies.getOrDefault(count(result), Double.NaN),
                identities.getOrDefault(place(result), Double.NaN)));
      }
    }
    return new Report(rows);
  }

  void print(PrintStream out) {
    out.printf(
        "%n%-12s %-11s %-10s %-6s %10s %10s %8s %8s %12s%n",
        "device",
        "kind",
        "direction",
        "data",
        "count",
        "ns/element",
        "GB/s",
        "of copy",
        "of identity");
    for (Row row : rows) {
      out.printf(
          Locale.ROOT,
          "%-12s %-11s %-10s %-6s %10d %10.4f %8.2f %8s %12s%n",
          row.device,
          row.kind,
          row.direction,
          row.data,
          row.count,
          row.nanos,
          row.bytesPerNano,
          share(row.ofCopy()),
          share(row.ofIdentity()));
    }
    out.println(
        "GB/s read and written. A copy is one thread's, in the host's memory; the identity is"
            + " linear forward on the same device, with its data in the same place.");
  }

  private static String share(double share) {
    return Double.isNaN(share) ? "" : String.format(Locale.ROOT, "%.2f", share);
  }

  private static boolean isPass(RunResult result) {
    return result.getParams().getBenchmark().startsWith(PassBenchmark.class.getName());
  }

  private static boolean isIdentity(RunResult result) {
    BenchmarkParams params = result.getParams();
    return Kind.LINEAR.stem().equals(params.getParam("kind"))
        && Direction.FORWARD.stem().equals(params.getParam("direction"));
  }

  /** What a measurement shares with the identity that it is compared with. */
  private static List<String> place(RunResult result) {
    BenchmarkParams params = result.getParams();
    return List.of(params.getParam("device"), params.getParam("data"), params.getParam("count"));
  }

  private static boolean isCopy(RunResult result) {
    return result.getParams().getBenchmark().startsWith(CopyBenchmark.class.getName());
  }

  private static int count(RunResult result) {
    return Integer.parseInt(result.getParams().getParam("count"));
  }

  private static double speed(RunResult result) {
    String direction = result.getParams().getParam("direction");
    boolean three =
        Direction.BACKWARD.stem().equals(direction)
            || Direction.BACKWARD_FROM_OUTPUT.stem().equals(direction)
            || PassBenchmark.BOTH.equals(direction);
    double bytes = (double) count(result) * Float.BYTES * (three ? 3 : 2);
    return bytes / nanos(result);
  }

  /** Nanoseconds of one pass or copy. */
  private static double nanos(RunResult result) {
    String passes = result.getParams().getParam("passes");
    return result.getPrimaryResult().getScore() / (passes == null ? 1 : Integer.parseInt(passes));
  }
}
