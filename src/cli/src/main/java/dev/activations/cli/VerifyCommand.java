package dev.activations.cli;

import dev.activations.api.Device;
import dev.activations.api.Dtype;
import dev.activations.api.Finding;
import dev.activations.files.InputException;
import dev.activations.verify.Check;
import dev.activations.verify.Conformance;
import dev.activations.verify.Scope;
import dev.activations.verify.Verdict;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code activations verify}: the conformance suite on this machine's devices. */
@Command(
    name = "verify",
    description = "Holds every usable device against the definition, bit for bit.",
    footer = {
      "",
      "Also measures the largest error of each device's own results against an oracle",
      "that shares no formula with the library. Takes about a minute a device;",
      "--exhaustive takes every function through all 2^32 inputs: minutes on a GPU,",
      "half an hour on a CPU. A device that cannot promise equal bits is verified only",
      "when --device asks for it. Exit code 0 only if everything holds.",
    })
final class VerifyCommand implements Callable<Integer> {
  private static final Duration PATIENCE = Duration.ofSeconds(1);

  /** How finely progress is shown. */
  private static final int STEPS = 1000;

  private final Screen screen;
  private final DeviceSource devices;

  @Parameters(
      arity = "0..*",
      paramLabel = "<activation>",
      description = "Only these. Default: all.")
  private List<String> names = List.of();

  @Option(
      names = "--device",
      paramLabel = "<selector>",
      description = "Only this device: an id, back end, type or part of a name.")
  private String selector;

  @Option(
      names = "--inputs",
      paramLabel = "<n>",
      defaultValue = "4000000",
      description =
          "Random inputs of each function, besides the fixed ones. Default: ${DEFAULT-VALUE}.")
  private long inputs;

  @Option(names = "--exhaustive", description = "Compare the digests of all 2^32 inputs, too.")
  private boolean exhaustive;

  @Option(
      names = "--report",
      paramLabel = "<file>",
      description = "Write a report: .txt, .json or .html. May stand several times.")
  private List<Path> reports = List.of();

  @Option(
      names = {"-q", "--quiet"},
      description = "Show no progress.")
  private boolean quiet;

  @Option(
      names = {"-v", "--verbose"},
      description = "Show the checks that passed, too.")
  private boolean verbose;

  @Option(
      names = {"-h", "--help"},
      usageHelp = true,
      description = "Show this help.")
  private boolean help;

  VerifyCommand(Screen screen, DeviceSource devices) {
    this.screen = screen;
    this.devices = devices;
  }

  @Override
  public Integer call() throws IOException {
    if (inputs < 0) {
      throw new InputException("--inputs: expected a number from 0, got %d".formatted(inputs));
    }
    Scope scope = new Scope(Formulas.named(names), List.of(Dtype.values()), inputs, exhaustive);
    try (ReportFiles<VerifyReport> files = new ReportFiles<>(reports, VerifyReport.FORMS)) {
      VerifyReport report = verify(scope);
      files.write(report);
      return report.holds() ? 0 : 1;
    }
  }

  private VerifyReport verify(Scope scope) {
    Instant start = Instant.now().truncatedTo(ChronoUnit.SECONDS);
    List<Device> chosen = new ArrayList<>();
    List<Finding> others = new ArrayList<>();
    if (selector != null) {
      chosen.add(devices.choose(selector).device());
    } else {
      devices.findings().forEach(finding -> sort(finding, chosen, others));
    }
    others.forEach(screen.out()::println);
    List<Verdict> verdicts = new ArrayList<>();
    for (Device device : chosen) {
      Verdict verdict = verify(device, scope);
      screen.out().println(VerifyReport.headline(verdict));
      VerifyReport.table(verdict).lines().forEach(line -> screen.out().println("  " + line));
      verdicts.add(verdict);
    }
    return new VerifyReport(start, Environment.versions(), verdicts, others);
  }

  /** Puts a device with a caveat among the others: its failures are no news. */
  private static void sort(Finding finding, List<Device> chosen, List<Finding> others) {
    if (finding.device().isEmpty()) {
      others.add(finding);
      return;
    }
    Device device = finding.device().get();
    device
        .caveat()
        .ifPresentOrElse(
            caveat ->
                others.add(
                    Finding.unusable(
                        finding.backend(),
                        finding.id(),
                        finding.name(),
                        "It does not promise equal bits: " + caveat + ".",
                        "--device %s verifies it nevertheless.".formatted(finding.id()))),
            () -> chosen.add(device));
  }

  private Verdict verify(Device device, Scope scope) {
    Screen watched = quiet ? screen.unwatched() : screen;
    try (Progress progress = new Progress(watched, device.id(), STEPS, "", 1, PATIENCE)) {
      return Conformance.run(
          device,
          scope,
          new Conformance.Listener() {
            @Override
            public void checked(Check check) {
              if (verbose || !check.passed()) {
                screen.out().println("  " + check);
              }
            }

            @Override
            public synchronized void progressed(double share) {
              progress.at((long) (share * STEPS));
            }
          });
    }
  }
}
