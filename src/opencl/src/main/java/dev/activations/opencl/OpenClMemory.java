package dev.activations.opencl;

import dev.activations.spi.Memory;
import org.jocl.CL;
import org.jocl.cl_mem;

/**
 * A buffer of an OpenCL context.
 *
 * @param handle its handle
 */
record OpenClMemory(cl_mem handle) implements Memory {

  @Override
  public void free() {
    // The driver keeps the storage until the commands that use it are done.
    Status.check("clReleaseMemObject", CL.clReleaseMemObject(handle));
  }
}
