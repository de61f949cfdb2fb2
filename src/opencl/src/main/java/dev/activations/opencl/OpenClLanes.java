package dev.activations.opencl;

import static org.jocl.CL.clCreateBuffer;
import static org.jocl.CL.clEnqueueBarrierWithWaitList;
import static org.jocl.CL.clEnqueueMapBuffer;
import static org.jocl.CL.clEnqueueMarkerWithWaitList;
import static org.jocl.CL.clEnqueueReadBuffer;
import static org.jocl.CL.clEnqueueUnmapMemObject;
import static org.jocl.CL.clEnqueueWriteBuffer;
import static org.jocl.CL.clFinish;
import static org.jocl.CL.clFlush;
import static org.jocl.CL.clReleaseCommandQueue;
import static org.jocl.CL.clReleaseEvent;
import static org.jocl.CL.clReleaseMemObject;

import dev.activations.spi.HostTransfers;
import dev.activations.spi.Lanes;
import dev.activations.spi.Memory;
import dev.activations.spi.PinnedMemory;
import java.nio.Buffer;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import org.jocl.CL;
import org.jocl.Pointer;
import org.jocl.cl_command_queue;
import org.jocl.cl_context;
import org.jocl.cl_event;
import org.jocl.cl_mem;

/** A queue for each direction, beside the session's; events order their work. */
final class OpenClLanes implements Lanes {
  /** One chunk is copied in, one is computed, one is copied out. */
  private static final int DEPTH = 3;

  private final cl_context context;
  private final cl_command_queue queue;
  private final cl_command_queue in;
  private final cl_command_queue out;

  private OpenClLanes(
      cl_context context, cl_command_queue queue, cl_command_queue in, cl_command_queue out) {
    this.context = context;
    this.queue = queue;
    this.in = in;
    this.out = out;
  }

  /** Opens lanes beside a queue. */
  static OpenClLanes open(OpenClDevice device, cl_context context, cl_command_queue queue) {
    cl_command_queue in = OpenClSession.createQueue(device, context);
    try {
      return new OpenClLanes(context, queue, in, OpenClSession.createQueue(device, context));
    } catch (RuntimeException e) {
      clReleaseCommandQueue(in);
      throw e;
    }
  }

  /** Drivers pin what they allocate for the host, for as long as it is mapped. */
  @Override
  public PinnedMemory allocate(int bytes) {
    int[] code = new int[1];
    long flags = CL.CL_MEM_READ_WRITE | CL.CL_MEM_ALLOC_HOST_PTR;
    cl_mem memory = clCreateBuffer(context, flags, bytes, null, code);
    Status.check("clCreateBuffer", code[0]);
    ByteBuffer mapped =
        clEnqueueMapBuffer(
            in, memory, true, CL.CL_MAP_READ | CL.CL_MAP_WRITE, 0, bytes, 0, null, null, code);
    if (code[0] != CL.CL_SUCCESS) {
      clReleaseMemObject(memory);
      throw Status.failure("clEnqueueMapBuffer", code[0]);
    }
    return new Pinned(in, memory, mapped.order(ByteOrder.nativeOrder()));
  }

  /** Drivers take what they have not pinned as well, and move it through memory of their own. */
  @Override
  public boolean reach(Buffer host) {
    return HostTransfers.isNative(host);
  }

  @Override
  public int depth() {
    return DEPTH;
  }

  @Override
  public void write(Buffer from, long bytes, Memory to) {
    cl_event end = new cl_event();
    Status.check(
        "clEnqueueWriteBuffer",
        clEnqueueWriteBuffer(
            in, Transfers.handle(to), false, 0, bytes, Pointer.toBuffer(from), 0, null, end));
    try {
      // Without a flush the driver may keep the copy to itself, which another queue waits for.
      Status.check("clFlush", clFlush(in));
      Status.check(
          "clEnqueueBarrierWithWaitList",
          clEnqueueBarrierWithWaitList(queue, 1, new cl_event[] {end}, null));
    } finally {
      clReleaseEvent(end);
    }
  }

  @Override
  public Runnable read(Memory from, Buffer to, long bytes) {
    cl_event computed = new cl_event();
    Status.check(
        "clEnqueueMarkerWithWaitList", clEnqueueMarkerWithWaitList(queue, 0, null, computed));
    cl_event end = new cl_event();
    try {
      Status.check("clFlush", clFlush(queue));
      Status.check(
          "clEnqueueReadBuffer",
          clEnqueueReadBuffer(
              out,
              Transfers.handle(from),
              false,
              0,
              bytes,
              Pointer.toBuffer(to),
              1,
              new cl_event[] {computed},
              end));
    } finally {
      clReleaseEvent(computed);
    }
    Status.check("clFlush", clFlush(out));
    return () -> Fences.await(end);
  }

  @Override
  public void finish() {
    int first = clFinish(in);
    Status.check("clFinish", clFinish(out));
    Status.check("clFinish", first);
  }

  @Override
  public void close() {
    Status.check("clReleaseCommandQueue", clReleaseCommandQueue(in));
    Status.check("clReleaseCommandQueue", clReleaseCommandQueue(out));
  }

  /**
   * Memory that stays mapped.
   *
   * @param bytes where it is mapped
   */
  private record Pinned(cl_command_queue queue, cl_mem memory, ByteBuffer bytes)
      implements PinnedMemory {
    @Override
    public void free() {
      Status.check(
          "clEnqueueUnmapMemObject", clEnqueueUnmapMemObject(queue, memory, bytes, 0, null, null));
      Status.check("clReleaseMemObject", clReleaseMemObject(memory));
    }
  }
}
