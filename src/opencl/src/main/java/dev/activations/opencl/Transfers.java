package dev.activations.opencl;

import static org.jocl.CL.clEnqueueReadBuffer;
import static org.jocl.CL.clEnqueueWriteBuffer;

import dev.activations.spi.Slice;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.FloatBuffer;
import org.jocl.Pointer;
import org.jocl.cl_command_queue;
import org.jocl.cl_mem;

/**
 * Copies between the host and a device, blocking. Direct buffers in the native order go straight to
 * the driver; others pass through a direct scratch buffer, because a driver that reads a Java array
 * would hold up the garbage collector for as long as the queue takes.
 */
final class Transfers {
  private static final int SCRATCH = 1 << 20;

  private final cl_command_queue queue;
  private FloatBuffer scratch;

  Transfers(cl_command_queue queue) {
    this.queue = queue;
  }

  /** Copies the elements of {@code from}, which starts at position 0, to the device. */
  void write(FloatBuffer from, Slice to) {
    if (isNative(from)) {
      writeDirect(from, to, 0);
      return;
    }
    for (int at = 0; at < from.limit(); at += SCRATCH) {
      FloatBuffer piece = scratch(Math.min(SCRATCH, from.limit() - at));
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
    for (int at = 0; at < to.limit(); at += SCRATCH) {
      FloatBuffer piece = scratch(Math.min(SCRATCH, to.limit() - at));
      readDirect(from, at, piece);
      to.put(at, piece, 0, piece.limit());
    }
  }

  private void writeDirect(FloatBuffer from, Slice to, long at) {
    Status.check(
        "clEnqueueWriteBuffer",
        clEnqueueWriteBuffer(
            queue,
            handle(to),
            true,
            bytes(to.offset() + at),
            bytes(from.limit()),
            Pointer.toBuffer(from),
            0,
            null,
            null));
  }

  private void readDirect(Slice from, long at, FloatBuffer to) {
    Status.check(
        "clEnqueueReadBuffer",
        clEnqueueReadBuffer(
            queue,
            handle(from),
            true,
            bytes(from.offset() + at),
            bytes(to.limit()),
            Pointer.toBuffer(to),
            0,
            null,
            null));
  }

  private FloatBuffer scratch(int count) {
    if (scratch == null) {
      scratch =
          ByteBuffer.allocateDirect(SCRATCH * Float.BYTES)
              .order(ByteOrder.nativeOrder())
              .asFloatBuffer();
    }
    return scratch.limit(count);
  }

  private static boolean isNative(FloatBuffer buffer) {
    return buffer.isDirect() && buffer.order() == ByteOrder.nativeOrder();
  }

  private static long bytes(long elements) {
    return elements * Float.BYTES;
  }

  private static cl_mem handle(Slice slice) {
    return ((OpenClMemory) slice.memory()).handle();
  }
}
