package dev.activations.cli.bench;

import com.fasterxml.jackson.core.JacksonException;
import com.fasterxml.jackson.jr.ob.JSON;
import dev.activations.cli.bench.Report.Measured;
import dev.activations.cli.bench.Row.Key;
import dev.activations.files.InputException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.DateTimeException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Function;

/** Reports as JSON, which can be read again. */
final class ReportJson {
  private static final String FORMAT = "activations bench 1";

  private ReportJson() {}

  /** Returns a report as JSON. */
  static String of(Report report) throws IOException {
    Map<String, Object> map = new LinkedHashMap<>();
    map.put("format", FORMAT);
    map.put("when", report.when().toString());
    map.put("command", report.command());
    map.put("warm_up_seconds", report.warmUp());
    map.put("system", report.system());
    map.put("devices", report.devices().stream().map(ReportJson::map).toList());
    map.put("not_measured", report.notes());
    map.put("rows", report.rows().stream().map(ReportJson::map).toList());
    return JSON.std.with(JSON.Feature.PRETTY_PRINT_OUTPUT).asString(map) + "\n";
  }

  private static Map<String, Object> map(Measured device) {
    Map<String, Object> map = new LinkedHashMap<>();
    map.put("id", device.id());
    map.put("name", device.name());
    map.put("details", device.details());
    return map;
  }

  private static Map<String, Object> map(Row row) {
    Key key = row.key();
    Map<String, Object> map = new LinkedHashMap<>();
    map.put("device", key.device());
    map.put("activation", key.activation());
    map.put("direction", key.direction());
    map.put("dtype", key.dtype());
    map.put("data", key.data());
    map.put("elements", key.elements());
    map.put("bytes", row.bytes());
    map.put("seconds", row.times().seconds());
    map.put("median_seconds", row.times().median());
    map.put("spread", row.times().spread());
    map.put("bytes_per_second", row.rate());
    map.put("copy_bytes_per_second", row.copy());
    map.put("of_copy", row.share());
    return map;
  }

  /**
   * Reads a report.
   *
   * @throws InputException if the file cannot be read, or is no such report
   */
  static Report read(Path file) throws IOException {
    byte[] bytes;
    try {
      bytes = Files.readAllBytes(file);
    } catch (IOException e) {
      throw InputException.opening(file.toString(), e);
    }
    try {
      return report(new Node("", JSON.std.anyFrom(bytes)));
    } catch (JacksonException e) {
      throw foreign(file, "it is no JSON");
    } catch (IllegalArgumentException | DateTimeException e) {
      throw foreign(file, e.getMessage());
    }
  }

  private static InputException foreign(Path file, String why) {
    return new InputException(
        "%s: expected a report that 'activations bench --report name.json' wrote: %s"
            .formatted(file, why));
  }

  private static Report report(Node root) {
    String format = root.get("format").text();
    if (!format.equals(FORMAT)) {
      throw new IllegalArgumentException("its format is '%s', not '%s'".formatted(format, FORMAT));
    }
    return new Report(
        Instant.parse(root.get("when").text()),
        root.get("command").text(),
        root.get("warm_up_seconds").number().doubleValue(),
        root.get("system").texts(),
        root.get("devices").list(ReportJson::device),
        root.get("not_measured").list(Node::text),
        root.get("rows").list(ReportJson::row));
  }

  private static Measured device(Node node) {
    return new Measured(
        node.get("id").text(), node.get("name").text(), node.get("details").texts());
  }

  private static Row row(Node node) {
    return new Row(
        new Key(
            node.get("device").text(),
            node.get("activation").text(),
            node.get("direction").text(),
            node.get("dtype").text(),
            node.get("data").text(),
            node.get("elements").number().longValue()),
        node.get("bytes").number().longValue(),
        new Times(node.get("seconds").list(each -> each.number().doubleValue())),
        node.get("copy_bytes_per_second").number().doubleValue());
  }

  /**
   * A part of a file.
   *
   * @param path where it is, for messages
   * @param value what is there
   */
  private record Node(String path, Object value) {

    Node get(String key) {
      Object member = as(Map.class, "an object").get(key);
      return new Node(path.isEmpty() ? key : path + "." + key, member);
    }

    String text() {
      return as(String.class, "a text");
    }

    Number number() {
      return as(Number.class, "a number");
    }

    <T> List<T> list(Function<Node, T> element) {
      List<?> values = as(List.class, "a list");
      List<T> list = new ArrayList<>();
      for (Object each : values) {
        list.add(element.apply(new Node("%s[%d]".formatted(path, list.size()), each)));
      }
      return list;
    }

    Map<String, String> texts() {
      Map<String, String> texts = new LinkedHashMap<>();
      for (Object key : as(Map.class, "an object").keySet()) {
        texts.put(key.toString(), get(key.toString()).text());
      }
      return texts;
    }

    private <T> T as(Class<T> type, String what) {
      if (!type.isInstance(value)) {
        throw new IllegalArgumentException(
            "%s is not %s".formatted(path.isEmpty() ? "it" : "'" + path + "'", what));
      }
      return type.cast(value);
    }
  }
}
