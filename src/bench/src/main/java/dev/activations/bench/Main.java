package dev.activations.bench;

import dev.activations.Devices;
import dev.activations.api.Device;
import dev.activations.api.DeviceUnavailableException;
import dev.activations.api.Finding;
import java.io.IOException;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import org.openjdk.jmh.results.RunResult;
import org.openjdk.jmh.runner.Runner;
import org.openjdk.jmh.runner.RunnerException;
import org.openjdk.jmh.runner.options.CommandLineOptionException;
import org.openjdk.jmh.runner.options.CommandLineOptions;
import org.openjdk.jmh.runner.options.OptionsBuilder;

/**
 * Runs the benchmarks on every usable device and prints what share of a plain copy's speed each
 * reaches. Takes JMH's arguments; {@code -p device=}, {@code kind=}, {@code direction=}, {@code
 * data=} and {@code count=} choose what is measured; {@code FusedBenchmark} compares a fused pass
 * with one for each of its parts.
 */
public final class Main {
  private Main() {}

  /** The command. */
  public static void main(String[] args) throws RunnerException, IOException {
    CommandLineOptions given;
    try {
      given = new CommandLineOptions(args);
    } catch (CommandLineOptionException e) {
      System.err.println(e.getMessage());
      System.exit(2);
      return;
    }
    if (given.shouldHelp()) {
      given.showHelp();
      return;
    }
    if (given.shouldList() || given.shouldListWithParams()) {
      new Runner(given).listWithParams(given);
      return;
    }
    OptionsBuilder options = new OptionsBuilder();
    options.parent(given);
    if (given.getIncludes().isEmpty()) {
      // What the report is about; other benchmarks run when they are named.
      options.include(PassBenchmark.class.getName()).include(CopyBenchmark.class.getName());
    }
    // Either devices are named, or all are taken that can be.
    if (given.getParameter("device").hasValue()) {
      try {
        given.getParameter("device").get().forEach(Devices::choose);
      } catch (DeviceUnavailableException e) {
        System.err.println(e.getMessage());
        System.exit(2);
      }
    } else {
      options.param("device", usable().toArray(String[]::new));
    }
    Collection<RunResult> results = new Runner(options.build()).run();
    Report report = Report.of(results);
    if (!report.rows().isEmpty()) {
      report.print(System.out);
    }
  }

  private static List<String> usable() {
    for (Finding finding : Devices.findings()) {
      System.err.println(finding);
    }
    return Devices.findings().stream()
        .map(Finding::device)
        .flatMap(Optional::stream)
        .map(Device::id)
        .toList();
  }
}
