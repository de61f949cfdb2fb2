package dev.activations.opencl;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotSame;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.activations.api.Direction;
import dev.activations.api.Dtype;
import dev.activations.api.Kind;
import dev.activations.api.Op;
import dev.activations.spi.Lanes;
import dev.activations.spi.Launch;
import dev.activations.spi.Memory;
import dev.activations.spi.PinnedMemory;
import dev.activations.spi.Runs;
import dev.activations.spi.Slice;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.FloatBuffer;
import java.util.ArrayList;
import java.util.List;
import org.jocl.CL;
import org.jocl.cl_command_queue;
import org.jocl.cl_event;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** The lanes beside a queue, which is held up as long as the test wants. */
class OpenClLanesTest {
  private static final int COUNT = 1 << 19;
  private static final long BYTES = COUNT * 4L;

  private final OpenClDevice device = OpenClDevices.withOwnMemory(OpenClDevices.first());

  private static FloatBuffer floats(PinnedMemory memory, float value) {
    FloatBuffer floats = memory.bytes().asFloatBuffer();
    for (int i = 0; i < COUNT; i++) {
      floats.put(i, value + i);
    }
    return floats;
  }

  @Test
  @Timeout(60)
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
      // Meanwhile the second is copied in. Memory is mapped after that, in the same lane, which
      // would take for ever if the copy waited for the queue.
      lanes.write(floats(near, 2), BYTES, second);
      lanes.allocate(PinnedMemory.PAGE).free();
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
  void kernelsWorkInTheHostsMemoryWhereTheDeviceSharesIt() {
    OpenClDevice sharing = OpenClDevices.first();
    Assumptions.assumeTrue(sharing.description().sharesMemory());
    try (OpenClSession session = OpenClSession.open(sharing)) {
      Lanes lanes = session.openLanes();
      FloatBuffer x = floats(lanes.allocate((int) BYTES), -7).slice(3, 1000);
      List<Memory> views = new ArrayList<>();
      views.add(lanes.view(x.slice(), views));
      views.add(lanes.view(x.slice(), views));
      assertSame(views.get(0), views.get(1), "one object in place");
      assertNotSame(views.get(0), lanes.view(x.slice(1, 5), views));
      session.enqueue(
          new Launch(
              Op.of(Kind.RELU),
              Direction.FORWARD,
              Dtype.F32,
              List.of(new Slice(views.get(0), 0)),
              List.of(new Slice(views.get(1), 0)),
              1000,
              Runs.contiguous(1000),
              List.of()));
      lanes.read(views.get(1), x, 4000).run();
      assertEquals(0, x.get(0));
      assertEquals(0, x.get(3));
      assertEquals(995, x.get(999));
      views.get(0).free();
      lanes.close();
    }
  }

  @Test
  void elementsAcrossTheirPlacesAreNotReachedWhereKernelsWorkOnThem() {
    OpenClDevice sharing = OpenClDevices.first();
    Assumptions.assumeTrue(sharing.description().sharesMemory());
    float[] x = {-1, 2, -3};
    FloatBuffer across =
        ByteBuffer.allocateDirect(16).slice(1, 12).order(ByteOrder.nativeOrder()).asFloatBuffer();
    try (OpenClSession session = OpenClSession.open(sharing)) {
      Lanes lanes = session.openLanes();
      assertFalse(lanes.reach(across));
      assertTrue(lanes.reach(floats(lanes.allocate((int) BYTES), 0).slice(1, 2)));
      lanes.close();
      session.forward(Op.of(Kind.RELU), across.put(0, x), across);
      assertEquals(FloatBuffer.wrap(new float[] {0, 2, 0}), across);
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
