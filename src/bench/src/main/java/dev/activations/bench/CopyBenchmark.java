package dev.activations.bench;

import java.nio.FloatBuffer;
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
import org.openjdk.jmh.annotations.Warmup;

/**
 * What {@link PassBenchmark} is measured against: a copy of the same floats in the host's memory,
 * by one thread.
 */
@State(Scope.Benchmark)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
@Fork(1)
@Warmup(iterations = 4, time = 500, timeUnit = TimeUnit.MILLISECONDS)
@Measurement(iterations = 4, time = 250, timeUnit = TimeUnit.MILLISECONDS)
public class CopyBenchmark {
  /** The number of elements. */
  @Param({"100000", "4194304"})
  public int count;

  private FloatBuffer in;
  private FloatBuffer out;

  /** Fills the input. */
  @Setup
  public void setUp() {
    in = Data.direct(count).put(Data.values(count)).flip();
    out = Data.direct(count);
  }

  /** Copies all elements. */
  @Benchmark
  public FloatBuffer copy() {
    return out.put(0, in, 0, count);
  }
}
