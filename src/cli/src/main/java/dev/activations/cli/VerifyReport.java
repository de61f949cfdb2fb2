package dev.activations.cli;

import com.fasterxml.jackson.jr.ob.JSON;
import dev.activations.api.Device;
import dev.activations.api.Finding;
import dev.activations.cli.ReportFiles.Form;
import dev.activations.cli.Table.Column;
import dev.activations.verify.Check;
import dev.activations.verify.Verdict;
import java.io.IOException;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * What {@code activations verify} found, for people and for programs.
 *
 * @param when when it began
 * @param system the versions of everything that is no device
 * @param verdicts what was found out about each device
 * @param others the devices that were not verified, with the reason and the remedy
 */
record VerifyReport(
    Instant when, Map<String, String> system, List<Verdict> verdicts, List<Finding> others) {

  /** The forms in which a report can be written, by the ending of the file's name. */
  static final List<Form<VerifyReport>> FORMS =
      List.of(
          new Form<>(".txt", VerifyReport::text),
          new Form<>(".json", VerifyReport::json),
          new Form<>(".html", VerifyReport::html));

  private static final List<Column<Verdict.Function>> COLUMNS =
      List.of(
          Column.text("activation", function -> function.formula().stem()),
          Column.text("direction", function -> function.direction().stem()),
          Column.text("dtype", function -> function.dtype().label()),
          Column.number("compared", function -> "%,d".formatted(function.compared())),
          Column.text("bits", function -> function.equalBits() ? "equal" : "DIFFER"),
          Column.number(
              "max ULP",
              function ->
                  function.errors().map(errors -> "%.4f".formatted(errors.worst())).orElse("")),
          Column.number(
              "promised",
              function ->
                  function.errors().map(errors -> "%.1f".formatted(errors.bound())).orElse("")),
          Column.text(
              "all 2^32 inputs",
              function ->
                  function
                      .digest()
                      .map(
                          digest ->
                              "%016x %s"
                                  .formatted(
                                      digest.value(),
                                      digest.isEqual()
                                          ? "as carried"
                                          : "NOT %016x".formatted(digest.carried())))
                      .orElse("")));

  /** Returns whether every check on every device passed. */
  boolean holds() {
    return verdicts.stream().allMatch(Verdict::holds);
  }

  /** Returns the report as plain text. */
  String text() {
    StringBuilder text = new StringBuilder();
    text.append("Verified on %s: %s%n".formatted(when, summary()));
    system.forEach((key, value) -> text.append("%s: %s%n".formatted(key, value)));
    for (Verdict verdict : verdicts) {
      text.append("%n%s%n".formatted(headline(verdict)));
      Environment.of(verdict.device())
          .forEach((key, value) -> text.append("  %s: %s%n".formatted(key, value)));
      table(verdict).lines().forEach(line -> text.append("  %s%n".formatted(line)));
      Check.failures(verdict.checks()).forEach(check -> text.append("  %s%n".formatted(check)));
    }
    if (!others.isEmpty()) {
      text.append("%nNot verified%n".formatted());
      others.forEach(finding -> text.append("  %s%n".formatted(finding)));
    }
    return text.toString();
  }

  private String summary() {
    return holds() ? "everything holds" : "NOT everything holds";
  }

  /** Says in one line how a device did. */
  static String headline(Verdict verdict) {
    int all = verdict.checks().size();
    return "%s (%s): %d of %d checks passed"
        .formatted(
            verdict.device().id(),
            verdict.device().name(),
            all - Check.failures(verdict.checks()).size(),
            all);
  }

  /** Returns a device's table. */
  static Table<Verdict.Function> table(Verdict verdict) {
    return new Table<>(COLUMNS, verdict.functions());
  }

  /** Returns the report as JSON. */
  String json() throws IOException {
    Map<String, Object> map = new LinkedHashMap<>();
    map.put("when", when.toString());
    map.put("holds", holds());
    map.put("system", system);
    map.put("devices", verdicts.stream().map(VerifyReport::map).toList());
    map.put("not_verified", others.stream().map(VerifyReport::map).toList());
    return JSON.std
            .with(JSON.Feature.PRETTY_PRINT_OUTPUT, JSON.Feature.WRITE_NULL_PROPERTIES)
            .asString(map)
        + "\n";
  }

  private static Map<String, Object> map(Verdict verdict) {
    Device device = verdict.device();
    Map<String, Object> map = new LinkedHashMap<>();
    map.put("id", device.id());
    map.put("backend", device.backend());
    map.put("name", device.name());
    map.put("caveat", device.caveat().orElse(null));
    map.put("properties", device.properties());
    map.put("holds", verdict.holds());
    map.put("functions", verdict.functions().stream().map(VerifyReport::map).toList());
    map.put("other_checks", verdict.others().stream().map(VerifyReport::map).toList());
    return map;
  }

  private static Map<String, Object> map(Verdict.Function function) {
    Map<String, Object> map = new LinkedHashMap<>();
    map.put("activation", function.formula().stem());
    map.put("direction", function.direction().stem());
    map.put("dtype", function.dtype().label());
    map.put("holds", function.holds());
    map.put("compared", function.compared());
    map.put("equal_bits", function.equalBits());
    map.put("max_ulp", function.errors().map(Verdict.Errors::worst).orElse(null));
    map.put("max_ulp_inputs", function.errors().map(Verdict.Errors::measured).orElse(null));
    map.put("promised_ulp", function.errors().map(Verdict.Errors::bound).orElse(null));
    map.put("digest", function.digest().map(digest -> hex(digest.value())).orElse(null));
    map.put("digest_carried", function.digest().map(digest -> hex(digest.carried())).orElse(null));
    map.put("checks", function.checks().stream().map(VerifyReport::map).toList());
    return map;
  }

  private static Map<String, Object> map(Check check) {
    Map<String, Object> map = new LinkedHashMap<>();
    map.put("name", check.name());
    map.put("passed", check.passed());
    map.put("detail", check.detail());
    return map;
  }

  private static Map<String, Object> map(Finding finding) {
    Map<String, Object> map = new LinkedHashMap<>();
    map.put("id", finding.id());
    map.put("backend", finding.backend());
    map.put("name", finding.name());
    map.put("reason", finding.reason());
    map.put("remedy", finding.remedy());
    return map;
  }

  private static String hex(long digest) {
    return "%016x".formatted(digest);
  }

  /** Returns the report as a page that needs no network. */
  String html() {
    StringBuilder body = new StringBuilder();
    body.append("<h1>Activations: %s</h1>%n".formatted(Html.escaped(summary())));
    body.append("<p>Verified on %s.</p>%n".formatted(when)).append(Html.definitions(system));
    for (Verdict verdict : verdicts) {
      body.append("<h2>%s</h2>%n".formatted(Html.escaped(headline(verdict))));
      body.append(Html.definitions(Environment.of(verdict.device())));
      body.append(table(verdict).html(function -> !function.holds()));
      List<Check> failures = Check.failures(verdict.checks());
      if (!failures.isEmpty()) {
        body.append(Html.list(failures.stream().map(Check::toString).toList()));
      }
    }
    if (!others.isEmpty()) {
      body.append("<h2>Not verified</h2>%n".formatted());
      body.append(Html.list(others.stream().map(Finding::toString).toList()));
    }
    return Html.page("Activations: conformance", body.toString());
  }
}
