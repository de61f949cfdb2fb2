package dev.activations.cli;

import com.fasterxml.jackson.jr.ob.JSON;
import dev.activations.Choice;
import dev.activations.api.Device;
import dev.activations.api.DeviceUnavailableException;
import dev.activations.api.Dtype;
import dev.activations.api.Finding;
import java.io.IOException;
import java.io.PrintStream;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.function.Supplier;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** {@code activations devices}: every device, usable or not, with the reason and the remedy. */
@Command(
    name = "devices",
    description = "Shows every device, why it can or cannot be used, and what to do about it.",
    footer = {
      "",
      "Below the table stands which device would be chosen. ACTIVATIONS_DEVICE in the",
      "environment asks for another; then that one is used, or the command fails.",
    })
final class DevicesCommand implements Callable<Integer> {
  private final Screen screen;
  private final DeviceSource devices;

  @Option(names = "--json", description = "Write JSON, for programs.")
  private boolean json;

  @Option(
      names = {"-h", "--help"},
      usageHelp = true,
      description = "Show this help.")
  private boolean help;

  DevicesCommand(Screen screen, DeviceSource devices) {
    this.screen = screen;
    this.devices = devices;
  }

  @Override
  public Integer call() throws IOException {
    List<Finding> findings = devices.findings();
    if (json) {
      screen.out().println(json(findings));
    } else {
      table(findings);
      screen.out().println("For data that lives on it: " + choice(devices::best));
      screen.out().println("For data in files:         " + choice(devices::forHostData));
    }
    return 0;
  }

  private void table(List<Finding> findings) {
    PrintStream out = screen.out();
    int width = findings.stream().mapToInt(finding -> finding.id().length()).max().orElse(0);
    String row = "%-" + Math.max("ID".length(), width) + "s  %-8s  %-6s  %s%n";
    out.printf(row, "ID", "BACK END", "USABLE", "NAME");
    for (Finding finding : findings) {
      out.printf(
          row, finding.id(), finding.backend(), finding.isUsable() ? "yes" : "no", finding.name());
      details(finding).forEach((key, value) -> out.printf("    %s: %s%n", key, value));
    }
    out.println();
  }

  /** What stands below a finding's row: the reason, and whatever else there is. */
  private static Map<String, String> details(Finding finding) {
    Map<String, String> details = new LinkedHashMap<>();
    details.put("reason", finding.reason());
    if (!finding.remedy().isEmpty()) {
      details.put("remedy", finding.remedy());
    }
    finding
        .device()
        .ifPresent(
            device -> {
              device.caveat().ifPresent(caveat -> details.put("caveat", caveat));
              details.put("types", String.join(", ", types(device)));
              for (Dtype dtype : Dtype.values()) {
                device
                    .obstacle(dtype)
                    .ifPresent(obstacle -> details.put("no " + dtype.label(), obstacle.reason()));
              }
              details.putAll(device.properties());
            });
    return details;
  }

  private static List<String> types(Device device) {
    return device.dtypes().stream().map(Dtype::label).toList();
  }

  private static String choice(Supplier<Choice> choosing) {
    try {
      return choosing.get().toString();
    } catch (DeviceUnavailableException e) {
      return "none, " + headline(e);
    }
  }

  /** Returns a message without the findings that follow in it, which are shown anyway. */
  static String headline(DeviceUnavailableException e) {
    return e.getMessage().lines().findFirst().orElseThrow().replace(". Found:", "");
  }

  private static String json(List<Finding> findings) throws IOException {
    return JSON.std
        .with(JSON.Feature.PRETTY_PRINT_OUTPUT, JSON.Feature.WRITE_NULL_PROPERTIES)
        .asString(findings.stream().map(DevicesCommand::map).toList());
  }

  private static Map<String, Object> map(Finding finding) {
    Map<String, Object> map = new LinkedHashMap<>();
    map.put("id", finding.id());
    map.put("backend", finding.backend());
    map.put("name", finding.name());
    map.put("usable", finding.isUsable());
    map.put("reason", finding.reason());
    map.put("remedy", finding.remedy());
    map.put("caveat", finding.device().flatMap(Device::caveat).orElse(null));
    map.put(
        "type",
        finding.device().map(device -> device.type().name().toLowerCase(Locale.ROOT)).orElse(null));
    map.put("types", finding.device().map(DevicesCommand::types).orElse(List.of()));
    map.put("properties", finding.device().map(Device::properties).orElse(Map.of()));
    return map;
  }
}
