package dev.activations.opencl;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.activations.api.Dtype;
import dev.activations.spi.Lanes;
import dev.activations.spi.Memory;
import dev.activations.spi.PinnedMemory;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.FloatBuffer;
import org.jocl.CL;
import org.jocl.cl_command_queue;
import org.jocl.cl_event;
import org.junit.jupiter.api.Test;

/** The lanes beside a queue, which is held up as long as the test wants. */
class OpenClLanesTest {
  private static final int COUNT = 1 << 19;
  private static final long BYTES = COUNT * 4L;

  private final OpenClDevice device = OpenClDevices.first();

  private static FloatBuffer floats(PinnedMemory memory, float value) {
    FloatBuffer floats = memory.bytes().asFloatBuffer();
    for (int i = 0; i < COUNT; i++) {
      floats.put(i, value + i);
    }
    return floats;
  }

  @Test
  void copiesIntoTheDeviceDoNotWaitForTheQueueAndThoseOutOfItDo() {
    try (OpenClSession session = OpenClSession.open(device)) {
      cl_command_queue queue = OpenClSession.createQueue(device, session.context());
      Lanes lanes = OpenClLanes.open(device, session.context(), queue);
      PinnedMemory near = lanes.allocate((int) BYTES);
      PinnedMemory back = lanes.allocate((int) BYTES);
      assertTrue(lanes.reach(near.bytes().asFloatBuffer()));
      Memory first = session.allocateMemory(Dtype.F32, COUNT);
      Memory second = session.allocateMemory(Dtype.F32, COUNT);
      lanes.write(floats(near, 1), BYTES, first);
      lanes.finish();

      // The queue is at its work on the first chunk.
      int[] code = new int[1];
      cl_event done = CL.clCreateUserEvent(session.context(), code);
      Status.check("clCreateUserEvent", code[0]);
      Status.check(
          "clEnqueueBarrierWithWaitList",
          CL.clEnqueueBarrierWithWaitList(queue, 1, new cl_event[] {done}, null));
      // Meanwhile the second is copied in; this would wait for ever if it were not.
      lanes.write(floats(near, 2), BYTES, second);
      lanes.finish();
      FloatBuffer results = floats(back, 0);
      Runnable copied = lanes.read(first, results, BYTES);
      assertEquals(0, results.get(0), "copied before it was computed");

      Status.check("clSetUserEventStatus", CL.clSetUserEventStatus(done, CL.CL_COMPLETE));
      copied.run();
      assertEquals(1, results.get(0));
      lanes.read(second, results, BYTES).run();
      assertEquals(near.bytes(), back.bytes());

      CL.clReleaseEvent(done);
      first.free();
      second.free();
      near.free();
      back.free();
      lanes.close();
      CL.clReleaseCommandQueue(queue);
    }
  }

  @Test
  void onlyWhatADriverCanReadIsReached() {
    try (OpenClSession session = OpenClSession.open(device)) {
      Lanes lanes = session.openLanes();
      ByteBuffer direct = ByteBuffer.allocateDirect(8);
      ByteOrder swapped =
          ByteOrder.nativeOrder() == ByteOrder.BIG_ENDIAN
              ? ByteOrder.LITTLE_ENDIAN
              : ByteOrder.BIG_ENDIAN;
      assertFalse(lanes.reach(FloatBuffer.allocate(2)));
      assertFalse(lanes.reach(direct.order(swapped).asFloatBuffer()));
      assertTrue(lanes.reach(direct.order(ByteOrder.nativeOrder()).asFloatBuffer()));
      lanes.close();
    }
  }
}
