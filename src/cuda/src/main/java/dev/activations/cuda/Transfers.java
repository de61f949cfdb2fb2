package dev.activations.cuda;

import static jcuda.driver.JCudaDriver.cuMemcpyDtoHAsync;
import static jcuda.driver.JCudaDriver.cuMemcpyHtoDAsync;
import static jcuda.driver.JCudaDriver.cuStreamSynchronize;

import dev.activations.spi.HostTransfers;
import dev.activations.spi.Slice;
import java.nio.FloatBuffer;
import jcuda.Pointer;
import jcuda.driver.CUdeviceptr;
import jcuda.driver.CUstream;

/** Copies in the current context, blocking; the staging buffer is page-locked. */
final class Transfers extends HostTransfers {
  private final CUstream stream;
  private HostMemory memory;

  Transfers(CUstream stream) {
    this.stream = stream;
  }

  @Override
  protected FloatBuffer allocateStaging() {
    int size = STAGING * Float.BYTES;
    memory = HostMemory.allocate(size);
    return memory.bytes(size).asFloatBuffer();
  }

  /** Gives the page-locked memory back to the current context. */
  void release() {
    if (memory != null) {
      memory.release();
    }
  }

  @Override
  protected void writeDirect(FloatBuffer from, Slice to) {
    Status.check(
        "cuMemcpyHtoDAsync",
        cuMemcpyHtoDAsync(address(to), Pointer.toBuffer(from), bytes(from.limit()), stream));
    await();
  }

  @Override
  protected void readDirect(Slice from, FloatBuffer to) {
    Status.check(
        "cuMemcpyDtoHAsync",
        cuMemcpyDtoHAsync(Pointer.toBuffer(to), address(from), bytes(to.limit()), stream));
    await();
  }

  private void await() {
    Status.check("cuStreamSynchronize", cuStreamSynchronize(stream));
  }

  private static CUdeviceptr address(Slice slice) {
    return ((DeviceMemory) slice.memory()).withByteOffset(bytes(slice.offset()));
  }

  private static long bytes(long elements) {
    return elements * Float.BYTES;
  }
}
