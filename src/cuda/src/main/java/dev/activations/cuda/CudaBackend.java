package dev.activations.cuda;

import static jcuda.driver.JCudaDriver.cuInit;

import dev.activations.api.ActivationException;
import dev.activations.api.Finding;
import dev.activations.spi.Backend;
import java.util.List;
import java.util.Optional;
import java.util.stream.IntStream;
import jcuda.driver.CUresult;

/** Finds the GPUs of the NVIDIA driver: {@code cuda:N} is the N-th that CUDA counts, from 0. */
public final class CudaBackend implements Backend {
  static final String ID = "cuda";

  /** The oldest driver that takes the PTX and has the functions called here. */
  private static final int OLDEST_DRIVER = 10_000;

  /** The back end of this system. Touches no driver. */
  public CudaBackend() {}

  @Override
  public String id() {
    return ID;
  }

  @Override
  public List<Finding> probe() {
    try {
      return Library.load()
          .or(CudaBackend::initialise)
          .map(obstacle -> List.of(unusable(ID, "the NVIDIA driver", obstacle)))
          .orElseGet(CudaBackend::search);
    } catch (ActivationException | LinkageError e) {
      return List.of(unusable(ID, "the NVIDIA driver", failed(e)));
    }
  }

  private static Optional<Obstacle> initialise() {
    int version = Query.driver();
    // First of all: an older driver lacks functions, and calling those ends the process.
    return version < OLDEST_DRIVER ? Optional.of(tooOld(version)) : obstacle(cuInit(0));
  }

  private static List<Finding> search() {
    int count = Query.devices();
    return count == 0
        ? List.of(unusable(ID, "the NVIDIA driver", noDevice()))
        : IntStream.range(0, count).mapToObj(CudaBackend::examine).toList();
  }

  private static Finding examine(int ordinal) {
    // A broken GPU must not hide the others.
    try {
      return finding(new CudaDevice(ordinal, Query.describe(Query.device(ordinal))));
    } catch (ActivationException e) {
      return unusable(ID + ":" + ordinal, "a GPU", failed(e));
    }
  }

  /** What is to be said about a device. */
  static Finding finding(CudaDevice device) {
    return device
        .description()
        .obstacle()
        .map(obstacle -> unusable(device.id(), device.name(), obstacle))
        .orElseGet(
            () ->
                Finding.usable(
                    device,
                    "Compute capability %d.%d takes %s."
                        .formatted(
                            device.description().major(),
                            device.description().minor(),
                            device.tiers())));
  }

  /** What a driver that is too old means. */
  static Obstacle tooOld(int version) {
    return new Obstacle(
        "The NVIDIA driver offers CUDA %s; %s is needed."
            .formatted(Description.version(version), Description.version(OLDEST_DRIVER)),
        "Install the NVIDIA driver 410 or newer.");
  }

  /** What a code of {@code cuInit} means, or nothing if it succeeded. */
  static Optional<Obstacle> obstacle(int code) {
    return switch (code) {
      case CUresult.CUDA_SUCCESS -> Optional.empty();
      case CUresult.CUDA_ERROR_NO_DEVICE -> Optional.of(noDevice());
      case CUresult.CUDA_ERROR_STUB_LIBRARY ->
          Optional.of(
              failed(
                  code,
                  "The libcuda.so.1 that was found is the CUDA toolkit's stub: take its directory"
                      + " out of LD_LIBRARY_PATH, or install the NVIDIA driver."));
      case CUresult.CUDA_ERROR_SYSTEM_DRIVER_MISMATCH ->
          Optional.of(
              failed(
                  code,
                  "The driver's library and its kernel module have different versions: restart the"
                      + " machine after an update; in a container use the NVIDIA container"
                      + " toolkit."));
      case CUresult.CUDA_ERROR_COMPAT_NOT_SUPPORTED_ON_DEVICE ->
          Optional.of(
              failed(
                  code,
                  "CUDA's compatibility library does not support this GPU: take it out of"
                      + " LD_LIBRARY_PATH, or install a newer NVIDIA driver."));
      case CUresult.CUDA_ERROR_SYSTEM_NOT_READY ->
          Optional.of(
              failed(
                  code,
                  "A service of the system is not running: on machines with NVSwitch start"
                      + " nvidia-fabricmanager."));
      default ->
          Optional.of(
              failed(
                  code,
                  "Check the driver with 'nvidia-smi'; 'modprobe nvidia-uvm', and permissions on"
                      + " /dev/nvidia*, often help."));
    };
  }

  private static Obstacle noDevice() {
    String visible = System.getenv("CUDA_VISIBLE_DEVICES");
    return visible == null
        ? new Obstacle(
            "The NVIDIA driver has no device (CUDA_ERROR_NO_DEVICE).",
            "Check with 'nvidia-smi' that it sees a GPU.")
        : new Obstacle(
            "The variable CUDA_VISIBLE_DEVICES is '%s', which leaves no device (CUDA_ERROR_NO_DEVICE)."
                .formatted(visible),
            "Unset CUDA_VISIBLE_DEVICES, or let it name a GPU that 'nvidia-smi -L' lists.");
  }

  private static Obstacle failed(int code, String remedy) {
    return new Obstacle(
        "The NVIDIA driver does not start: cuInit failed with %s (%d)."
            .formatted(CUresult.stringFor(code), code),
        remedy);
  }

  private static Obstacle failed(Throwable cause) {
    return new Obstacle(
        "The search for devices failed: %s.".formatted(cause.getMessage()),
        "Check the driver with 'nvidia-smi'.");
  }

  private static Finding unusable(String id, String name, Obstacle obstacle) {
    return Finding.unusable(ID, id, name, obstacle.reason(), obstacle.remedy());
  }
}
