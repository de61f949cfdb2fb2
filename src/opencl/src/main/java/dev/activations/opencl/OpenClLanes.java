package dev.activations.opencl;

import static org.jocl.CL.clCreateBuffer;
import static org.jocl.CL.clEnqueueBarrierWithWaitList;
import static org.jocl.CL.clEnqueueMapBuffer;
import static org.jocl.CL.clEnqueueMarkerWithWaitList;
import static org.jocl.CL.clEnqueueReadBuffer;
import static org.jocl.CL.clEnqueueUnmapMemObject;
import static org.jocl.CL.clEnqueueWriteBuffer;
import static org.jocl.CL.clFlush;
import static org.jocl.CL.clReleaseCommandQueue;
import static org.jocl.CL.clReleaseEvent;
import static org.jocl.CL.clReleaseMemObject;

import dev.activations.spi.HostTransfers;
import dev.activations.spi.Lanes;
import dev.activations.spi.Memory;
import dev.activations.spi.Pass;
import dev.activations.spi.PinnedMemory;
import java.nio.Buffer;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Collection;
import java.util.List;
import java.util.stream.Stream;
import org.jocl.CL;
import org.jocl.Pointer;
import org.jocl.cl_command_queue;
import org.jocl.cl_context;
import org.jocl.cl_event;
import org.jocl.cl_mem;

/** A queue for each direction, beside the session's; events order their work. */
final class OpenClLanes implements Lanes {
  private final boolean shared;
  private final cl_context context;
  private final cl_command_queue queue;
  private final cl_command_queue in;
  private final cl_command_queue out;

  private OpenClLanes(
      boolean shared,
      cl_context context,
      cl_command_queue queue,
      cl_command_queue in,
      cl_command_queue out) {
    this.shared = shared;
    this.context = context;
    this.queue = queue;
    this.in = in;
    this.out = out;
  }

  /** Opens lanes beside a queue. */
  static OpenClLanes open(OpenClDevice device, cl_context context, cl_command_queue queue) {
    cl_command_queue in = OpenClSession.createQueue(device, context);
    try {
      cl_command_queue out = OpenClSession.createQueue(device, context);
      return new OpenClLanes(device.description().sharesMemory(), context, queue, in, out);
    } catch (RuntimeException e) {
      clReleaseCommandQueue(in);
      throw e;
    }
  }

  /** Drivers pin what they allocate for the host, for as long as it is mapped. */
  @Override
  public PinnedMemory allocate(int bytes) {
    if (shared) {
      return PinnedMemory.unpinned(bytes);
    }
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

  /**
   * Drivers take what they have not pinned as well, and move it through memory of their own.
   * Kernels want elements where they belong.
   */
  @Override
  public boolean reach(Buffer host) {
    return HostTransfers.isNative(host) && (!shared || isAligned(host));
  }

  private boolean isAligned(Buffer host) {
    int size = HostTransfers.size(host);
    // Of the first element only: a driver makes no object of what is too large for one.
    OpenClMemory first = OpenClMemory.view(context, host, size);
    long address = first.address();
    first.free();
    return address % size == 0;
  }

  @Override
  public boolean isZeroCopy(Pass pass, long bytes) {
    return shared;
  }

  /** In place both are one object: of two over the same memory a kernel must not use both. */
  @Override
  public Memory view(Buffer host, Collection<Memory> others) {
    long bytes = (long) host.limit() * HostTransfers.size(host);
    OpenClMemory view = OpenClMemory.view(context, host, bytes);
    for (Memory other : others) {
      if (((OpenClMemory) other).address() == view.address()) {
        view.free();
        return other;
      }
    }
    return view;
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
    return ((OpenClMemory) from).isOfHost() ? map(from, bytes) : copy(from, to, bytes);
  }

  /** Lets the host see what kernels wrote into its memory. */
  private Runnable map(Memory view, long bytes) {
    cl_mem handle = Transfers.handle(view);
    int[] code = new int[1];
    ByteBuffer mapped =
        clEnqueueMapBuffer(queue, handle, false, CL.CL_MAP_READ, 0, bytes, 0, null, null, code);
    Status.check("clEnqueueMapBuffer", code[0]);
    cl_event end = new cl_event();
    Status.check(
        "clEnqueueUnmapMemObject", clEnqueueUnmapMemObject(queue, handle, mapped, 0, null, end));
    return flushed(queue, end);
  }

  private Runnable copy(Memory from, Buffer to, long bytes) {
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
    return flushed(out, end);
  }

  /** Waits for an event of a queue; without a flush the driver may keep commands to itself. */
  private static Runnable flushed(cl_command_queue queue, cl_event end) {
    Status.check("clFlush", clFlush(queue));
    return () -> Fences.await(end);
  }

  @Override
  public void finish() {
    List<Integer> codes = Stream.of(in, queue, out).map(CL::clFinish).toList();
    codes.forEach(code -> Status.check("clFinish", code));
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
