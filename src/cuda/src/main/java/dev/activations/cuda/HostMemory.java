package dev.activations.cuda;

import static jcuda.driver.JCudaDriver.CU_MEMHOSTALLOC_DEVICEMAP;
import static jcuda.driver.JCudaDriver.CU_MEMHOSTALLOC_PORTABLE;
import static jcuda.driver.JCudaDriver.cuMemFreeHost;
import static jcuda.driver.JCudaDriver.cuMemHostAlloc;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import jcuda.Pointer;

/**
 * Page-locked memory of the host, which the device copies from and to by itself. JCuda shows an
 * address to its subclasses only, hence the inheritance.
 */
final class HostMemory extends Pointer {
  private HostMemory() {}

  /** Allocates memory in the current context, for all contexts and for kernels as well. */
  static HostMemory allocate(int bytes) {
    HostMemory memory = new HostMemory();
    Status.check(
        "cuMemHostAlloc",
        cuMemHostAlloc(memory, bytes, CU_MEMHOSTALLOC_PORTABLE | CU_MEMHOSTALLOC_DEVICEMAP),
        "asked for %d bytes of pinned memory; close buffers of the host, or use smaller ones"
            .formatted(bytes));
    return memory;
  }

  /** Returns its address. */
  long address() {
    return getNativePointer();
  }

  /** Returns its content, in the native order. */
  ByteBuffer bytes(int size) {
    return getByteBuffer(0, size).order(ByteOrder.nativeOrder());
  }

  /** Gives it back to the current context. */
  void release() {
    Status.checkRelease("cuMemFreeHost", cuMemFreeHost(this));
  }
}
