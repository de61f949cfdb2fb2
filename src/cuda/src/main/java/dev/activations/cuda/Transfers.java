package dev.activations.cuda;

import static jcuda.driver.JCudaDriver.cuMemcpyDtoHAsync;
import static jcuda.driver.JCudaDriver.cuMemcpyHtoDAsync;
import static jcuda.driver.JCudaDriver.cuStreamSynchronize;

import dev.activations.spi.HostTransfers;
import dev.activations.spi.Memory;
import java.nio.Buffer;
import java.nio.ByteBuffer;
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
  protected ByteBuffer allocateStaging() {
    memory = HostMemory.allocate(STAGING);
    return memory.bytes(STAGING);
  }

  /** Gives the page-locked memory back to the current context. */
  void release() {
    if (memory != null) {
      memory.release();
    }
  }

  @Override
  protected void writeDirect(Buffer from, long bytes, Memory to, long at) {
    start(from, bytes, to, at, stream);
    await();
  }

  @Override
  protected void readDirect(Memory from, long at, Buffer to, long bytes) {
    start(from, at, to, bytes, stream);
    await();
  }

  /** Starts a copy to the device. */
  static void start(Buffer from, long bytes, Memory to, long at, CUstream stream) {
    Status.check(
        "cuMemcpyHtoDAsync",
        cuMemcpyHtoDAsync(address(to, at), Pointer.toBuffer(from), bytes, stream));
  }

  /** Starts a copy to the host. */
  static void start(Memory from, long at, Buffer to, long bytes, CUstream stream) {
    Status.check(
        "cuMemcpyDtoHAsync",
        cuMemcpyDtoHAsync(Pointer.toBuffer(to), address(from, at), bytes, stream));
  }

  private void await() {
    Status.check("cuStreamSynchronize", cuStreamSynchronize(stream));
  }

  private static CUdeviceptr address(Memory memory, long at) {
    return ((DeviceMemory) memory).withByteOffset(at);
  }
}
