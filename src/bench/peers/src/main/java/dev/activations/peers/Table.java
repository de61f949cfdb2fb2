package dev.activations.peers;

import dev.activations.api.Direction;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;

/** What a run has measured, as rows with names and as Markdown. */
final class Table {
  /**
   * One benchmark's result.
   *
   * @param library the stem of a {@link Library}, or {@link PeerBenchmark#COPY}
   * @param nanos the time of a pass
   */
  record Timing(
      String library, String kind, String direction, int count, int threads, double nanos) {
    boolean isCopy() {
      return library.equals(PeerBenchmark.COPY);
    }

    /** Bytes a nanosecond: a copy and a forward pass move two arrays, a backward pass three. */
    double gigabytes() {
      int arrays = !isCopy() && direction.equals(Direction.BACKWARD.stem()) ? 3 : 2;
      return (double) count * Float.BYTES * arrays / nanos;
    }
  }

  /** Measures the errors of what was timed. */
  interface Judge {
    Errors errors(String library, String kind, String direction);
  }

  private Table() {}

  /** One row for each timing but the copies, of which the fastest of each size is the measure. */
  static List<Map<String, Object>> rows(Collection<Timing> timings, Judge judge) {
    Map<Integer, Double> copies = new TreeMap<>();
    for (Timing timing : timings) {
      if (timing.isCopy()) {
        copies.merge(timing.count, timing.gigabytes(), Math::max);
      }
    }
    Map<List<String>, Errors> judged = new LinkedHashMap<>();
    List<Map<String, Object>> rows = new ArrayList<>();
    for (Timing timing : timings) {
      if (timing.isCopy()) {
        continue;
      }
      Errors errors =
          judged.computeIfAbsent(
              List.of(timing.library, timing.kind, timing.direction),
              key -> judge.errors(timing.library, timing.kind, timing.direction));
      Map<String, Object> row = new LinkedHashMap<>();
      row.put("kind", timing.kind);
      row.put("direction", timing.direction);
      row.put("count", timing.count);
      row.put("threads", timing.threads);
      row.put("library", timing.library);
      row.put("nsPerElement", timing.nanos / timing.count);
      row.put("gigabytesPerSecond", timing.gigabytes());
      row.put("shareOfCopy", timing.gigabytes() / copies.getOrDefault(timing.count, Double.NaN));
      row.put("largestErrorUlp", errors.everywhere());
      row.put("largestErrorUlpMiddle", errors.middle());
      rows.add(row);
    }
    return rows;
  }

  static String markdown(List<Map<String, Object>> rows) {
    StringBuilder table = new StringBuilder();
    table.append(
        """
        Java %s, %d processors, %s; float32, direct buffers, the fastest of the iterations. GB/s
        read and written; the share is of the fastest copy of as many elements in the same run, by
        one thread. Errors in ULP: of random bit patterns, and in [-4, 4].

        | activation | direction | elements | threads | library | ns/element | GB/s | of copy | error | in [-4, 4] |
        |---|---|---|---|---|---|---|---|---|---|
        """
            .formatted(
                System.getProperty("java.version"),
                Runtime.getRuntime().availableProcessors(),
                LocalDate.now()));
    for (Map<String, Object> row : rows) {
      table.append(
          String.format(
              Locale.ROOT,
              "| %s | %s | %d | %d | %s | %.3f | %.2f | %.2f | %.3g | %.3g |%n",
              row.values().toArray()));
    }
    return table.toString();
  }
}
