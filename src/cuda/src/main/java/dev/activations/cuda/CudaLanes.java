package dev.activations.cuda;

import static jcuda.driver.JCudaDriver.cuEventDestroy;
import static jcuda.driver.JCudaDriver.cuStreamDestroy;
import static jcuda.driver.JCudaDriver.cuStreamWaitEvent;

import dev.activations.api.Formula;
import dev.activations.spi.HostTransfers;
import dev.activations.spi.Lanes;
import dev.activations.spi.Memory;
import dev.activations.spi.Pass;
import dev.activations.spi.PinnedMemory;
import java.nio.Buffer;
import java.nio.ByteBuffer;
import java.util.Collection;
import java.util.List;
import java.util.stream.Stream;
import jcuda.driver.CUevent;
import jcuda.driver.CUstream;
import jcuda.driver.JCudaDriver;

/** A stream for each direction, beside the session's; events order their work. */
final class CudaLanes implements Lanes {
  /**
   * The bytes up to which kernels work in the host's memory: the ring gets more out of the bus, and
   * takes longer to start and to end.
   */
  private static final long ZERO_COPY = 1 << 23;

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

  /** The driver knows what is pinned, whoever did it; kernels want elements where they belong. */
  @Override
  public boolean reach(Buffer host) {
    return HostTransfers.isNative(host)
        && context
            .get(() -> DeviceMemory.view(host))
            .filter(view -> view.address() % HostTransfers.size(host) == 0)
            .isPresent();
  }

  /** Over an axis kernels read elements several times, which is to go to the device's memory. */
  @Override
  public boolean isZeroCopy(Pass pass, long bytes) {
    return bytes <= ZERO_COPY && pass.op().formula().shape() != Formula.Shape.OVER_AXIS;
  }

  @Override
  public Memory view(Buffer host, Collection<Memory> others) {
    return context.get(() -> DeviceMemory.view(host)).orElseThrow();
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
              if (((DeviceMemory) from).isOfHost()) {
                return Fences.record(queue);
              }
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
          List<Integer> codes =
              Stream.of(in, queue, out).map(JCudaDriver::cuStreamSynchronize).toList();
          codes.forEach(code -> Status.check("cuStreamSynchronize", code));
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
