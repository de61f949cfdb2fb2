package dev.activations.cli;

import dev.activations.api.Device;
import dev.activations.api.Finding;
import dev.activations.api.Kind;
import dev.activations.verify.Check;
import dev.activations.verify.Conformance;
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
      "Takes up to a minute. A device that warned, with a caveat, may fail;",
      "any other that does makes the exit code 1.",
    })
final class VerifyCommand implements Callable<Integer> {
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
  public Integer call() {
    List<Kind> kinds = Kinds.named(names);
    boolean allWell = true;
    for (Device device : chosen()) {
      allWell &= verify(device, kinds) || device.caveat().isPresent();
    }
    return allWell ? 0 : 1;
  }

  private List<Device> chosen() {
    if (selector != null) {
      return List.of(devices.choose(selector).device());
    }
    List<Finding> findings = devices.findings();
    for (Finding finding : findings) {
      if (!finding.isUsable()) {
        screen.out().println(finding);
      }
    }
    return findings.stream().flatMap(finding -> finding.device().stream()).toList();
  }

  private boolean verify(Device device, List<Kind> kinds) {
    List<Check> checks = Conformance.run(device, kinds, this::show);
    int failures = Check.failures(checks).size();
    screen
        .out()
        .printf(
            "%s (%s): %d of %d checks passed%s%n",
            device.id(),
            device.name(),
            checks.size() - failures,
            checks.size(),
            device.caveat().map(caveat -> "; it warned: " + caveat).orElse(""));
    return failures == 0;
  }

  private void show(Check check) {
    if (verbose || !check.passed()) {
      screen.out().println("  " + check);
    }
  }
}
