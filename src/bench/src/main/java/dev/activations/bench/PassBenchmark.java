package dev.activations.bench;

import dev.activations.Devices;
import dev.activations.api.DeviceBuffer;
import dev.activations.api.Direction;
import dev.activations.api.Geometry;
import dev.activations.api.Kind;
import dev.activations.api.Op;
import dev.activations.api.Session;
import java.nio.FloatBuffer;
import java.util.Locale;
import java.util.concurrent.TimeUnit;
import java.util.function.IntFunction;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.TearDown;
import org.openjdk.jmh.annotations.Warmup;

/** One pass of any kind, in any direction, on any device, out of place. */
@State(Scope.Benchmark)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
@Fork(1)
@Warmup(iterations = 4, time = 500, timeUnit = TimeUnit.MILLISECONDS)
@Measurement(iterations = 4, time = 250, timeUnit = TimeUnit.MILLISECONDS)
public class PassBenchmark {
  /** Function and derivative in one pass, on the device. */
  static final String BOTH = "forward_with_derivative";

  /** The length of a row, for a kind over an axis. */
  private static final int ROW = 1000;

  /** The stem of a {@link Kind}. */
  @Param({"relu", "sigmoid", "gelu", "softmax"})
  public String kind;

  /** The stem of a {@link Direction}, or {@value #BOTH}. */
  @Param("forward")
  public String direction;

  /** A selector of a device; {@link Main} fills in the ids of all usable ones. */
  @Param("cpu:scalar")
  public String device;

  /**
   * Whether the data is in the host's memory, and goes there and back, or on the device. The host
   * has it in direct buffers, or as {@code arrays}.
   */
  @Param({"host", "device"})
  public String data;

  /** The number of elements. */
  @Param({"100000", "4194304"})
  public int count;

  /** How many passes to enqueue before waiting; the reports divide by it. */
  @Param("1")
  public int passes;

  private Session session;
  private Runnable pass;

  /** Opens the device and lays out the data. */
  @Setup
  public void setUp() {
    session = Devices.choose(device).open();
    boolean both = direction.equals(BOTH);
    Direction towards =
        both ? Direction.FORWARD : Direction.valueOf(direction.toUpperCase(Locale.ROOT));
    Op op = Op.of(Kind.named(kind));
    if (towards == Direction.BACKWARD_FROM_OUTPUT) {
      op = op.fromOutput();
    }
    int elements = count;
    if (op.formula().shape() != Kind.Shape.POINTWISE) {
      // Whole rows only; what is left over is nowhere near what can be measured.
      elements = Math.max(1, count / ROW) * ROW;
      op = op.over(Geometry.rows(elements / ROW, ROW));
    }
    if (both && !data.equals("device")) {
      throw new IllegalArgumentException(BOTH + " needs data that lives on the device");
    }
    pass =
        switch (data) {
          case "device" -> onDevice(op, towards, elements);
          case "host" -> onHost(op, towards, elements, Data::direct);
          case "arrays" -> onHost(op, towards, elements, FloatBuffer::allocate);
          default ->
              throw new IllegalArgumentException(
                  "expected data=host, arrays or device, got " + data);
        };
  }

  /** Leaves the device. */
  @TearDown
  public void tearDown() {
    session.close();
  }

  /** The passes; returns when their results are there. */
  @Benchmark
  public void pass() {
    pass.run();
  }

  private Runnable onHost(
      Op op, Direction towards, int elements, IntFunction<FloatBuffer> allocate) {
    FloatBuffer in = allocate.apply(elements).put(Data.values(elements)).flip();
    int results = (int) op.results(elements).count();
    FloatBuffer gradient = allocate.apply(results).put(Data.values(results)).flip();
    FloatBuffer out = allocate.apply(towards == Direction.BACKWARD ? elements : results);
    Runnable run =
        switch (towards) {
          case FORWARD -> () -> session.forward(op, in, out);
          case DERIVATIVE -> () -> session.derivative(op, in, out);
          case BACKWARD, BACKWARD_FROM_OUTPUT -> () -> session.backward(op, in, gradient, out);
        };
    return () -> {
      for (int i = 0; i < passes; i++) {
        run.run();
      }
    };
  }

  private Runnable onDevice(Op op, Direction towards, int elements) {
    DeviceBuffer in = session.upload(Data.values(elements));
    int results = (int) op.results(elements).count();
    DeviceBuffer gradient = session.upload(Data.values(results));
    DeviceBuffer out =
        session.upload(new float[towards == Direction.BACKWARD ? elements : results]);
    Runnable enqueue =
        switch (towards) {
          case FORWARD ->
              direction.equals(BOTH)
                  ? () -> session.forwardWithDerivative(op, in, out, gradient)
                  : () -> session.forward(op, in, out);
          case DERIVATIVE -> () -> session.derivative(op, in, out);
          case BACKWARD, BACKWARD_FROM_OUTPUT -> () -> session.backward(op, in, gradient, out);
        };
    return () -> {
      for (int i = 0; i < passes; i++) {
        enqueue.run();
      }
      session.finish();
    };
  }
}
