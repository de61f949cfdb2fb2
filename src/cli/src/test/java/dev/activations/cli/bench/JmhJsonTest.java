package dev.activations.cli.bench;

import static org.junit.jupiter.api.Assertions.assertEquals;

import com.fasterxml.jackson.jr.ob.JSON;
import dev.activations.cli.bench.Row.Key;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.lang.management.ManagementFactory;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.infra.BenchmarkParams;
import org.openjdk.jmh.infra.IterationParams;
import org.openjdk.jmh.results.AverageTimeResult;
import org.openjdk.jmh.results.BenchmarkResult;
import org.openjdk.jmh.results.IterationResult;
import org.openjdk.jmh.results.ResultRole;
import org.openjdk.jmh.results.RunResult;
import org.openjdk.jmh.results.format.ResultFormatFactory;
import org.openjdk.jmh.results.format.ResultFormatType;
import org.openjdk.jmh.runner.IterationType;
import org.openjdk.jmh.runner.WorkloadParams;
import org.openjdk.jmh.runner.options.TimeValue;

class JmhJsonTest {
  private static final List<Double> NANOS =
      List.of(1200.5, 1100.25, 1300.0, 1150.75, 4000.0, 1199.0, 1201.0, 1180.5);
  private static final Key KEY =
      new Key("cpu:vector", "silu(beta=2.0)", "backward", "float16", "device", 4096);

  /** What JMH itself writes of the same times. */
  private static List<Object> byJmh() throws IOException {
    IterationParams warmUp =
        new IterationParams(IterationType.WARMUP, 1, TimeValue.milliseconds(500), 1);
    IterationParams measured =
        new IterationParams(IterationType.MEASUREMENT, NANOS.size(), TimeValue.milliseconds(2), 1);
    WorkloadParams params = new WorkloadParams();
    params.put("activation", KEY.activation(), 0);
    params.put("device", KEY.device(), 0);
    params.put("data", KEY.data(), 0);
    params.put("dtype", KEY.dtype(), 0);
    params.put("elements", "4096", 0);
    BenchmarkParams benchmark =
        new BenchmarkParams(
            "dev.activations.silu_beta_2_0_.backward",
            "",
            false,
            1,
            new int[] {1},
            List.of(),
            0,
            0,
            warmUp,
            measured,
            Mode.AverageTime,
            params,
            TimeUnit.NANOSECONDS,
            1,
            System.getProperty("java.home") + "/bin/java",
            ManagementFactory.getRuntimeMXBean().getInputArguments(),
            System.getProperty("java.version"),
            System.getProperty("java.vm.name"),
            System.getProperty("java.vm.version"),
            "none: activations 7",
            TimeValue.NONE);
    List<IterationResult> iterations = new ArrayList<>();
    for (double nanos : NANOS) {
      IterationResult iteration = new IterationResult(benchmark, measured, null);
      iteration.addResult(
          new AverageTimeResult(
              ResultRole.PRIMARY, "pass", 1000, Math.round(1000 * nanos), TimeUnit.NANOSECONDS));
      iterations.add(iteration);
    }
    RunResult run = new RunResult(benchmark, List.of(new BenchmarkResult(benchmark, iterations)));
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    ResultFormatFactory.getInstance(
            ResultFormatType.JSON, new PrintStream(bytes, true, StandardCharsets.UTF_8))
        .writeOut(List.of(run));
    return JSON.std.listFrom(bytes.toString(StandardCharsets.UTF_8));
  }

  @Test
  void isWhatJmhWrites() throws IOException {
    Times times = new Times(NANOS.stream().map(nanos -> nanos / 1e9).toList());
    Report report =
        new Report(
            Instant.EPOCH,
            "",
            0.5,
            Map.of("activations", "7"),
            List.of(),
            List.of(),
            List.of(new Row(KEY, 1, times, 1)));
    assertSame("", byJmh(), JSON.std.listFrom(JmhJson.of(report)));
  }

  /** Numbers are the same to nine digits: JMH has whole nanoseconds of a thousand passes. */
  private static void assertSame(String path, Object expected, Object actual) {
    if (expected instanceof Map<?, ?> map && actual instanceof Map<?, ?> other) {
      assertEquals(List.copyOf(map.keySet()), List.copyOf(other.keySet()), path);
      map.forEach((key, value) -> assertSame(path + "." + key, value, other.get(key)));
    } else if (expected instanceof List<?> list && actual instanceof List<?> other) {
      assertEquals(list.size(), other.size(), path);
      for (int i = 0; i < list.size(); i++) {
        assertSame(path + "[" + i + "]", list.get(i), other.get(i));
      }
    } else if (expected instanceof Number number && actual instanceof Number other) {
      double value = number.doubleValue();
      assertEquals(value, other.doubleValue(), 1e-9 * Math.abs(value), path);
    } else {
      assertEquals(expected, actual, path);
    }
  }
}
