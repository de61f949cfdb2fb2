package dev.activations.opencl;

import static org.jocl.CL.clBuildProgram;
import static org.jocl.CL.clCreateKernel;
import static org.jocl.CL.clCreateProgramWithSource;
import static org.jocl.CL.clGetKernelWorkGroupInfo;
import static org.jocl.CL.clGetProgramBuildInfo;
import static org.jocl.CL.clReleaseKernel;
import static org.jocl.CL.clReleaseProgram;

import dev.activations.api.KernelBuildException;
import java.util.HashMap;
import java.util.Map;
import org.jocl.CL;
import org.jocl.Pointer;
import org.jocl.cl_context;
import org.jocl.cl_device_id;
import org.jocl.cl_kernel;
import org.jocl.cl_program;

/** A source that is built for a device, and its kernels. Not safe for use by several threads. */
final class Program implements AutoCloseable {
  /** The largest group that the kernels know; their shared arrays have this size. */
  private static final int MAX_GROUP = 256;

  /**
   * A kernel.
   *
   * @param handle its handle, which holds its arguments
   * @param group the number of work-items in a group, a power of two
   */
  record Kernel(cl_kernel handle, int group) {}

  private final cl_device_id device;
  private final cl_program handle;
  private final Map<String, Kernel> kernels = new HashMap<>();

  private Program(cl_device_id device, cl_program handle) {
    this.device = device;
    this.handle = handle;
  }

  /**
   * Builds a source. Blocks while the driver compiles.
   *
   * @throws KernelBuildException if the driver will not
   */
  static Program build(cl_context context, cl_device_id device, Source source) {
    int[] code = new int[1];
    cl_program handle =
        clCreateProgramWithSource(context, 1, new String[] {source.text()}, null, code);
    Status.check("clCreateProgramWithSource", code[0]);
    Program program = new Program(device, handle);
    code[0] = clBuildProgram(handle, 1, new cl_device_id[] {device}, source.options(), null, null);
    SignalHandlers.restore();
    if (code[0] != CL.CL_SUCCESS) {
      try (program) {
        throw new KernelBuildException(
            source.file(),
            source.options(),
            "clBuildProgram: %s%n%s".formatted(CL.stringFor_errorCode(code[0]), program.log()));
      }
    }
    return program;
  }

  /** Returns a kernel of the program, made when first asked for. */
  Kernel kernel(String entry) {
    return kernels.computeIfAbsent(entry, this::create);
  }

  @Override
  public void close() {
    for (Kernel kernel : kernels.values()) {
      Status.check("clReleaseKernel", clReleaseKernel(kernel.handle()));
    }
    Status.check("clReleaseProgram", clReleaseProgram(handle));
  }

  private Kernel create(String entry) {
    int[] code = new int[1];
    cl_kernel kernel = clCreateKernel(handle, entry, code);
    Status.check("clCreateKernel", code[0]);
    long[] limit = new long[1];
    Status.check(
        "clGetKernelWorkGroupInfo",
        clGetKernelWorkGroupInfo(
            kernel, device, CL.CL_KERNEL_WORK_GROUP_SIZE, Long.BYTES, Pointer.to(limit), null));
    return new Kernel(kernel, (int) Math.min(MAX_GROUP, Long.highestOneBit(limit[0])));
  }

  private String log() {
    return Query.text(
        "clGetProgramBuildInfo",
        (size, value, needed) ->
            clGetProgramBuildInfo(handle, device, CL.CL_PROGRAM_BUILD_LOG, size, value, needed));
  }
}
