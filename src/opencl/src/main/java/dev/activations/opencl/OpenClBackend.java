package dev.activations.opencl;

import dev.activations.api.Finding;
import dev.activations.spi.Backend;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import org.jocl.cl_device_id;
import org.jocl.cl_platform_id;

/**
 * Finds the devices of all installed OpenCL drivers. The device {@code opencl:N} is the N-th that
 * the drivers name, counted from 0 over all of them; the findings put GPUs first.
 */
public final class OpenClBackend implements Backend {
  static final String ID = "opencl";

  /** GPUs, accelerators, CPUs, and at last what cannot be used. */
  static final Comparator<Finding> FASTEST_FIRST =
      Comparator.comparingInt(
          finding ->
              finding.device().map(device -> device.type().ordinal()).orElse(Integer.MAX_VALUE));

  private static final String DRIVERS =
      "'apt-get install pocl-opencl-icd' runs OpenCL on the CPU; for a GPU install its vendor's"
          + " driver.";

  private final Loader loader;

  /** The back end of this system. Touches no driver. */
  public OpenClBackend() {
    this(Loader.ofSystem());
  }

  /** The back end of a given loader. */
  OpenClBackend(Loader loader) {
    this.loader = loader;
  }

  @Override
  public String id() {
    return ID;
  }

  @Override
  public List<Finding> probe() {
    try {
      return loader
          .load()
          .map(obstacle -> List.of(unusable(ID, "the OpenCL loader", obstacle)))
          .orElseGet(OpenClBackend::search);
    } catch (RuntimeException | LinkageError e) {
      return List.of(unusable(ID, "OpenCL drivers", failed(e)));
    } finally {
      SignalHandlers.restore();
    }
  }

  private static List<Finding> search() {
    List<Finding> findings = new ArrayList<>();
    int devices = 0;
    for (cl_platform_id platform : Query.platforms()) {
      // A broken driver must not hide the others.
      try {
        List<cl_device_id> handles = Query.devices(platform);
        if (handles.isEmpty()) {
          findings.add(unusable(ID, Query.name(platform), noDevice()));
        }
        for (cl_device_id handle : handles) {
          String id = ID + ":" + devices++;
          findings.add(
              finding(new OpenClDevice(id, Query.describe(platform, handle), platform, handle)));
        }
      } catch (RuntimeException e) {
        findings.add(unusable(ID, "an OpenCL driver", failed(e)));
      }
    }
    if (findings.isEmpty()) {
      findings.add(unusable(ID, "OpenCL drivers", noDriver()));
    }
    findings.sort(FASTEST_FIRST);
    return List.copyOf(findings);
  }

  /** What is to be said about a device. */
  static Finding finding(OpenClDevice device) {
    Optional<Obstacle> obstacle = device.description().obstacle();
    return obstacle.isPresent()
        ? unusable(device.id(), device.name(), obstacle.get())
        : Finding.usable(
            device,
            device
                .caveat()
                .map(caveat -> "It has a caveat: " + caveat + ".")
                .orElse("It has the arithmetic that equal bits need."));
  }

  private static Obstacle noDriver() {
    String directory = System.getenv("OCL_ICD_VENDORS");
    return directory == null
        ? new Obstacle("No OpenCL driver is installed (CL_PLATFORM_NOT_FOUND_KHR).", DRIVERS)
        : new Obstacle(
            "The variable OCL_ICD_VENDORS names %s, where no working OpenCL driver is listed"
                    .formatted(directory)
                + " (CL_PLATFORM_NOT_FOUND_KHR).",
            "Unset OCL_ICD_VENDORS, or let it name a driver. " + DRIVERS);
  }

  private static Obstacle noDevice() {
    return new Obstacle(
        "The driver has no device.",
        "Check that the device is there and that this user may open it; for GPUs that is often"
            + " a matter of the groups 'render' and 'video'.");
  }

  private static Obstacle failed(Throwable cause) {
    return new Obstacle(
        "The search for devices failed: %s.".formatted(cause.getMessage()),
        "Check the drivers with the command clinfo.");
  }

  private static Finding unusable(String id, String name, Obstacle obstacle) {
    return Finding.unusable(ID, id, name, obstacle.reason(), obstacle.remedy());
  }
}
