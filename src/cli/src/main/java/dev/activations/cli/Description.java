package dev.activations.cli;

import dev.activations.api.Direction;
import dev.activations.api.Formula;
import dev.activations.api.FromOutput;
import dev.activations.api.Kind;
import dev.activations.api.Op;
import dev.activations.api.Parameter;
import dev.activations.api.Profile;
import dev.activations.api.SpecialPoint;
import java.io.PrintStream;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/** What the table of activations says of a formula, as lines for people and as data. */
final class Description {

  /** A line: what it is about, and what is said. */
  record Line(String key, String value) {}

  private Description() {}

  /** Prints lines below the name of the formula. */
  static void print(PrintStream out, Formula formula, List<Line> lines) {
    out.println(formula.stem() + how(formula));
    lines.forEach(line -> out.printf("  %-10s  %s%n", line.key(), line.value()));
    out.println();
  }

  /** Returns the table's row of a formula; the first two lines are its two expressions. */
  static List<Line> lines(Formula formula) {
    List<Line> lines = new ArrayList<>();
    String slope = formula.shape() == Formula.Shape.POINTWISE ? "derivative" : "backward";
    lines.add(new Line("formula", formula.expression()));
    lines.add(new Line(slope, formula.derivativeExpression()));
    for (Parameter parameter : formula.parameters()) {
      lines.add(
          new Line(
              "parameter",
              "%s = %s, %s, in [%s, %s]"
                  .formatted(
                      parameter.name(),
                      number(parameter.defaultValue()),
                      parameter.meaning(),
                      number(parameter.min()),
                      number(parameter.max()))));
    }
    if (formula instanceof Kind kind) {
      add(lines, kind, slope);
    }
    lines.add(new Line("saves", "the %s, for the backward pass".formatted(lower(formula.saved()))));
    formula.fromOutput().ifPresent(how -> add(lines, how));
    lines.add(new Line("source", formula.source()));
    return lines;
  }

  private static void add(List<Line> lines, Kind kind, String slope) {
    if (!kind.aliases().isEmpty()) {
      lines.add(new Line("also", String.join(", ", kind.aliases())));
    }
    for (SpecialPoint point : kind.specialPoints()) {
      lines.add(
          new Line(
              "at " + number(point.x()),
              "%s, %s %s".formatted(number(point.forward()), slope, number(point.derivative()))));
    }
    for (Profile profile : Profile.values()) {
      for (Profile.Difference difference : differences(profile, kind)) {
        lines.add(
            new Line(
                "profile",
                "%s: %s is %s, not %s"
                    .formatted(
                        profile.stem(), difference.what(), difference.there(), difference.here())));
      }
    }
    lines.add(
        new Line(
            "accuracy",
            "%s ULP, %s %s ULP"
                .formatted(
                    number(kind.bound(Direction.FORWARD)),
                    slope,
                    number(kind.bound(gradient(kind))))));
  }

  private static void add(List<Line> lines, FromOutput how) {
    String condition = how.condition().map(" if %s"::formatted).orElse("");
    lines.add(
        new Line(
            "or", "the output, with the derivative %s%s".formatted(how.expression(), condition)));
    lines.add(new Line("", "its accuracy: %s ULP for that y".formatted(number(how.bound()))));
    lines.add(new Line("", "what the rounding of y costs: " + how.cost()));
  }

  /** How it goes over its input, where that is not element by element. */
  private static String how(Formula formula) {
    return switch (formula.shape()) {
      case POINTWISE -> "";
      case OVER_AXIS -> ", over an axis" + beside(Op.of(formula));
      case GATED ->
          ", of two inputs or of the halves of an axis, of which the %s gates"
              .formatted(((Kind) formula).gatedBy().stem());
      case PIECES -> ", over pieces of an axis";
    };
  }

  private static String beside(Op op) {
    return op.isMasked() ? ", with a mask" : op.drawsNoise() ? ", with a seed" : "";
  }

  /** Returns the table's row of a formula, for JSON. */
  static Map<String, Object> map(Formula formula) {
    Map<String, Object> map = new LinkedHashMap<>();
    map.put("name", formula.stem());
    map.put("shape", lower(formula.shape()));
    if (formula.shape() == Formula.Shape.GATED) {
      map.put("gatedBy", ((Kind) formula).gatedBy().stem());
    }
    map.put("formula", formula.expression());
    map.put("derivative", formula.derivativeExpression());
    map.put("parameters", formula.parameters().stream().map(Description::map).toList());
    if (formula instanceof Kind kind) {
      map.put("aliases", kind.aliases());
      map.put("points", kind.specialPoints().stream().map(Description::map).toList());
      map.put(
          "profiles",
          Arrays.stream(Profile.values())
              .flatMap(
                  profile ->
                      differences(profile, kind).stream()
                          .map(difference -> map(profile, difference)))
              .toList());
      map.put("forwardUlp", kind.bound(Direction.FORWARD));
      map.put("derivativeUlp", kind.bound(gradient(kind)));
    }
    map.put("saves", lower(formula.saved()));
    formula.fromOutput().ifPresent(how -> map.put("fromOutput", map(how)));
    map.put("source", formula.source());
    return map;
  }

  private static Map<String, Object> map(FromOutput how) {
    Map<String, Object> map = new LinkedHashMap<>();
    map.put("derivative", how.expression());
    how.condition().ifPresent(condition -> map.put("condition", condition));
    map.put("ulp", how.bound());
    map.put("error", how.error());
    map.put("cost", how.cost());
    return map;
  }

  private static Map<String, Object> map(Parameter parameter) {
    Map<String, Object> map = new LinkedHashMap<>();
    map.put("name", parameter.name());
    map.put("default", parameter.defaultValue());
    map.put("min", parameter.min());
    map.put("max", parameter.max());
    map.put("meaning", parameter.meaning());
    return map;
  }

  /** The values are texts, because JSON has neither infinities nor NaN. */
  private static Map<String, Object> map(SpecialPoint point) {
    Map<String, Object> map = new LinkedHashMap<>();
    map.put("x", Float.toString(point.x()));
    map.put("forward", Float.toString(point.forward()));
    map.put("derivative", Float.toString(point.derivative()));
    return map;
  }

  private static Map<String, Object> map(Profile profile, Profile.Difference difference) {
    Map<String, Object> map = new LinkedHashMap<>();
    map.put("profile", profile.stem());
    map.put("what", difference.what());
    map.put("here", difference.here());
    map.put("there", difference.there());
    map.put("source", difference.source());
    return map;
  }

  private static List<Profile.Difference> differences(Profile profile, Kind kind) {
    return profile.differences().stream().filter(difference -> difference.kind() == kind).toList();
  }

  private static Direction gradient(Kind kind) {
    return kind.supports(Direction.DERIVATIVE) ? Direction.DERIVATIVE : Direction.BACKWARD;
  }

  private static String lower(Enum<?> value) {
    return value.name().toLowerCase(Locale.ROOT);
  }

  /** A float32 value as short as it can be: 1 and not 1.0, 0.01 and not 0.009999999776482582. */
  private static String number(double value) {
    if (Double.isInfinite(value)) {
      return value > 0 ? "∞" : "-∞";
    }
    return Float.toString((float) value).replaceFirst("\\.0$", "");
  }
}
