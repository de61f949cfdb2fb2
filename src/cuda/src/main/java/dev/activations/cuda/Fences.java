package dev.activations.cuda;

import static jcuda.driver.JCudaDriver.cuEventCreate;
import static jcuda.driver.JCudaDriver.cuEventDestroy;
import static jcuda.driver.JCudaDriver.cuEventRecord;
import static jcuda.driver.JCudaDriver.cuEventSynchronize;

import dev.activations.spi.Waiter;
import java.util.concurrent.CompletableFuture;
import jcuda.driver.CUevent;
import jcuda.driver.CUevent_flags;
import jcuda.driver.CUstream;

/** Futures of the work in a stream. */
final class Fences implements AutoCloseable {
  private final Context context;
  private final CUstream stream;
  private final Waiter waiter;

  Fences(Context context, CUstream stream, String device) {
    this.context = context;
    this.stream = stream;
    this.waiter = new Waiter(device);
  }

  /** Returns a future of everything that is in the stream. Does not block. */
  CompletableFuture<Void> fence() {
    CUevent event = context.get(() -> record(stream));
    return waiter.after(() -> context.run(() -> await(event)));
  }

  /** Ends the thread once all fences are done. Does not block. */
  @Override
  public void close() {
    waiter.close();
  }

  /** Returns an event that comes when all that is in a stream is done. */
  static CUevent record(CUstream stream) {
    CUevent event = new CUevent();
    // The waiting thread sleeps, where by default it would keep a core busy.
    int flags = CUevent_flags.CU_EVENT_BLOCKING_SYNC | CUevent_flags.CU_EVENT_DISABLE_TIMING;
    Status.check("cuEventCreate", cuEventCreate(event, flags));
    int code = cuEventRecord(event, stream);
    if (code != 0) {
      cuEventDestroy(event);
    }
    Status.check("cuEventRecord", code);
    return event;
  }

  /** Blocks until an event has come, and destroys it. */
  static void await(CUevent event) {
    int code = cuEventSynchronize(event);
    Status.checkRelease("cuEventDestroy", cuEventDestroy(event));
    Status.check("cuEventSynchronize", code);
  }
}
