package dev.activations.opencl;

import static org.jocl.CL.clEnqueueReadBuffer;
import static org.jocl.CL.clEnqueueWriteBuffer;

import dev.activations.spi.HostTransfers;
import dev.activations.spi.Memory;
import java.nio.Buffer;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
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
  protected ByteBuffer allocateStaging() {
    return ByteBuffer.allocateDirect(STAGING).order(ByteOrder.nativeOrder());
  }

  @Override
  protected void writeDirect(Buffer from, long bytes, Memory to, long at) {
    Status.check(
        "clEnqueueWriteBuffer",
        clEnqueueWriteBuffer(
            queue, handle(to), true, at, bytes, Pointer.toBuffer(from), 0, null, null));
  }

  @Override
  protected void readDirect(Memory from, long at, Buffer to, long bytes) {
    Status.check(
        "clEnqueueReadBuffer",
        clEnqueueReadBuffer(
            queue, handle(from), true, at, bytes, Pointer.toBuffer(to), 0, null, null));
  }

  static cl_mem handle(Memory memory) {
    return ((OpenClMemory) memory).handle();
  }
}
