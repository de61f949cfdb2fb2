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

/** {@code activations bench show}: what was measured before. */
@Command(
    name = "show",
    description = "Shows a report that was written before, also on another machine.",
    footer = {
      "",
      "Where Java cannot draw, measure with --report here.json, and draw elsewhere.",
      "",
      "Example:",
      "  activations bench show here.json --report here.html",
    })
final class ShowCommand implements Callable<Integer> {
  private final Screen screen;

  @Spec private CommandSpec spec;

  @Parameters(
      index = "0",
      paramLabel = "<report>",
      description = "A .json of 'activations bench --report'.")
  private Path file;

  @Option(
      names = "--report",
      paramLabel = "<file>",
      description = "Write it as a page: .html, with charts, or .md. May stand several times.")
  private List<Path> reports = List.of();

  @Option(
      names = {"-h", "--help"},
      usageHelp = true,
      description = "Show this help.")
  private boolean help;

  ShowCommand(Screen screen) {
    this.screen = screen;
  }

  @Override
  public Integer call() throws IOException {
    BenchCommand.checkAlone(spec);
    Report report = ReportJson.read(file);
    try (ReportFiles<Report> files = new ReportFiles<>(reports, Report.PAGES)) {
      screen.out().print(report.text());
      files.write(report);
    }
    return 0;
  }
}
