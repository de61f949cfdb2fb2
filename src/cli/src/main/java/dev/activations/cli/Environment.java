package dev.activations.cli;

import dev.activations.api.Device;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.stream.Collectors;
import picocli.CommandLine.Model.CommandSpec;

/** What a report says of where it was made. */
public final class Environment {

  private Environment() {}

  /** Returns the versions of everything that is no device. */
  public static Map<String, String> versions() {
    Map<String, String> versions = new LinkedHashMap<>();
    versions.put("activations", Main.Version.ofLibrary());
    versions.put(
        "Java",
        "%s, %s, %s"
            .formatted(
                System.getProperty("java.runtime.version"),
                System.getProperty("java.vm.name"),
                System.getProperty("java.vendor")));
    versions.put(
        "system",
        "%s %s, %s, %d processors"
            .formatted(
                System.getProperty("os.name"),
                System.getProperty("os.version"),
                System.getProperty("os.arch"),
                Runtime.getRuntime().availableProcessors()));
    return versions;
  }

  /** Returns what there is to say about a device: its caveat, driver, memory and the like. */
  public static Map<String, String> of(Device device) {
    Map<String, String> details = new LinkedHashMap<>();
    device.caveat().ifPresent(caveat -> details.put("caveat", caveat));
    details.putAll(device.properties());
    return details;
  }

  /**
   * Returns what the user typed, or would have to.
   *
   * @param command the one that runs
   */
  public static String commandLine(CommandSpec command) {
    return command.root().commandLine().getParseResult().originalArgs().stream()
        .map(word -> word.matches("[\\w=.,:/@+-]+") ? word : "'" + word.replace("'", "'\\''") + "'")
        .collect(Collectors.joining(" ", "activations ", ""));
  }
}
