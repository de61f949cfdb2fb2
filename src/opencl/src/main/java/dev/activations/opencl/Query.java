package dev.activations.opencl;

import static org.jocl.CL.CL_DEVICE_AVAILABLE;
import static org.jocl.CL.CL_DEVICE_COMPILER_AVAILABLE;
import static org.jocl.CL.CL_DEVICE_DOUBLE_FP_CONFIG;
import static org.jocl.CL.CL_DEVICE_GLOBAL_MEM_SIZE;
import static org.jocl.CL.CL_DEVICE_MAX_COMPUTE_UNITS;
import static org.jocl.CL.CL_DEVICE_MAX_MEM_ALLOC_SIZE;
import static org.jocl.CL.CL_DEVICE_NAME;
import static org.jocl.CL.CL_DEVICE_OPENCL_C_VERSION;
import static org.jocl.CL.CL_DEVICE_PROFILE;
import static org.jocl.CL.CL_DEVICE_SINGLE_FP_CONFIG;
import static org.jocl.CL.CL_DEVICE_TYPE;
import static org.jocl.CL.CL_DEVICE_VERSION;
import static org.jocl.CL.CL_DRIVER_VERSION;
import static org.jocl.CL.CL_PLATFORM_NAME;
import static org.jocl.CL.CL_PLATFORM_VERSION;
import static org.jocl.CL.clGetDeviceIDs;
import static org.jocl.CL.clGetDeviceInfo;
import static org.jocl.CL.clGetPlatformIDs;
import static org.jocl.CL.clGetPlatformInfo;

import dev.activations.api.Device;
import java.nio.charset.StandardCharsets;
import java.util.List;
import org.jocl.CL;
import org.jocl.Pointer;
import org.jocl.cl_device_id;
import org.jocl.cl_platform_id;

/** Questions to drivers. Needs the libraries to be loaded. */
final class Query {
  /** What the loader returns when no driver is installed; part of an extension. */
  private static final int PLATFORM_NOT_FOUND = -1001;

  private Query() {}

  /** Returns the platforms: one for each installed driver, none without. */
  static List<cl_platform_id> platforms() {
    int[] count = new int[1];
    int code = clGetPlatformIDs(0, null, count);
    if (code == PLATFORM_NOT_FOUND || code == CL.CL_SUCCESS && count[0] == 0) {
      return List.of();
    }
    Status.check("clGetPlatformIDs", code);
    cl_platform_id[] platforms = new cl_platform_id[count[0]];
    Status.check("clGetPlatformIDs", clGetPlatformIDs(platforms.length, platforms, null));
    return List.of(platforms);
  }

  /** Returns the devices of a platform, in the driver's order. */
  static List<cl_device_id> devices(cl_platform_id platform) {
    int[] count = new int[1];
    int code = clGetDeviceIDs(platform, CL.CL_DEVICE_TYPE_ALL, 0, null, count);
    if (code == CL.CL_DEVICE_NOT_FOUND || code == CL.CL_SUCCESS && count[0] == 0) {
      return List.of();
    }
    Status.check("clGetDeviceIDs", code);
    cl_device_id[] devices = new cl_device_id[count[0]];
    Status.check(
        "clGetDeviceIDs",
        clGetDeviceIDs(platform, CL.CL_DEVICE_TYPE_ALL, devices.length, devices, null));
    return List.of(devices);
  }

  /** Returns the platform's name and version. */
  static String name(cl_platform_id platform) {
    return "%s, %s"
        .formatted(text(platform, CL_PLATFORM_NAME), text(platform, CL_PLATFORM_VERSION));
  }

  /** Asks a device for everything that the back end wants to know. */
  static Description describe(cl_platform_id platform, cl_device_id device) {
    return new Description(
        text(device, CL_DEVICE_NAME),
        type(number(device, CL_DEVICE_TYPE)),
        name(platform),
        text(device, CL_DRIVER_VERSION),
        text(device, CL_DEVICE_VERSION),
        text(device, CL_DEVICE_OPENCL_C_VERSION),
        text(device, CL_DEVICE_PROFILE),
        number(device, CL_DEVICE_AVAILABLE) != 0,
        number(device, CL_DEVICE_COMPILER_AVAILABLE) != 0,
        (int) number(device, CL_DEVICE_MAX_COMPUTE_UNITS),
        number(device, CL_DEVICE_GLOBAL_MEM_SIZE),
        number(device, CL_DEVICE_MAX_MEM_ALLOC_SIZE),
        sharesMemory(device),
        number(device, CL_DEVICE_SINGLE_FP_CONFIG),
        doubleFpConfig(device));
  }

  // Deprecated since OpenCL 2.0, which has nothing in its place that says as much.
  @SuppressWarnings("deprecation")
  private static boolean sharesMemory(cl_device_id device) {
    return number(device, CL.CL_DEVICE_HOST_UNIFIED_MEMORY) != 0;
  }

  /** A question that drivers of OpenCL 1.2 may not know where there are no doubles. */
  private static long doubleFpConfig(cl_device_id device) {
    long[] value = new long[1];
    int code =
        clGetDeviceInfo(device, CL_DEVICE_DOUBLE_FP_CONFIG, Long.BYTES, Pointer.to(value), null);
    return code == CL.CL_SUCCESS ? value[0] : 0;
  }

  private static Device.Type type(long bits) {
    if ((bits & CL.CL_DEVICE_TYPE_GPU) != 0) {
      return Device.Type.GPU;
    }
    return (bits & CL.CL_DEVICE_TYPE_CPU) != 0 ? Device.Type.CPU : Device.Type.ACCELERATOR;
  }

  /** An answer of 4 or 8 bytes; the upper ones stay 0 where it has 4 and the host is little. */
  private static long number(cl_device_id device, int name) {
    long[] value = new long[1];
    Status.check(
        "clGetDeviceInfo", clGetDeviceInfo(device, name, Long.BYTES, Pointer.to(value), null));
    return value[0];
  }

  private static String text(cl_device_id device, int name) {
    return text(
        "clGetDeviceInfo",
        (size, value, needed) -> clGetDeviceInfo(device, name, size, value, needed));
  }

  private static String text(cl_platform_id platform, int name) {
    return text(
        "clGetPlatformInfo",
        (size, value, needed) -> clGetPlatformInfo(platform, name, size, value, needed));
  }

  /** The form that all questions have: asked once for the size and once for the value. */
  interface Question {
    int ask(long size, Pointer value, long[] needed);
  }

  /** Returns a text without its closing zero. */
  static String text(String call, Question question) {
    long[] size = new long[1];
    Status.check(call, question.ask(0, null, size));
    byte[] bytes = new byte[Math.toIntExact(size[0])];
    Status.check(call, question.ask(bytes.length, Pointer.to(bytes), null));
    return new String(bytes, StandardCharsets.UTF_8).replace("\0", "").strip();
  }
}
