package dev.activations.opencl;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.activations.api.ActivationException;
import dev.activations.api.Device;
import dev.activations.api.DeviceBuffer;
import dev.activations.api.DeviceException;
import dev.activations.api.Direction;
import dev.activations.api.Dtype;
import dev.activations.api.Geometry;
import dev.activations.api.KernelBuildException;
import dev.activations.api.Kind;
import dev.activations.api.Op;
import dev.activations.api.Session;
import dev.activations.verify.Definition;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import org.jocl.CL;
import org.jocl.Pointer;
import org.jocl.cl_context;
import org.jocl.cl_event;
import org.junit.jupiter.api.Test;

/** What is particular to a session on OpenCL; its results are the conformance suite's matter. */
class OpenClSessionTest {
  private static final Op GELU = Op.of(Kind.GELU);
  private final OpenClDevice device = OpenClDevices.first();

  @Test
  void workIsEnqueuedAndFencesFollowItInOrder() throws Exception {
    int passes = 300;
    // So much that any device takes longer to do it than the host takes to ask for it.
    int count = device.type() == Device.Type.CPU ? 1 << 20 : 1 << 26;
    try (Session session = device.open()) {
      DeviceBuffer buffer = session.upload(new float[count]);
      session.forward(GELU, buffer, buffer);
      session.finish();
      List<String> order = new ArrayList<>();
      for (int i = 0; i < passes; i++) {
        session.forward(GELU, buffer, buffer);
      }
      CompletableFuture<Void> first = session.fence();
      boolean early = first.isDone();
      CompletableFuture<Void> heard =
          first.thenRun(() -> order.add("first on " + Thread.currentThread().getName()));
      session.forward(GELU, buffer, buffer);
      CompletableFuture<Void> second = session.fence().thenRun(() -> order.add("second"));
      CompletableFuture.allOf(heard, second).get(60, TimeUnit.SECONDS);
      assertFalse(early, "the work was done before the fence");
      assertEquals(List.of("first on activations " + device.id(), "second"), order);
    }
  }

  @Test
  void buffersMayBeClosedWhileWorkUsesThem() {
    float[] x = new float[1 << 20];
    Arrays.fill(x, -1.5f);
    try (Session session = device.open()) {
      DeviceBuffer out = session.allocate(Dtype.F32, x.length);
      for (int i = 0; i < 10; i++) {
        DeviceBuffer in = session.upload(x);
        session.forward(GELU, in, out);
        in.close();
      }
      assertArrayEquals(Definition.run(GELU, Direction.FORWARD, x, x), session.download(out));
    }
  }

  @Test
  void fourThreadsShareASession() throws Exception {
    ExecutorService threads = Executors.newFixedThreadPool(4);
    try (Session session = device.open()) {
      List<Future<?>> done = new ArrayList<>();
      for (Kind kind : List.of(Kind.GELU, Kind.GELU, Kind.SOFTMAX, Kind.LINEAR)) {
        float seed = done.size();
        done.add(threads.submit(() -> use(session, Op.of(kind), seed)));
      }
      for (Future<?> each : done) {
        each.get(60, TimeUnit.SECONDS);
      }
    } finally {
      threads.shutdown();
    }
  }

  private static void use(Session session, Op op, float seed) {
    float[] x = new float[1021];
    for (int i = 0; i < x.length; i++) {
      x[i] = (i - 500 + seed) * 0.01f;
    }
    float[] expected = Definition.run(op, Direction.FORWARD, x, x);
    try (DeviceBuffer in = session.upload(x);
        DeviceBuffer out = session.allocate(Dtype.F32, x.length)) {
      for (int i = 0; i < 50; i++) {
        session.forward(op, in, out);
        assertArrayEquals(expected, session.download(out));
      }
    }
  }

  @Test
  void tooLargeABufferSaysWhatWasAskedAndWhatThereIs() {
    long most = device.description().maxAllocation();
    try (Session session = device.open()) {
      for (long count : new long[] {most / Float.BYTES + 1, Long.MAX_VALUE}) {
        String message =
            assertThrows(ActivationException.class, () -> session.allocate(Dtype.F32, count))
                .getMessage();
        assertTrue(message.contains(count + " elements"), message);
        assertTrue(message.contains(most + " bytes"), message);
        assertTrue(message.contains(device.id()), message);
      }
      // The session is as good as before.
      assertArrayEquals(new float[] {0, 2}, session.forward(Op.of(Kind.RELU), new float[] {-1, 2}));
    }
  }

