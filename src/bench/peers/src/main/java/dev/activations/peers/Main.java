package dev.activations.peers;

import com.fasterxml.jackson.jr.ob.JSON;
import dev.activations.api.Direction;
import dev.activations.api.Kind;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Collection;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.openjdk.jmh.infra.BenchmarkParams;
import org.openjdk.jmh.results.RunResult;
import org.openjdk.jmh.runner.Runner;
import org.openjdk.jmh.runner.RunnerException;
import org.openjdk.jmh.runner.options.CommandLineOptionException;
import org.openjdk.jmh.runner.options.CommandLineOptions;
import org.openjdk.jmh.runner.options.OptionsBuilder;

/**
 * Runs {@link PeerBenchmark} with JMH's arguments, measures the errors of each function that ran,
 * and writes both as a table: {@code peers.md} and {@code peers.json} in {@code target} of the
 * module's directory, which the system property {@code peers.home} names.
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
    List<Map<String, Object>> rows =
        Table.rows(results.stream().map(Main::timing).toList(), Main::errors);
    Path directory = Files.createDirectories(Path.of(System.getProperty("peers.home"), "target"));
    Files.writeString(directory.resolve("peers.json"), JSON.std.asString(rows) + "\n");
    String table = Table.markdown(rows);
    Files.writeString(directory.resolve("peers.md"), table);
    System.out.println(table);
  }

  private static Table.Timing timing(RunResult result) {
    BenchmarkParams of = result.getParams();
    return new Table.Timing(
        of.getParam("library"),
        of.getParam("kind"),
        of.getParam("direction"),
        Integer.parseInt(of.getParam("count")),
        Integer.parseInt(of.getParam("threads")),
        // What else the machine does only slows an iteration down.
        result.getPrimaryResult().getStatistics().getMin());
  }

  private static Errors errors(String library, String kind, String direction) {
    try (Peer peer = Library.valueOf(library.toUpperCase(Locale.ROOT)).open(1)) {
      return Errors.of(
          peer, Kind.named(kind), Direction.valueOf(direction.toUpperCase(Locale.ROOT)));
    }
  }
}
