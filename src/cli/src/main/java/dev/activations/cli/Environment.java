package dev.activations.cli;

import java.util.LinkedHashMap;
import java.util.Map;

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
}
