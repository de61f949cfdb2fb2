package dev.activations.opencl;

import static org.jocl.CL.clEnqueueMarkerWithWaitList;
import static org.jocl.CL.clFlush;
import static org.jocl.CL.clGetEventInfo;
import static org.jocl.CL.clReleaseEvent;
import static org.jocl.CL.clWaitForEvents;

import dev.activations.spi.Waiter;
import java.util.concurrent.CompletableFuture;
import org.jocl.CL;
import org.jocl.Pointer;
import org.jocl.cl_command_queue;
import org.jocl.cl_event;

/** Futures of the work in a queue. */
final class Fences implements AutoCloseable {
  private final cl_command_queue queue;
  private final Waiter waiter;

  Fences(cl_command_queue queue, String device) {
    this.queue = queue;
    this.waiter = new Waiter(device);
  }

  /** Returns a future of everything that is in the queue. Does not block. */
  CompletableFuture<Void> fence() {
    cl_event event = new cl_event();
    Status.check("clEnqueueMarkerWithWaitList", clEnqueueMarkerWithWaitList(queue, 0, null, event));
    // Without a flush the driver may keep the commands to itself.
    Status.check("clFlush", clFlush(queue));
    return waiter.after(() -> await(event));
  }

  /** Ends the thread once all fences are done. Does not block. */
  @Override
  public void close() {
    waiter.close();
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
