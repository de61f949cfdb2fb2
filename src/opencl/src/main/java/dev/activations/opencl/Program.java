package dev.activations.opencl;

import static org.jocl.CL.clBuildProgram;
import static org.jocl.CL.clCreateKernel;
import static org.jocl.CL.clCreateProgramWithBinary;
import static org.jocl.CL.clCreateProgramWithSource;
import static org.jocl.CL.clGetKernelWorkGroupInfo;
import static org.jocl.CL.clGetProgramBuildInfo;
import static org.jocl.CL.clGetProgramInfo;
import static org.jocl.CL.clReleaseKernel;
import static org.jocl.CL.clReleaseProgram;

import dev.activations.api.KernelBuildException;
import dev.activations.spi.Cache;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jocl.CL;
import org.jocl.Pointer;
import org.jocl.Sizeof;
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
   * Builds a source, or takes what was built of it before. Blocks while the driver compiles.
   *
   * @param key what a program depends on besides its source: the device and its driver
   * @throws KernelBuildException if the driver will not
   */
  static Program build(cl_context context, cl_device_id device, Source source, List<String> key) {
    List<String> whole = new ArrayList<>(key);
    whole.addAll(List.of(source.options(), source.text()));
    Cache cache = Cache.ofUser();
    Optional<Program> remembered =
        cache.get(whole).flatMap(binary -> load(context, device, source, binary));
    if (remembered.isPresent()) {
      return remembered.get();
    }
    Program program = compile(context, device, source);
    program.binary().ifPresent(binary -> cache.put(whole, binary));
    return program;
  }

  private static Program compile(cl_context context, cl_device_id device, Source source) {
    int[] code = new int[1];
    cl_program handle =
        clCreateProgramWithSource(context, 1, new String[] {source.text()}, null, code);
    Status.check("clCreateProgramWithSource", code[0]);
    Program program = new Program(device, handle);
    code[0] = program.build(source);
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

  /** Makes a program of its binary, or nothing if the driver will not. */
  private static Optional<Program> load(
      cl_context context, cl_device_id device, Source source, byte[] binary) {
    int[] code = new int[1];
    cl_program handle =
        clCreateProgramWithBinary(
            context,
            1,
            new cl_device_id[] {device},
            new long[] {binary.length},
            new byte[][] {binary},
            null,
            code);
    if (code[0] != CL.CL_SUCCESS) {
      return Optional.empty();
    }
    Program program = new Program(device, handle);
    if (program.build(source) != CL.CL_SUCCESS) {
      program.close();
      return Optional.empty();
    }
    return Optional.of(program);
  }

  private int build(Source source) {
    int code = clBuildProgram(handle, 1, new cl_device_id[] {device}, source.options(), null, null);
    SignalHandlers.restore();
    return code;
  }

  /** Returns what the driver made, or nothing if it does not say. */
  private Optional<byte[]> binary() {
    long[] size = new long[1];
    int code =
        clGetProgramInfo(handle, CL.CL_PROGRAM_BINARY_SIZES, Long.BYTES, Pointer.to(size), null);
    if (code != CL.CL_SUCCESS || size[0] <= 0 || size[0] > Integer.MAX_VALUE) {
      return Optional.empty();
    }
    byte[] binary = new byte[(int) size[0]];
    Pointer pointers = Pointer.to(Pointer.to(binary));
    code = clGetProgramInfo(handle, CL.CL_PROGRAM_BINARIES, Sizeof.POINTER, pointers, null);
    return code == CL.CL_SUCCESS ? Optional.of(binary) : Optional.empty();
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
