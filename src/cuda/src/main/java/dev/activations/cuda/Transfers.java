package dev.activations.cuda;

import static jcuda.driver.JCudaDriver.cuMemcpyDtoHAsync;
import static jcuda.driver.JCudaDriver.cuMemcpyHtoDAsync;
import static jcuda.driver.JCudaDriver.cuStreamSynchronize;

import dev.activations.spi.Slice;
import java.nio.ByteOrder;
import java.nio.FloatBuffer;
import jcuda.Pointer;
import jcuda.driver.CUdeviceptr;
import jcuda.driver.CUstream;

/**
 * Copies between the host and the current context, blocking. Direct buffers in the native order go
 * straight to the driver; others pass through page-locked memory, because a driver that reads a
 * Java array would hold up the garbage collector for as long as the stream takes.
 */
final class Transfers {
  private static final int STAGING = 1 << 20;

  private final CUstream stream;
  private HostMemory memory;
  private FloatBuffer staging;

  Transfers(CUstream stream) {
    this.stream = stream;
  }

  /** Copies the elements of {@code from}, which starts at position 0, to the device. */
  void write(FloatBuffer from, Slice to) {
    if (isNative(from)) {
      writeDirect(from, to, 0);
      return;
    }
    for (int at = 0; at < from.limit(); at += STAGING) {
      FloatBuffer piece = staging(Math.min(STAGING, from.limit() - at));
      piece.put(0, from, at, piece.limit());
      writeDirect(piece, to, at);
    }
  }

  /** Copies elements of the device to {@code to}, which starts at position 0. */
  void read(Slice from, FloatBuffer to) {
    if (isNative(to)) {
      readDirect(from, 0, to);
      return;
    }
    for (int at = 0; at < to.limit(); at += STAGING) {
      FloatBuffer piece = staging(Math.min(STAGING, to.limit() - at));
      readDirect(from, at, piece);
      to.put(at, piece, 0, piece.limit());
    }
  }

  /** Gives the page-locked memory back to the current context. */
  void release() {
    if (memory != null) {
      memory.release();
    }
  }

  private void writeDirect(FloatBuffer from, Slice to, long at) {
    Status.check(
        "cuMemcpyHtoDAsync",
        cuMemcpyHtoDAsync(address(to, at), Pointer.toBuffer(from), bytes(from.limit()), stream));
    await();
  }

  private void readDirect(Slice from, long at, FloatBuffer to) {
    Status.check(
        "cuMemcpyDtoHAsync",
        cuMemcpyDtoHAsync(Pointer.toBuffer(to), address(from, at), bytes(to.limit()), stream));
    await();
  }

  private void await() {
    Status.check("cuStreamSynchronize", cuStreamSynchronize(stream));
  }

  private FloatBuffer staging(int count) {
    if (memory == null) {
      int size = STAGING * Float.BYTES;
      memory = HostMemory.allocate(size);
      staging = memory.bytes(size).asFloatBuffer();
    }
    return staging.limit(count);
  }

  private static boolean isNative(FloatBuffer buffer) {
    return buffer.isDirect() && buffer.order() == ByteOrder.nativeOrder();
  }

  private static CUdeviceptr address(Slice slice, long at) {
    return ((DeviceMemory) slice.memory()).withByteOffset(bytes(slice.offset() + at));
  }

  private static long bytes(long elements) {
    return elements * Float.BYTES;
  }
}
