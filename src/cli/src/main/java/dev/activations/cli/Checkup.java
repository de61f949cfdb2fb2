package dev.activations.cli;

import dev.activations.api.Device;
import dev.activations.api.DeviceUnavailableException;
import dev.activations.api.Finding;
import dev.activations.spi.Cache;
import dev.activations.spi.Natives;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/**
 * One thing that was looked at.
 *
 * @param state whether it is as it should be
 * @param subject what was looked at
 * @param found what was found
 * @param how how it was found
 * @param mend what to do, a command where there is one; empty where nothing is to be done
 */
record Checkup(State state, String subject, String found, String how, String mend) {

  /** How a thing is. */
  enum State {
    /** As it should be. */
    OK,
    /** Not there, which the rest can do without. */
    MISSING,
    /** There, but it does not do what it should. */
    BROKEN
  }

  /** What {@code verify} needs. */
  private static final long LEAST_HEAP = 128L << 20;

  /** How each back end looks for its devices. */
  private static final Map<String, String> SEARCHES =
      Map.of(
          "cpu", "Java is asked for jdk.incubator.vector, and the processor for fused multiply-add",
          "opencl", "libOpenCL is loaded by way of JOCL, and each of its drivers asked for devices",
          "cuda", "libcuda is loaded by way of JCuda, and asked for GPUs");

  private static Checkup ok(String subject, String found, String how) {
    return new Checkup(State.OK, subject, found, how, "");
  }

  /** Looks at everything. */
  static List<Checkup> all(DeviceSource devices) {
    List<Checkup> all = new ArrayList<>();
    all.add(java());
    all.add(memory(Runtime.getRuntime().maxMemory()));
    devices.findings().forEach(finding -> all.add(device(finding)));
    all.add(choice(devices));
    all.add(cache(Cache.ofUser()));
    all.add(temporary(Path.of(System.getProperty("java.io.tmpdir"))));
    all.add(drawing());
    return all;
  }

  private static Checkup java() {
    return ok(
        "java",
        "%s, %s, in %s, on %s %s; activations %s"
            .formatted(
                System.getProperty("java.runtime.version"),
                System.getProperty("java.vm.name"),
                System.getProperty("java.home"),
                System.getProperty("os.name"),
                System.getProperty("os.arch"),
                Main.Version.ofLibrary()),
        "Java's system properties are read");
  }

  /**
   * Looks at the memory.
   *
   * @param heap the most bytes that Java's heap may have
   */
  static Checkup memory(long heap) {
    String found =
        "the heap may have %,d MiB; data on the CPU lies in it, and 'verify' needs %d MiB"
            .formatted(heap >> 20, LEAST_HEAP >> 20);
    String how = "Java's runtime is asked for its limit";
    return heap >= LEAST_HEAP
        ? ok("memory", found, how)
        : new Checkup(
            State.BROKEN,
            "memory",
            found,
            how,
            "JAVA_TOOL_OPTIONS=-Xmx1g for the activations command, or more memory for the container");
  }

  /** Looks at a device; {@code devices} says more of those that can be used. */
  static Checkup device(Finding finding) {
    String how = SEARCHES.getOrDefault(finding.backend(), "the back end is asked");
    String found = "%s: %s".formatted(finding.name(), finding.reason());
    return finding
        .device()
        .map(device -> ok(finding.id(), found + driver(device), how))
        .orElseGet(() -> new Checkup(State.MISSING, finding.id(), found, how, finding.remedy()));
  }

  private static String driver(Device device) {
    String driver = device.properties().get("driver");
    return driver == null ? "" : " Driver: %s.".formatted(driver);
  }

  private static Checkup choice(DeviceSource devices) {
    String how = "a device is chosen as in a program, by what ACTIVATIONS_DEVICE says if it is set";
    try {
      return ok("choice", devices.best().toString(), how);
    } catch (DeviceUnavailableException e) {
      return new Checkup(
          State.BROKEN,
          "choice",
          DevicesCommand.headline(e),
          how,
          "name a device that is usable, or none: 'unset ACTIVATIONS_DEVICE'");
    }
  }

  /** Looks at the cache of kernels. */
  static Checkup cache(Cache cache) {
    if (cache.directory().isEmpty()) {
      return ok(
          "cache", "off: every program compiles its kernels anew", Cache.VARIABLE + " is read");
    }
    Path directory = cache.directory().get();
    String how = "it is made if need be, and a file in it";
    try {
      cache.check();
      return ok("cache", "kernels are kept in " + directory, how);
    } catch (IOException e) {
      return new Checkup(
          State.BROKEN,
          "cache",
          "kernels are not kept, and compiled anew by every program: " + e,
          how,
          "'chmod go-w %s' if it is yours, or %s=<a directory of yours>"
              .formatted(directory, Cache.VARIABLE));
    }
  }

  /** Looks at the directory that native libraries are unpacked to. */
  static Checkup temporary(Path directory) {
    String subject = "temporary";
    String how = "a file is made in it, and it is asked whether that may be executed";
    try {
      Path file = Files.createTempFile(directory, "activations-", ".tmp");
      try {
        if (file.toFile().setExecutable(true) && Files.isExecutable(file)) {
          return ok(subject, "native libraries are unpacked to " + directory, how);
        }
        return new Checkup(
            State.BROKEN,
            subject,
            "%s does not let its files be executed: it is mounted noexec".formatted(directory),
            how,
            Natives.remedy());
      } finally {
        Files.delete(file);
      }
    } catch (IOException e) {
      return new Checkup(
          State.BROKEN,
          subject,
          "%s cannot be written to: %s".formatted(directory, e),
          how,
          Natives.remedy());
    }
  }

  private static Checkup drawing() {
    String how = "Java is asked for the module java.desktop";
    return ModuleLayer.boot().findModule("java.desktop").isPresent()
        ? ok("drawing", "Java can draw, so that 'plot' works if there are fonts", how)
        : new Checkup(
            State.MISSING,
            "drawing",
            "this Java cannot draw, so that 'plot' does not work",
            how,
            "run it with another Java: 'apt-get install openjdk-17-jre-headless fontconfig'");
  }
}
