package dev.activations.cuda;

import static jcuda.driver.JCudaDriver.cuEventCreate;
import static jcuda.driver.JCudaDriver.cuEventDestroy;
import static jcuda.driver.JCudaDriver.cuEventRecord;
import static jcuda.driver.JCudaDriver.cuEventSynchronize;

import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import jcuda.driver.CUevent;
import jcuda.driver.CUevent_flags;
import jcuda.driver.CUstream;

/**
 * Futures of the work in a stream. A thread of the session waits for them in their order: a thread
 * of the driver's, on which CUDA's own callbacks run, must not call the driver back, which code
 * that depends on a future is free to do.
 */
final class Fences {
  private final Context context;
  private final CUstream stream;
  private final ExecutorService waiter;

  Fences(Context context, CUstream stream, String device) {
    this.context = context;
    this.stream = stream;
    this.waiter =
        Executors.newSingleThreadExecutor(
            task -> {
              Thread thread = new Thread(task, "activations " + device);
              thread.setDaemon(true);
              return thread;
            });
  }

  /** Returns a future of everything that is in the stream. Does not block. */
  CompletableFuture<Void> fence() {
    CUevent event = context.get(this::record);
    CompletableFuture<Void> done = new CompletableFuture<>();
    waiter.execute(
        () -> {
          try {
            context.run(() -> await(event));
          } catch (RuntimeException e) {
            done.completeExceptionally(e);
            return;
          }
          done.complete(null);
        });
    return done;
  }

  /** Ends the thread once all fences are done. Does not block. */
  void close() {
    waiter.shutdown();
  }

  private CUevent record() {
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

  private static void await(CUevent event) {
    int code = cuEventSynchronize(event);
    Status.checkRelease("cuEventDestroy", cuEventDestroy(event));
    Status.check("cuEventSynchronize", code);
  }
}
