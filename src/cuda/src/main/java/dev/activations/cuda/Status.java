package dev.activations.cuda;

import dev.activations.api.DeviceException;
import jcuda.driver.CUresult;

/** The codes that the driver's functions return. */
final class Status {
  private Status() {}

  /** Throws unless the call succeeded. */
  static void check(String call, int code) {
    check(call, code, advice(code));
  }

  /** Throws unless the call succeeded, with advice of the caller's unless the context is lost. */
  static void check(String call, int code, String advice) {
    if (code != CUresult.CUDA_SUCCESS) {
      String said = isLoss(code) ? advice(code) : advice;
      throw new DeviceException(call, code, CUresult.stringFor(code), said);
    }
  }

  /**
   * Throws unless the call gave something back. A lost context has taken everything with it, which
   * is no failure here: every call that waits for work reports it.
   */
  static void checkRelease(String call, int code) {
    if (!isLoss(code)) {
      check(call, code);
    }
  }

  /** Whether a code says that the context is lost; from then on every call returns it. */
  static boolean isLoss(int code) {
    return switch (code) {
      case CUresult.CUDA_ERROR_DEINITIALIZED,
          CUresult.CUDA_ERROR_ECC_UNCORRECTABLE,
          CUresult.CUDA_ERROR_ILLEGAL_ADDRESS,
          CUresult.CUDA_ERROR_LAUNCH_TIMEOUT,
          CUresult.CUDA_ERROR_CONTEXT_IS_DESTROYED,
          CUresult.CUDA_ERROR_ASSERT,
          CUresult.CUDA_ERROR_HARDWARE_STACK_ERROR,
          CUresult.CUDA_ERROR_ILLEGAL_INSTRUCTION,
          CUresult.CUDA_ERROR_MISALIGNED_ADDRESS,
          CUresult.CUDA_ERROR_INVALID_ADDRESS_SPACE,
          CUresult.CUDA_ERROR_INVALID_PC,
          CUresult.CUDA_ERROR_LAUNCH_FAILED ->
          true;
      default -> false;
    };
  }

  private static String advice(int code) {
    if (isLoss(code)) {
      return "the device's context is lost, with all its memory and for all of this process; close"
          + " the session and start the program anew. 'dmesg' may name the cause";
    }
    return switch (code) {
      case CUresult.CUDA_ERROR_OUT_OF_MEMORY ->
          "the device has no memory left; close buffers, or end other programs that use it"
              + " ('nvidia-smi' lists them)";
      case CUresult.CUDA_ERROR_DEVICE_UNAVAILABLE ->
          "another process has the device for itself; 'nvidia-smi' names it";
      case CUresult.CUDA_ERROR_NO_BINARY_FOR_GPU,
          CUresult.CUDA_ERROR_INVALID_PTX,
          CUresult.CUDA_ERROR_UNSUPPORTED_PTX_VERSION ->
          "the driver does not take the PTX of this library; install a newer one";
      default -> "";
    };
  }
}
