package dev.activations.peers;

import dev.activations.api.Direction;
import dev.activations.api.Kind;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.FloatBuffer;
import java.util.Locale;
import java.util.SplittableRandom;
import java.util.concurrent.TimeUnit;
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

/** One pass of one library over direct buffers, out of place. */
@State(Scope.Benchmark)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
@Fork(1)
@Warmup(iterations = 8, time = 500, timeUnit = TimeUnit.MILLISECONDS)
@Measurement(iterations = 20, time = 50, timeUnit = TimeUnit.MILLISECONDS)
public class PeerBenchmark {
  /** The library, or {@value #COPY}. */
  @Param({COPY, "activations", "libtorch", "onednn", "onnxruntime", "nd4j"})
  public String library;

  /** A copy of the input by Java, which the others are measured against. */
  static final String COPY = "copy";

  /** The stem of a {@link Kind}. */
  @Param({
    "relu",
    "leaky_relu",
    "sigmoid",
    "tanh",
    "elu",
    "selu",
    "softplus",
    "gelu",
    "gelu_tanh",
    "silu",
    "mish",
    "hard_swish",
    "softsign",
    "softmax"
  })
  public String kind;

  /** The stem of a {@link Direction}. */
  @Param({"forward", "backward"})
  public String direction;

  /** The number of elements. */
  @Param({"1000", "100000", "16777216"})
  public int count;

  /** The threads of the library. */
  @Param({"1", "2"})
  public int threads;

  /** What native code reads and writes, which does not keep it from being collected. */
  private FloatBuffer x;

  private FloatBuffer dy;
  private FloatBuffer out;

  private Peer peer;
  private Runnable pass;

  /** Loads the library and lays out the data. */
  @Setup
  public void setUp() {
    Kind function = Kind.named(kind);
    Direction towards = Direction.valueOf(direction.toUpperCase(Locale.ROOT));
    // Whole rows only; what is left over is nowhere near what can be measured.
    int elements = function == Kind.SOFTMAX ? count / Peer.ROW * Peer.ROW : count;
    x = values(elements, 16);
    dy = values(elements, 2);
    out = direct(elements);
    if (function == Kind.SOFTMAX && towards == Direction.BACKWARD) {
      Errors.softmax(x);
    }
    if (library.equals(COPY)) {
      pass = () -> out.put(0, x, 0, elements);
      return;
    }
    peer = Library.valueOf(library.toUpperCase(Locale.ROOT)).open(threads);
    pass = peer.pass(function, towards, x, dy, out);
  }

  /** Leaves the library. */
  @TearDown
  public void tearDown() {
    if (peer != null) {
      peer.close();
    }
  }

  /** The pass. */
  @Benchmark
  public void pass() {
    pass.run();
  }

  static FloatBuffer direct(int count) {
    return ByteBuffer.allocateDirect(Float.BYTES * count)
        .order(ByteOrder.nativeOrder())
        .asFloatBuffer();
  }

  /** Numbers where data lives, uniform over a width around 0. */
  private static FloatBuffer values(int count, double width) {
    SplittableRandom random = new SplittableRandom(1);
    FloatBuffer values = direct(count);
    for (int i = 0; i < count; i++) {
      values.put(i, (float) ((random.nextDouble() - 0.5) * width));
    }
    return values;
  }
}
