package dev.activations.opencl;

import dev.activations.api.Device;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.jocl.CL;

/**
 * What a driver says about a device.
 *
 * @param name the device's name
 * @param type what it is made of
 * @param platform the name and version of its platform
 * @param driver the version of its driver
 * @param version its OpenCL version, as {@code OpenCL 3.0 ...}
 * @param language the version of its OpenCL C, as {@code OpenCL C 1.2 ...}
 * @param profile {@code FULL_PROFILE} or {@code EMBEDDED_PROFILE}
 * @param available whether the driver can use it now
 * @param compiler whether the driver compiles kernels for it
 * @param computeUnits the number of its compute units
 * @param globalMemory its memory in bytes
 * @param maxAllocation the largest buffer in bytes
 * @param sharesMemory whether its memory is the host's
 * @param singleFpConfig its float32 arithmetic, as the bits of {@code CL_DEVICE_SINGLE_FP_CONFIG}
 * @param doubleFpConfig its float64 arithmetic, as the bits of {@code CL_DEVICE_DOUBLE_FP_CONFIG};
 *     0 where it has none
 */
record Description(
    String name,
    Device.Type type,
    String platform,
    String driver,
    String version,
    String language,
    String profile,
    boolean available,
    boolean compiler,
    int computeUnits,
    long globalMemory,
    long maxAllocation,
    boolean sharesMemory,
    long singleFpConfig,
    long doubleFpConfig) {

  private static final Pattern VERSION = Pattern.compile("OpenCL (\\d+)\\.(\\d+).*");

  /** What equal bits need of the arithmetic, with what fails where it is missing. */
  private static final Map<Long, String> NEEDED = new LinkedHashMap<>();

  static {
    NEEDED.put(
        CL.CL_FP_FMA,
        "CL_FP_FMA: fma may round twice, which changes the last bits of every smooth activation");
    NEEDED.put(
        CL.CL_FP_DENORM,
        "CL_FP_DENORM: subnormal inputs and results become zero, so the tails differ");
    NEEDED.put(
        CL.CL_FP_ROUND_TO_NEAREST,
        "CL_FP_ROUND_TO_NEAREST: sums and products are not rounded to nearest, so all may differ");
    NEEDED.put(
        CL.CL_FP_INF_NAN, "CL_FP_INF_NAN: infinities and NaN are undefined as inputs and results");
  }

  /** Returns why the device cannot be used, or nothing if it can. */
  Optional<Obstacle> obstacle() {
    if (!available) {
      return Optional.of(
          new Obstacle(
              "The driver says that the device is not available now (CL_DEVICE_AVAILABLE).",
              "Find out whether another process holds it, or restart its driver."));
    }
    if (!compiler) {
      return Optional.of(
          new Obstacle(
              "The driver cannot compile kernels (CL_DEVICE_COMPILER_AVAILABLE).",
              "Install the driver's compiler package, or a full driver for the device."));
    }
    if (!atLeast(1, 2)) {
      return Optional.of(
          new Obstacle(
              "The device has %s; OpenCL 1.2 is needed.".formatted(version.strip()),
              "Install a newer driver."));
    }
    if (!profile.equals("FULL_PROFILE")) {
      return Optional.of(
          new Obstacle(
              "The device has the profile %s, which lacks 64-bit integers and correct rounding."
                  .formatted(profile),
              "Install a driver with the full profile, or use another device."));
    }
    return Optional.empty();
  }

  /** Returns what part of the promise of equal bits fails and why, or nothing if it holds. */
  Optional<String> caveat() {
    return missing(singleFpConfig)
        .map(
            missing ->
                "results may differ from the scalar definition: the driver reports float32"
                    + " arithmetic "
                    + missing);
  }

  /** Returns why the device does not compute in float64 as the definition does, or nothing. */
  Optional<Obstacle> obstacleToDoubles() {
    String remedy = "Compute in float32, or on another device.";
    return doubleFpConfig == 0
        ? Optional.of(
            new Obstacle("The device has no float64 arithmetic (no cl_khr_fp64).", remedy))
        : missing(doubleFpConfig)
            .map(
                missing ->
                    new Obstacle("The driver reports float64 arithmetic " + missing + ".", remedy));
  }

  private static Optional<String> missing(long config) {
    String missing =
        NEEDED.entrySet().stream()
            .filter(needed -> (config & needed.getKey()) == 0)
            .map(needed -> "without " + needed.getValue())
            .collect(Collectors.joining("; "));
    return missing.isEmpty() ? Optional.empty() : Optional.of(missing);
  }

  /** Returns what a compiled program depends on. */
  List<String> key() {
    return List.of("opencl", platform, name, driver, version, language);
  }

  /** Returns all of it for people, in the order in which to print it. */
  Map<String, String> properties() {
    Map<String, String> properties = new LinkedHashMap<>();
    properties.put("platform", platform);
    properties.put("driver", driver);
    properties.put("version", version);
    properties.put("language", language);
    properties.put("compute units", Integer.toString(computeUnits));
    properties.put("global memory", globalMemory + " bytes");
    properties.put("largest buffer", maxAllocation + " bytes");
    properties.put("memory shared with the host", sharesMemory ? "yes" : "no");
    properties.put("float32", arithmetic(singleFpConfig));
    properties.put("float64", doubleFpConfig == 0 ? "none" : arithmetic(doubleFpConfig));
    return properties;
  }

  private static String arithmetic(long config) {
    return CL.stringFor_cl_device_fp_config(config).strip();
  }

  private boolean atLeast(int major, int minor) {
    Matcher match = VERSION.matcher(version);
    if (!match.matches()) {
      return false;
    }
    int actual = Integer.parseInt(match.group(1));
    return actual > major || actual == major && Integer.parseInt(match.group(2)) >= minor;
  }
}
