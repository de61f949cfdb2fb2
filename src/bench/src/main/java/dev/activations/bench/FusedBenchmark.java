package dev.activations.bench;

import dev.activations.Devices;
import dev.activations.api.DeviceBuffer;
import dev.activations.api.Dtype;
import dev.activations.api.Kind;
import dev.activations.api.Op;
import dev.activations.api.Session;
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

/** Bias, activation and residual of data on a device: in one pass, and in a pass for each. */
@State(Scope.Benchmark)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
@Fork(1)
@Warmup(iterations = 4, time = 500, timeUnit = TimeUnit.MILLISECONDS)
@Measurement(iterations = 4, time = 250, timeUnit = TimeUnit.MILLISECONDS)
public class FusedBenchmark {
  /** Features of a layer: the last axis of the data. */
  private static final int CHANNELS = 1024;

  /** The stem of a pointwise {@link Kind}. */
  @Param({"relu", "gelu"})
  public String kind;

  /** A selector of a device. */
  @Param("cpu:scalar")
  public String device;

  /** The number of elements, a multiple of 1024. */
  @Param({"131072", "4194304"})
  public int count;

  private Session session;
  private DeviceBuffer x;
  private DeviceBuffer y;
  private DeviceBuffer sums;
  private Op all;
  private Op biased;
  private Op activation;
  private Op added;
  private Op dropping;

  /** Opens the device and lays out the data. */
  @Setup
  public void setUp() {
    session = Devices.choose(device).open();
    x = session.upload(Data.values(count));
    y = session.upload(new float[count]);
    sums = session.allocate(Dtype.F32, CHANNELS);
    DeviceBuffer bias = session.upload(Data.values(CHANNELS));
    DeviceBuffer residual = session.upload(Data.values(count));
    activation = Op.of(Kind.named(kind));
    all = activation.withBias(bias).withResidual(residual);
    biased = Op.of(Kind.LINEAR).withBias(bias);
    added = Op.of(Kind.LINEAR).withResidual(residual);
    dropping = activation.withDropout(0.1, 42);
  }

  /** Leaves the device. */
  @TearDown
  public void tearDown() {
    session.close();
  }

  /** All in one pass: two reads and a write. */
  @Benchmark
  public void fused() {
    session.forward(all, x, y);
    session.finish();
  }

  /** A pass for each: four reads and three writes. */
  @Benchmark
  public void separate() {
    session.forward(biased, x, y);
    session.forward(activation, y, y);
    session.forward(added, y, y);
    session.finish();
  }

  /** The activation with dropout. */
  @Benchmark
  public void dropout() {
    session.forward(dropping, x, y);
    session.finish();
  }

  /** The gradient of a bias: a sum for each of the channels. */
  @Benchmark
  public void channelSum() {
    session.channelSum(x, sums);
    session.finish();
  }
}
