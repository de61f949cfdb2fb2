package dev.activations.opencl;

import static org.jocl.CL.clEnqueueMarkerWithWaitList;
import static org.jocl.CL.clFlush;
import static org.jocl.CL.clGetEventInfo;
import static org.jocl.CL.clReleaseEvent;
import static org.jocl.CL.clWaitForEvents;

import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import org.jocl.CL;
import org.jocl.Pointer;
import org.jocl.cl_command_queue;
import org.jocl.cl_event;

/**
 * Futures of the work in a queue. A thread of the session waits for them in their order: a thread
 * of the driver's, on which OpenCL's own callbacks run, must not call the driver back, which code
 * that depends on a future is free to do.
 */
final class Fences implements AutoCloseable {
  private final cl_command_queue queue;
  private final ExecutorService waiter;

  Fences(cl_command_queue queue, String device) {
    this.queue = queue;
    this.waiter =
        Executors.newSingleThreadExecutor(
            task -> {
              Thread thread = new Thread(task, "activations " + device);
              thread.setDaemon(true);
              return thread;
            });
  }

  /** Returns a future of everything that is in the queue. Does not block. */
  CompletableFuture<Void> fence() {
    cl_event event = new cl_event();
    Status.check("clEnqueueMarkerWithWaitList", clEnqueueMarkerWithWaitList(queue, 0, null, event));
    // Without a flush the driver may keep the commands to itself.
    Status.check("clFlush", clFlush(queue));
    CompletableFuture<Void> done = new CompletableFuture<>();
    waiter.execute(
        () -> {
          try {
            await(event);
            done.complete(null);
          } catch (RuntimeException | Error e) {
            done.completeExceptionally(e);
          }
        });
    return done;
  }

  /** Ends the thread once all fences are done. Does not block. */
  @Override
  public void close() {
    waiter.shutdown();
  }

  /** Blocks until an event has come, and releases it. */
  static void await(cl_event event) {
    try {
      int code = clWaitForEvents(1, new cl_event[] {event});
      if (code == CL.CL_EXEC_STATUS_ERROR_FOR_EVENTS_IN_WAIT_LIST) {
        // The event itself knows what went wrong.
        int[] status = new int[1];
        Status.check(
            "clGetEventInfo",
            clGetEventInfo(
                event,
                CL.CL_EVENT_COMMAND_EXECUTION_STATUS,
                Integer.BYTES,
                Pointer.to(status),
                null));
        code = status[0];
      }
      Status.check("clWaitForEvents", code);
    } finally {
      clReleaseEvent(event);
    }
  }
}
