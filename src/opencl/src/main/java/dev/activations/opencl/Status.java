package dev.activations.opencl;

import dev.activations.api.DeviceException;
import org.jocl.CL;

/** The codes that OpenCL functions return. */
final class Status {
  private Status() {}

  /** Throws unless the call succeeded. */
  static void check(String call, int code) {
    if (code != CL.CL_SUCCESS) {
      throw failure(call, code);
    }
  }

  /** Describes a call that failed. */
  static DeviceException failure(String call, int code) {
    return failure(call, code, advice(code));
  }

  /** Describes a call that failed, with advice of the caller's. */
  static DeviceException failure(String call, int code, String advice) {
    return new DeviceException(call, code, CL.stringFor_errorCode(code), advice);
  }

  private static String advice(int code) {
    return switch (code) {
      case CL.CL_MEM_OBJECT_ALLOCATION_FAILURE, CL.CL_OUT_OF_RESOURCES ->
          // Drivers take memory when a kernel first needs it, and then fail with these codes.
          "the device has no memory left, or its driver gave up; close buffers, use smaller ones,"
              + " and look into the driver's log";
      case CL.CL_OUT_OF_HOST_MEMORY -> "the host has no memory left; close buffers";
      case CL.CL_DEVICE_NOT_AVAILABLE -> "another process holds the device; try again later";
      case CL.CL_INVALID_COMMAND_QUEUE, CL.CL_INVALID_CONTEXT ->
          "an earlier failure has broken the session; open a new one";
      default -> "";
    };
  }
}
