package dev.activations.cli.bench;

import dev.activations.cli.ReportFiles;
import dev.activations.cli.Screen;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code activations bench compare}: two machines side by side. */
@Command(
    name = "compare",
    aliases = "--compare",
    description = "Lays two reports side by side, of two machines or of one at two times.",
    footer = {
      "",
      "Both are .json files of 'activations bench --report'. Measurements are matched",
      "by device id, activation, direction, type, place and size; what only one of the",
      "two has is named.",
      "",
      "Example:",
      "  activations bench compare here.json there.json --report both.html",
    })
final class CompareCommand implements Callable<Integer> {
  private final Screen screen;

  @Spec private CommandSpec spec;

  @Parameters(index = "0", paramLabel = "<a>", description = "The report that is 1.")
  private Path a;

  @Parameters(index = "1", paramLabel = "<b>", description = "The report that is held against it.")
  private Path b;

  @Option(
      names = "--report",
      paramLabel = "<file>",
      description = "Write the comparison: .html, with charts, or .md. May stand several times.")
  private List<Path> reports = List.of();

  @Option(
      names = {"-h", "--help"},
      usageHelp = true,
      description = "Show this help.")
  private boolean help;

  CompareCommand(Screen screen) {
    this.screen = screen;
  }

  @Override
  public Integer call() throws IOException {
    BenchCommand.checkAlone(spec);
    Comparison comparison =
        Comparison.of(a.toString(), ReportJson.read(a), b.toString(), ReportJson.read(b));
    try (ReportFiles<Comparison> files = new ReportFiles<>(reports, Comparison.FORMS)) {
      screen.out().print(comparison.text());
      files.write(comparison);
    }
    return 0;
  }
}
