package dev.activations.cli.bench;

import com.fasterxml.jackson.jr.ob.JSON;
import dev.activations.cli.bench.Row.Key;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * Reports as JMH writes them with {@code -rf json}, for what shows such files. A benchmark is an
 * activation and a direction, all else is a parameter, and a pass is an operation.
 */
final class JmhJson {
  private static final List<Double> PERCENTILES =
      List.of(0.0, 50.0, 90.0, 95.0, 99.0, 99.9, 99.99, 99.999, 99.9999, 100.0);

  private JmhJson() {}

  /** Returns a report of this Java. */
  static String of(Report report) throws IOException {
    return JSON.std
            .with(JSON.Feature.PRETTY_PRINT_OUTPUT)
            .asString(report.rows().stream().map(row -> map(report, row)).toList())
        + "\n";
  }

  private static Map<String, Object> map(Report report, Row row) {
    Key key = row.key();
    Map<String, Object> map = new LinkedHashMap<>();
    map.put("jmhVersion", "none: activations " + report.system().get("activations"));
    // A dot would end a package.
    String name = key.activation().replaceAll("[^\\w]+", "_");
    map.put("benchmark", "dev.activations.%s.%s".formatted(name, key.direction()));
    map.put("mode", "avgt");
    map.put("threads", 1);
    map.put("forks", 0);
    map.put("jvm", Path.of(System.getProperty("java.home"), "bin", "java").toString());
    map.put("jvmArgs", ManagementFactory.getRuntimeMXBean().getInputArguments());
    map.put("jdkVersion", System.getProperty("java.version"));
    map.put("vmName", System.getProperty("java.vm.name"));
    map.put("vmVersion", System.getProperty("java.vm.version"));
    map.put("warmupIterations", 1);
    map.put("warmupTime", milliseconds(report.warmUp()));
    map.put("warmupBatchSize", 1);
    map.put("measurementIterations", row.times().seconds().size());
    map.put("measurementTime", milliseconds(Timing.LONG_ENOUGH));
    map.put("measurementBatchSize", 1);
    map.put("params", params(key));
    map.put("primaryMetric", metric(row.times()));
    map.put("secondaryMetrics", Map.of());
    return map;
  }

  private static String milliseconds(double seconds) {
    return "%d ms".formatted(Math.round(1e3 * seconds));
  }

  private static Map<String, String> params(Key key) {
    Map<String, String> params = new LinkedHashMap<>();
    params.put("activation", key.activation());
    params.put("data", key.data());
    params.put("device", key.device());
    params.put("dtype", key.dtype());
    params.put("elements", Long.toString(key.elements()));
    return params;
  }

  private static Map<String, Object> metric(Times times) {
    double mean = 1e9 * times.mean();
    double error = 1e9 * times.error();
    Map<String, Object> percentiles = new LinkedHashMap<>();
    for (double each : PERCENTILES) {
      percentiles.put(Double.toString(each), 1e9 * times.quantile(each / 100));
    }
    Map<String, Object> metric = new LinkedHashMap<>();
    metric.put("score", mean);
    metric.put("scoreError", error);
    metric.put("scoreConfidence", List.of(mean - error, mean + error));
    metric.put("scorePercentiles", percentiles);
    metric.put("scoreUnit", "ns/op");
    metric.put("rawData", List.of(times.seconds().stream().map(s -> 1e9 * s).toList()));
    return metric;
  }
}
