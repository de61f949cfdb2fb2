package dev.activations;

import dev.activations.api.ActivationException;
import dev.activations.api.DeviceUnavailableException;
import dev.activations.api.Finding;
import dev.activations.api.Formula;
import dev.activations.spi.Backend;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.ServiceConfigurationError;
import java.util.ServiceLoader;
import java.util.TreeMap;
import java.util.function.Predicate;
import java.util.function.Supplier;

/**
 * The devices that this program can reach, and the choice among them. Safe for use by several
 * threads.
 *
 * <p>A <em>selector</em> is a device's id ({@code opencl:0}), a back end ({@code cuda}), a type
 * ({@code gpu}) or a part of a device's name, tried in this order, in any case. Where it means
 * several devices the fastest usable one is taken.
 *
 * <p>The system property {@value #PROPERTY}, or else the environment variable {@value #VARIABLE},
 * holds a selector for a whole program. Both are strict: when nothing usable matches, {@link #best}
 * and {@link #forHostData} throw and nothing falls back.
 */
public final class Devices {
  /** The system property that asks for a device. */
  public static final String PROPERTY = "activations.device";

  /** The environment variable that asks for a device, where the property is not set. */
  public static final String VARIABLE = "ACTIVATIONS_DEVICE";

  /** The artifacts that bring each back end, to say what to add when one is not there. */
  private static final Map<String, String> ARTIFACTS =
      new TreeMap<>(
          Map.of(
              "cpu", "dev.activations:activations-cpu",
              "cuda", "dev.activations:activations-cuda",
              "opencl", "dev.activations:activations-opencl"));

  private Devices() {}

  /**
   * Returns what the first search of this program found: one finding for each device, and one for
   * each back end that reaches none. The first call blocks while drivers load.
   */
  public static List<Finding> findings() {
    return Found.FINDINGS;
  }

  /**
   * Returns the findings with respect to a formula: where a device cannot run a {@link
   * dev.activations.api.CustomFormula}, its finding says why and what to do.
   */
  public static List<Finding> findings(Formula formula) {
    return findings().stream()
        .map(
            finding -> finding.device().flatMap(device -> device.obstacle(formula)).orElse(finding))
        .toList();
  }

  /** Searches anew, for instance after a driver was installed. Blocks. */
  public static List<Finding> search() {
    return search(backend -> true);
  }

  private static List<Finding> search(Predicate<String> wanted) {
    List<Finding> findings = new ArrayList<>();
    Map<String, String> absent = new TreeMap<>(ARTIFACTS);
    absent.keySet().removeIf(wanted.negate());
    Iterator<Backend> backends =
        ServiceLoader.load(Backend.class, Devices.class.getClassLoader()).iterator();
    while (true) {
      try {
        if (!backends.hasNext()) {
          break;
        }
        Backend backend = backends.next();
        if (wanted.test(backend.id())) {
          absent.remove(backend.id());
          findings.addAll(probe(backend));
        }
      } catch (ServiceConfigurationError e) {
        findings.add(
            Finding.unusable(
                "unknown",
                "unknown",
                "a back end on the class path",
                "The back end cannot be loaded: " + e.getMessage(),
                "Put jars of one version of the library on the class path."));
      }
    }
    absent.forEach(
        (backend, artifact) ->
            findings.add(
                Finding.unusable(
                    backend,
                    backend,
                    "the %s back end".formatted(backend),
                    "It is not on the class path.",
                    "Add %s to the class path.".formatted(artifact))));
    return List.copyOf(findings);
  }

  /** Asks a back end, one of somebody else's perhaps. If it breaks, it must not hide the others. */
  static List<Finding> probe(Backend backend) {
    try {
      return backend.probe();
    } catch (RuntimeException | LinkageError e) {
      return List.of(
          Finding.unusable(
              backend.id(),
              backend.id(),
              "the %s back end".formatted(backend.id()),
              "The search for devices broke off: %s.".formatted(e),
              "Report it to whoever made the back end, or take it off the class path."));
    }
  }

  /**
   * Chooses a device for data that will live on it: the one that the property or the variable asks
   * for, or else the first usable of CUDA, an OpenCL GPU, an OpenCL accelerator, the CPU with SIMD,
   * the CPU without. Devices with a caveat are only used when asked for.
   *
   * @throws DeviceUnavailableException if the device asked for cannot be used
   */
  public static Choice best() {
    return asked(Devices::findings).orElseGet(() -> new Chooser(findings()).best());
  }

  /**
   * Chooses as {@link #best()} does, among the devices that can run a formula.
   *
   * @throws DeviceUnavailableException if the device asked for cannot be used
   */
  public static Choice best(Formula formula) {
    return asked(() -> findings(formula)).orElseGet(() -> new Chooser(findings(formula)).best());
  }

  /**
   * Chooses a device for data in the host's memory: the one that the property or the variable asks
   * for, or else the CPU. No driver is loaded unless one is asked for, so the choice carries the
   * findings of the CPU alone; {@link #findings} has them all.
   *
   * @throws DeviceUnavailableException if the device asked for cannot be used
   */
  public static Choice forHostData() {
    return asked(Devices::findings).orElseGet(() -> new Chooser(FoundCpu.FINDINGS).hostData());
  }

  /**
   * Chooses the device that a selector means, and nothing else.
   *
   * @throws DeviceUnavailableException if no usable device matches; it carries the findings
   * @throws IllegalArgumentException if the selector is blank
   */
  public static Choice choose(String selector) {
    checkSelector(selector);
    return new Chooser(findings()).choose(selector, "the selector '" + selector + "'");
  }

  /**
   * Chooses the device that a selector means, or else the best one; the reason says which.
   *
   * @throws ActivationException if there is no usable device at all
   * @throws IllegalArgumentException if the selector is blank
   */
  public static Choice prefer(String selector) {
    checkSelector(selector);
    return new Chooser(findings()).prefer(selector, "the selector '" + selector + "'");
  }

  private static void checkSelector(String selector) {
    if (selector.isBlank()) {
      throw new IllegalArgumentException(
          "expected a device's id, back end, type or a part of its name, got a blank selector");
    }
  }

  /** Returns the device that the property or the variable asks for, if either does. */
  static Optional<Choice> asked() {
    return asked(Devices::findings);
  }

  /** What the surroundings of the program ask for. */
  private static Optional<Choice> asked(Supplier<List<Finding>> findings) {
    return asked(findings, System.getProperty(PROPERTY), "the system property " + PROPERTY)
        .or(() -> asked(findings, System.getenv(VARIABLE), "the environment variable " + VARIABLE));
  }

  private static Optional<Choice> asked(
      Supplier<List<Finding>> findings, String selector, String origin) {
    return Optional.ofNullable(selector)
        .filter(text -> !text.isBlank())
        .map(text -> new Chooser(findings.get()).choose(text, origin + "=" + text));
  }

  /** Searches when first touched. */
  private static final class Found {
    static final List<Finding> FINDINGS = search();
  }

  /** Searches when first touched, and loads no driver. */
  private static final class FoundCpu {
    static final List<Finding> FINDINGS = search("cpu"::equals);
  }
}
