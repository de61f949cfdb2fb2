package dev.activations.opencl;

import dev.activations.spi.Memory;
import java.nio.Buffer;
import org.jocl.CL;
import org.jocl.Pointer;
import org.jocl.cl_context;
import org.jocl.cl_mem;

/**
 * A buffer of an OpenCL context.
 *
 * @param handle its handle
 * @param isOfHost whether it stands for a buffer of the host's
 */
record OpenClMemory(cl_mem handle, boolean isOfHost) implements Memory {

  /** Returns what stands for a direct buffer. */
  static OpenClMemory view(cl_context context, Buffer host, long bytes) {
    int[] code = new int[1];
    long flags = CL.CL_MEM_READ_WRITE | CL.CL_MEM_USE_HOST_PTR;
    cl_mem handle = CL.clCreateBuffer(context, flags, bytes, Pointer.toBuffer(host), code);
    Status.check("clCreateBuffer", code[0]);
    return new OpenClMemory(handle, true);
  }

  /** Returns the address of the host's buffer. */
  long address() {
    long[] address = new long[1];
    Status.check(
        "clGetMemObjectInfo",
        CL.clGetMemObjectInfo(handle, CL.CL_MEM_HOST_PTR, Long.BYTES, Pointer.to(address), null));
    return address[0];
  }

  @Override
  public void free() {
    // The driver keeps the storage until the commands that use it are done.
    Status.check("clReleaseMemObject", CL.clReleaseMemObject(handle));
  }
}
