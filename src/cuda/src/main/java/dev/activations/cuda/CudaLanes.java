package dev.activations.cuda;

import static jcuda.driver.JCudaDriver.cuEventDestroy;
import static jcuda.driver.JCudaDriver.cuMemHostGetDevicePointer;
import static jcuda.driver.JCudaDriver.cuStreamDestroy;
import static jcuda.driver.JCudaDriver.cuStreamSynchronize;
import static jcuda.driver.JCudaDriver.cuStreamWaitEvent;

import dev.activations.spi.HostTransfers;
import dev.activations.spi.Lanes;
import dev.activations.spi.Memory;
import dev.activations.spi.PinnedMemory;
import java.nio.Buffer;
import java.nio.ByteBuffer;
import jcuda.Pointer;
import jcuda.driver.CUdeviceptr;
import jcuda.driver.CUevent;
import jcuda.driver.CUstream;

/** A stream for each direction, beside the session's; events order their work. */
final class CudaLanes implements Lanes {
  /** One chunk is copied in, one is computed, one is copied out. */
  private static final int DEPTH = 3;

  private final Context context;
  private final CUstream queue;
  private final CUstream in;
  private final CUstream out;

  private CudaLanes(Context context, CUstream queue, CUstream in, CUstream out) {
    this.context = context;
    this.queue = queue;
    this.in = in;
    this.out = out;
  }

  /** Opens lanes beside a stream. */
  static CudaLanes open(Context context, CUstream queue) {
    return context.get(
        () -> {
          CUstream in = CudaSession.createStream();
          try {
            return new CudaLanes(context, queue, in, CudaSession.createStream());
          } catch (RuntimeException e) {
            cuStreamDestroy(in);
            throw e;
          }
        });
  }

  @Override
  public PinnedMemory allocate(int bytes) {
    HostMemory memory = context.get(() -> HostMemory.allocate(bytes));
    return new Pinned(context, memory, memory.bytes(bytes));
  }

  /** The driver knows what is pinned, whoever did it; views and slices are known by address. */
  @Override
  public boolean reach(Buffer host) {
    return HostTransfers.isNative(host)
        && context.get(
            () -> cuMemHostGetDevicePointer(new CUdeviceptr(), Pointer.toBuffer(host), 0) == 0);
  }

  @Override
  public int depth() {
    return DEPTH;
  }

  @Override
  public void write(Buffer from, long bytes, Memory to) {
    context.run(
        () -> {
          Transfers.start(from, bytes, to, 0, in);
          order(in, queue);
        });
  }

  @Override
  public Runnable read(Memory from, Buffer to, long bytes) {
    CUevent end =
        context.get(
            () -> {
              order(queue, out);
              Transfers.start(from, 0, to, bytes, out);
              return Fences.record(out);
            });
    return () -> context.run(() -> Fences.await(end));
  }

  /** Has what comes into a stream wait for what is in another. */
  private static void order(CUstream first, CUstream then) {
    CUevent event = Fences.record(first);
    int code = cuStreamWaitEvent(then, event, 0);
    // The driver keeps an event for as long as a stream waits for it.
    Status.checkRelease("cuEventDestroy", cuEventDestroy(event));
    Status.check("cuStreamWaitEvent", code);
  }

  @Override
  public void finish() {
    context.run(
        () -> {
          int first = cuStreamSynchronize(in);
          Status.check("cuStreamSynchronize", cuStreamSynchronize(out));
          Status.check("cuStreamSynchronize", first);
        });
  }

  @Override
  public void close() {
    context.runUnlessLost(
        () -> {
          Status.checkRelease("cuStreamDestroy", cuStreamDestroy(in));
          Status.checkRelease("cuStreamDestroy", cuStreamDestroy(out));
        });
  }

  /**
   * Page-locked memory.
   *
   * @param bytes all of it
   */
  private record Pinned(Context context, HostMemory memory, ByteBuffer bytes)
      implements PinnedMemory {
    @Override
    public void free() {
      context.runUnlessLost(memory::release);
    }
  }
}
