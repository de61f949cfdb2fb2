package dev.activations.peers;

import com.fasterxml.jackson.jr.ob.JSON;
import dev.activations.api.Direction;
import dev.activations.api.Kind;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import org.openjdk.jmh.results.RunResult;
import org.openjdk.jmh.runner.Runner;
import org.openjdk.jmh.runner.RunnerException;
import org.openjdk.jmh.runner.options.CommandLineOptionException;
import org.openjdk.jmh.runner.options.CommandLineOptions;
import org.openjdk.jmh.runner.options.OptionsBuilder;

/**
 * Runs {@link PeerBenchmark} with JMH's arguments, measures the errors of each function that ran,
 * and writes both as a table: {@code peers.md} and {@code peers.json} in the directory that the
 * system property {@code peers.out} names.
 */
public final class Main {
  private Main() {}

  /** The command. */
  public static void main(String[] arguments)
      throws RunnerException, IOException, CommandLineOptionException {
    Collection<RunResult> results =
        new Runner(
                new OptionsBuilder()
                    .parent(new CommandLineOptions(arguments))
                    .include(PeerBenchmark.class.getName())
                    .build())
            .run();
    List<Map<String, Object>> rows = rows(results);
    Path directory = Files.createDirectories(Path.of(System.getProperty("peers.out", ".")));
    Files.writeString(directory.resolve("peers.json"), JSON.std.asString(rows) + "\n");
    String table = markdown(rows);
    Files.writeString(directory.resolve("peers.md"), table);
    System.out.println(table);
  }

  private static List<Map<String, Object>> rows(Collection<RunResult> results) {
    Map<String, Double> copies = new TreeMap<>();
    for (RunResult result : results) {
      if (parameter(result, "library").equals(PeerBenchmark.COPY)) {
        copies.merge(parameter(result, "count"), gigabytes(result), Math::max);
      }
    }
    Map<List<String>, Errors> errors = new LinkedHashMap<>();
    List<Map<String, Object>> rows = new ArrayList<>();
    for (RunResult result : results) {
      String library = parameter(result, "library");
      if (library.equals(PeerBenchmark.COPY)) {
        continue;
      }
      String kind = parameter(result, "kind");
      String direction = parameter(result, "direction");
      Errors error =
          errors.computeIfAbsent(
              List.of(library, kind, direction), key -> errors(library, kind, direction));
      Map<String, Object> row = new LinkedHashMap<>();
      row.put("kind", kind);
      row.put("direction", direction);
      row.put("count", Integer.parseInt(parameter(result, "count")));
      row.put("threads", Integer.parseInt(parameter(result, "threads")));
      row.put("library", library);
      row.put("nsPerElement", nanos(result) / Integer.parseInt(parameter(result, "count")));
      row.put("gigabytesPerSecond", gigabytes(result));
      row.put("shareOfCopy", gigabytes(result) / copies.get(parameter(result, "count")));
      row.put("largestErrorUlp", error.everywhere());
      row.put("largestErrorUlpMiddle", error.middle());
      rows.add(row);
    }
    return rows;
  }

  private static Errors errors(String library, String kind, String direction) {
    try (Library.Peer peer = Library.valueOf(library.toUpperCase(Locale.ROOT)).open(1)) {
      return Errors.of(
          peer, Kind.named(kind), Direction.valueOf(direction.toUpperCase(Locale.ROOT)));
    }
  }

  private static String markdown(List<Map<String, Object>> rows) {
    StringBuilder table = new StringBuilder();
    table.append(
        """
        Java %s, %d processors, %s; float32, direct buffers. GB/s read and written; the share is
        of the fastest copy of as many elements in the same run. Errors in ULP: of random bit
        patterns, and in [-4, 4].

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

  private static String parameter(RunResult result, String name) {
    return result.getParams().getParam(name);
  }

  private static double nanos(RunResult result) {
    return result.getPrimaryResult().getScore();
  }

  /** Bytes a nanosecond: a copy and a forward pass move two arrays, a backward pass three. */
  private static double gigabytes(RunResult result) {
    boolean three =
        !parameter(result, "library").equals(PeerBenchmark.COPY)
            && parameter(result, "direction").equals(Direction.BACKWARD.stem());
    double bytes = Double.parseDouble(parameter(result, "count")) * Float.BYTES * (three ? 3 : 2);
    return bytes / nanos(result);
  }
}
