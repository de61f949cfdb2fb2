package dev.activations.opencl;

import static org.jocl.CL.clEnqueueReadBuffer;
import static org.jocl.CL.clEnqueueWriteBuffer;

import dev.activations.spi.HostTransfers;
import dev.activations.spi.Slice;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.FloatBuffer;
import org.jocl.Pointer;
import org.jocl.cl_command_queue;
import org.jocl.cl_mem;

/** Copies through a queue, blocking. */
final class Transfers extends HostTransfers {
  private final cl_command_queue queue;

  Transfers(cl_command_queue queue) {
    this.queue = queue;
  }

  @Override
  protected FloatBuffer allocateStaging() {
    return ByteBuffer.allocateDirect(STAGING * Float.BYTES)
        .order(ByteOrder.nativeOrder())
        .asFloatBuffer();
  }

  @Override
  protected void writeDirect(FloatBuffer from, Slice to) {
    Status.check(
        "clEnqueueWriteBuffer",
        clEnqueueWriteBuffer(
            queue,
            handle(to),
            true,
            bytes(to.offset()),
            bytes(from.limit()),
            Pointer.toBuffer(from),
            0,
            null,
            null));
  }

  @Override
  protected void readDirect(Slice from, FloatBuffer to) {
    Status.check(
        "clEnqueueReadBuffer",
        clEnqueueReadBuffer(
            queue,
            handle(from),
            true,
            bytes(from.offset()),
            bytes(to.limit()),
            Pointer.toBuffer(to),
            0,
            null,
            null));
  }

  private static long bytes(long elements) {
    return elements * Float.BYTES;
  }

  private static cl_mem handle(Slice slice) {
    return ((OpenClMemory) slice.memory()).handle();
  }
}
