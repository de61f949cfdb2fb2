package dev.activations;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.activations.api.ActivationException;
import dev.activations.api.Device;
import dev.activations.api.Direction;
import dev.activations.api.Dtype;
import dev.activations.api.Finding;
import dev.activations.api.Geometry;
import dev.activations.api.Kind;
import dev.activations.api.Op;
import dev.activations.api.Session;
import dev.activations.spi.Cache;
import java.nio.DoubleBuffer;
import java.nio.FloatBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Supplier;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class DispatcherTest {
  private static final int COUNT = 1 << 17;
  private static final Op RELU = Op.of(Kind.RELU);
  private static final Workload BATCH = Workload.of(RELU, Direction.FORWARD, COUNT);
  private static final Costs FAST = new Costs(0, 0, 1e-18, 0);
  private static final Choice HOME = new Choice(cpu(), "a test begins here", List.of());

  @TempDir Path directory;

  private CostStore store;

  @BeforeEach
  void makeStore() {
    store = new CostStore(Cache.in(directory.resolve("cache")));
  }

  /** A device that opens what it is told to. */
  private record Given(
      String id, Optional<String> caveat, Map<String, String> properties, Supplier<Session> session)
      implements Device {

    @Override
    public String backend() {
      return "test";
    }

    @Override
    public String name() {
      return "a device of the test";
    }

    @Override
    public Type type() {
      return Type.ACCELERATOR;
    }

    @Override
    public Session open() {
      return session.get();
    }
  }

  private static Device cpu() {
    return Devices.choose("cpu:scalar").device();
  }

  private static Given device(Supplier<Session> session) {
    return new Given("test:0", Optional.empty(), Map.of("driver", "1"), session);
  }

  private static Session broken() {
    throw new ActivationException("it has no power", null);
  }

  private Dispatcher dispatcher(double start, Device... others) {
    List<Finding> findings =
        Arrays.stream(others).map(each -> Finding.usable(each, "found")).toList();
    return new Dispatcher(HOME, Optional.of(() -> findings), store, start);
  }

  private static void relu(Dispatcher dispatcher, int count) {
    FloatBuffer x = FloatBuffer.allocate(count);
    dispatcher.forward(RELU, x, x);
  }

  private static Decision explain(Dispatcher dispatcher) {
    return dispatcher.explain(RELU, Direction.FORWARD, COUNT);
  }

  @Test
  void smallBatchesLookForNoDevice() {
    Supplier<List<Finding>> none =
        () -> {
          throw new AssertionError("looked for devices");
        };
    try (Dispatcher dispatcher = new Dispatcher(HOME, Optional.of(none), store, 0)) {
      relu(dispatcher, (int) Dispatcher.LEAST - 1);
      Decision decision = dispatcher.explain(RELU, Direction.FORWARD, Dispatcher.LEAST - 1);
      assertEquals("cpu:scalar", decision.device());
      assertTrue(decision.reason().contains("fewer than 65536"), decision.reason());
    }
  }

  @Test
  void largeOnesLookWhenTheCpuHasWorkedForAWhile() {
    AtomicInteger opened = new AtomicInteger();
    Device other =
        device(
            () -> {
              opened.incrementAndGet();
              return cpu().open();
            });
    try (Dispatcher dispatcher = dispatcher(1e-9, other)) {
      relu(dispatcher, COUNT);
      assertEquals(0, opened.get());
      assertTrue(explain(dispatcher).reason().contains("has spent"), explain(dispatcher).reason());
      // Each time that Java has made it much faster, it begins anew.
      for (int i = 0; i < 1000 && opened.get() == 0; i++) {
        relu(dispatcher, COUNT);
      }
      assertEquals(1, opened.get());
      assertEquals(2, explain(dispatcher).candidates().size());
    }
  }

  @Test
  void aPassGoesWhereItIsPredictedToBeDoneSoonest() {
    AtomicInteger opened = new AtomicInteger();
    Device other =
        device(
            () -> {
              opened.incrementAndGet();
              return cpu().open();
            });
    store.put(other, BATCH, FAST);
    try (Dispatcher dispatcher = dispatcher(0, other)) {
      float[] x = new float[COUNT];
      Arrays.fill(x, -1);
      x[7] = 3;
      FloatBuffer y = FloatBuffer.allocate(COUNT);
      dispatcher.forward(RELU, FloatBuffer.wrap(x), y);
      assertEquals(3, y.get(7));
      assertEquals(0, y.get(8));
      assertEquals(1, opened.get());
      Decision decision = explain(dispatcher);
      assertEquals("test:0", decision.device());
      assertEquals("test:0", decision.candidates().get(0).id());
      assertTrue(isMeasured(decision.candidates().get(1)));
      assertTrue(decision.reason().contains("cpu:scalar would take"), decision.reason());
      assertTrue(decision.toString().contains("\n  test:0 (a device of the test): "));
    }
  }

  @Test
  void whatIsMeasuredIsKept() throws Exception {
    Device other = device(() -> cpu().open());
    try (Dispatcher dispatcher = dispatcher(0, other)) {
      dispatcher.measure(BATCH);
    }
    Costs measured = store.get(other, BATCH).orElseThrow();
    assertFalse(store.get(cpu(), BATCH).isPresent(), "Java compiles anew in every program");
    Device updated = new Given("test:0", Optional.empty(), Map.of("driver", "2"), other::open);
    assertFalse(store.get(updated, BATCH).isPresent(), "measured with another driver");
    // No device is opened when everything is known.
    try (Dispatcher dispatcher = dispatcher(0, device(DispatcherTest::broken))) {
      dispatcher.measure(BATCH);
      assertEquals(2, explain(dispatcher).candidates().stream().filter(this::isMeasured).count());
    }
    // Broken files, and foreign ones, are made anew.
    try (Stream<Path> files = Files.list(directory.resolve("cache"))) {
      for (Path file : files.toList()) {
        Files.writeString(file, "scribble");
      }
    }
    Cache.in(directory.resolve("cache")).put(CostStore.key(other, BATCH), "words".getBytes());
    try (Dispatcher dispatcher = dispatcher(0, other)) {
      dispatcher.measure(BATCH);
    }
    assertNotEquals(measured, store.get(other, BATCH).orElseThrow());
  }

  @Test
  void measuresAnewWhenTheTimeHasDoubled() {
    Device other = device(() -> cpu().open());
    store.put(other, BATCH, FAST);
    try (Dispatcher dispatcher = dispatcher(0, other)) {
      relu(dispatcher, COUNT);
      assertEquals(FAST, store.get(other, BATCH).orElseThrow());
      relu(dispatcher, COUNT);
      assertNotEquals(FAST, store.get(other, BATCH).orElseThrow());
      assertEquals(2, explain(dispatcher).candidates().size());
    }
  }

  private boolean isMeasured(Decision.Candidate candidate) {
    return candidate.estimate().isPresent();
  }

  @Test
  void whoCannotBeMeasuredIsLeftOutWithTheReason() {
    Device warned = new Given("test:1", Optional.of("It guesses."), Map.of(), () -> cpu().open());
    List<Finding> findings =
        List.of(
            Finding.usable(device(DispatcherTest::broken), "found"),
            Finding.usable(warned, "found"),
            Finding.unusable("abacus", "abacus", "beads", "It lacks beads.", "Add some."));
    try (Dispatcher dispatcher = new Dispatcher(HOME, Optional.of(() -> findings), store, 0)) {
      relu(dispatcher, COUNT);
      Decision decision = explain(dispatcher);
      assertEquals("cpu:scalar", decision.device());
      assertEquals("the only device that could be measured", decision.reason());
      assertEquals(
          List.of(
              "",
              "It could not be measured: it has no power",
              "It is only used when asked for: It guesses.",
              "not usable. It lacks beads. Remedy: Add some."),
          decision.candidates().stream().map(Decision.Candidate::remark).toList());
    }
  }

  @Test
  void aFailureIsThrownAndTheDeviceLeftOut() {
    Device other = device(DispatcherTest::broken);
    store.put(other, BATCH, FAST);
    try (Dispatcher dispatcher = dispatcher(0, other)) {
      assertThrows(ActivationException.class, () -> relu(dispatcher, COUNT));
      for (int i = 0; i < 50; i++) {
        relu(dispatcher, COUNT);
      }
      Decision decision = explain(dispatcher);
      assertEquals("cpu:scalar", decision.device());
      assertTrue(decision.candidates().get(1).remark().contains("it has no power"));
    }
  }

  @Test
  void aMistakeOfTheCallerIsNoFailureOfTheDevice() {
    try (Dispatcher dispatcher = dispatcher(0)) {
      FloatBuffer x = FloatBuffer.allocate(COUNT);
      assertThrows(
          IllegalArgumentException.class,
          () -> dispatcher.forward(RELU, x, FloatBuffer.allocate(3)));
      assertThrows(
          IllegalArgumentException.class, () -> dispatcher.derivative(Op.of(Kind.SOFTMAX), x, x));
      assertThrows(
          IllegalArgumentException.class,
          () -> dispatcher.forward(Op.of(Kind.SOFTMAX).over(Geometry.rows(2, 2)), x, x));
      assertThrows(
          IllegalArgumentException.class,
          () -> new Workload(RELU, Direction.FORWARD, Dtype.F16, 3, false));
      relu(dispatcher, COUNT);
    }
  }

  @Test
  void askingIsStrict() {
    Choice asked = new Choice(cpu(), "asked for by a test", List.of());
    try (Dispatcher dispatcher = new Dispatcher(asked, Optional.empty(), store, 0)) {
      relu(dispatcher, COUNT);
      dispatcher.measure(BATCH);
      Decision decision = explain(dispatcher);
      assertEquals("asked for by a test", decision.reason());
      assertEquals(1, decision.candidates().size());
    }
  }

  @Test
  void whoIsInterruptedMeasuresNothingAndGoesOn() {
    try (Dispatcher dispatcher = dispatcher(0, device(() -> cpu().open()))) {
      Thread.currentThread().interrupt();
      relu(dispatcher, COUNT);
      assertTrue(Thread.interrupted());
      assertEquals(1, explain(dispatcher).candidates().size());
      relu(dispatcher, COUNT);
      assertEquals(2, explain(dispatcher).candidates().size());
    }
  }

  @Test
  void allDirectionsAndBothTypesGiveWhatASessionGives() {
    double[] wide = {-2, -0.0, 0.5, Double.NaN};
    float[] x = {-2, -0f, 0.5f, Float.NaN};
    Op silu = Op.of(Kind.SILU);
    FloatBuffer y = FloatBuffer.allocate(4);
    DoubleBuffer z = DoubleBuffer.allocate(4);
    try (Dispatcher dispatcher = dispatcher(0);
        Session session = cpu().open()) {
      dispatcher.derivative(silu, FloatBuffer.wrap(x), y);
      assertArrayEquals(session.derivative(silu, x), y.array());
      dispatcher.backward(silu, FloatBuffer.wrap(x), FloatBuffer.wrap(x), y);
      assertArrayEquals(session.backward(silu, x, x), y.array());
      dispatcher.forward(silu, DoubleBuffer.wrap(wide), z);
      assertArrayEquals(session.forward(silu, wide), z.array());
      dispatcher.derivative(silu, DoubleBuffer.wrap(wide), z);
      assertArrayEquals(session.derivative(silu, wide), z.array());
      dispatcher.backward(silu, DoubleBuffer.wrap(wide), DoubleBuffer.wrap(wide), z);
      assertArrayEquals(session.backward(silu, wide, wide), z.array());
    }
  }

  @Test
  void manyThreadsShareIt() throws Exception {
    ExecutorService threads = Executors.newFixedThreadPool(4);
    try (Dispatcher dispatcher = dispatcher(1e-3, device(() -> cpu().open()))) {
      List<Callable<float[]>> calls = new ArrayList<>();
      for (int i = 0; i < 100; i++) {
        float[] x = new float[COUNT];
        Arrays.fill(x, i - 50);
        calls.add(
            () -> {
              dispatcher.forward(RELU, FloatBuffer.wrap(x), FloatBuffer.wrap(x));
              explain(dispatcher);
              return x;
            });
      }
      List<Future<float[]>> results = threads.invokeAll(calls);
      for (int i = 0; i < results.size(); i++) {
        assertEquals(Math.max(0, i - 50), results.get(i).get()[COUNT - 1]);
      }
      assertEquals(2, explain(dispatcher).candidates().size());
    } finally {
      threads.shutdown();
    }
  }

  @Test
  void whatIsClosedRunsNothing() {
    Dispatcher dispatcher = dispatcher(0);
    relu(dispatcher, 3);
    dispatcher.close();
    dispatcher.close();
    assertThrows(IllegalStateException.class, () -> relu(dispatcher, 3));
    assertThrows(IllegalStateException.class, () -> dispatcher.measure(BATCH));
  }
}