  @Test
  void failedBuildCarriesFileOptionsAndLog() {
    try (OpenClSession session = OpenClSession.open(device)) {
      String broken =
          "INLINE float relu(float x) { return x; }\n"
              + "INLINE float relu_derivative(float x) { return undeclared; }\n";
      Source source =
          Source.of(
              Kind.RELU, Dtype.F32, 1, List.of(new Source.Piece("activation/broken.cl", broken)));
      KernelBuildException e =
          assertThrows(KernelBuildException.class, () -> session.build(source));
      assertEquals("activation/broken.cl", e.file());
      assertTrue(e.options().contains("-DFUNCTION=relu"), e.options());
      assertTrue(e.log().contains("undeclared"), e.log());
      assertTrue(e.log().contains("activation/broken.cl:2"), e.log());
    }
  }

  @Test
  void closedSessionRefusesWork() {
    Session session = device.open();
    DeviceBuffer buffer = session.upload(1, 2, 3);
    session.finish();
    session.close();
    session.close();
    assertThrows(IllegalStateException.class, () -> session.forward(GELU, buffer, buffer));
    assertThrows(IllegalStateException.class, session::fence);
    assertThrows(IllegalStateException.class, () -> session.forward(GELU, new float[1]));
  }

  @Test
  void sessionsComeAndGo() throws Exception {
    int before = waiters();
    for (int i = 0; i < 20; i++) {
      try (Session session = device.open()) {
        assertArrayEquals(new float[] {3}, session.forward(Op.of(Kind.RELU), new float[] {3}));
      }
    }
    for (int i = 0; i < 100 && waiters() > before; i++) {
      Thread.sleep(20); // Threads end soon after their session, not before it returns.
    }
    // A session of an earlier test may have ended meanwhile: fewer is no leak.
    assertTrue(waiters() <= before, waiters() + " threads are left, " + before + " at first");
  }

  @Test
  void nothingOfASessionIsLeft() throws InterruptedException {
    OpenClSession session = OpenClSession.open(device);
    cl_context context = session.context();
    CL.clRetainContext(context);
    DeviceBuffer x = session.upload(1, 2, 3);
    try (DeviceBuffer y = session.allocate(Dtype.F32, 3)) {
      session.forward(GELU, x, y);
      session.backward(Op.of(Kind.SOFTMAX), y, x, y);
    }
    session.finish();
    session.close();
    // Buffers, queues, programs and their kernels each hold the context. A driver's own thread may
    // let go of the last event after whoever waited for it goes on.
    for (int i = 0; i < 1000 && references(context) > 1; i++) {
      Thread.sleep(10);
    }
    assertEquals(1, references(context));
    CL.clReleaseContext(context);
  }

  private static int references(cl_context context) {
    int[] count = new int[1];
    Status.check(
        "clGetContextInfo",
        CL.clGetContextInfo(
            context, CL.CL_CONTEXT_REFERENCE_COUNT, Integer.BYTES, Pointer.to(count), null));
    return count[0];
  }

  @Test
  void failureOfWorkIsTheFailureOfItsFence() {
    int[] code = new int[1];
    try (OpenClSession session = OpenClSession.open(device)) {
      cl_event event = CL.clCreateUserEvent(session.context(), code);
      Status.check("clCreateUserEvent", code[0]);
      Status.check("clSetUserEventStatus", CL.clSetUserEventStatus(event, CL.CL_OUT_OF_RESOURCES));
      DeviceException e = assertThrows(DeviceException.class, () -> Fences.await(event));
      assertEquals("CL_OUT_OF_RESOURCES", e.symbol());
      assertEquals("clWaitForEvents", e.call());
    }
  }

  @Test
  void groupsTakeSeveralRowsWhereThereAreMany() {
    Op softmax = Op.of(Kind.SOFTMAX).over(Geometry.rows(70_001, 65));
    float[] x = new float[70_001 * 65];
    for (int i = 0; i < x.length; i++) {
      x[i] = (i % 1021) * 0.01f;
    }
    try (Session session = device.walking(Walk.GPU).open()) {
      assertArrayEquals(
          Definition.run(softmax, Direction.FORWARD, x, x), session.forward(softmax, x));
    }
  }

  private static int waiters() {
    return (int)
        Thread.getAllStackTraces().keySet().stream()
            .filter(thread -> thread.getName().startsWith("activations opencl"))
            .count();
  }

  @Test
  void failuresNameTheCallAndTheCode() {
    DeviceException e =
        assertThrows(
            DeviceException.class, () -> Status.check("clFinish", CL.CL_INVALID_COMMAND_QUEUE));
    assertEquals("clFinish", e.call());
    assertEquals(-36, e.code());
    assertEquals("CL_INVALID_COMMAND_QUEUE", e.symbol());
    assertTrue(e.getMessage().contains("open a new one"), e.getMessage());
    Status.check("clFinish", CL.CL_SUCCESS);
  }
}
