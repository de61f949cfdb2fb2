package dev.activations.verify;

import dev.activations.api.Direction;
import dev.activations.api.Kind;
import dev.activations.verify.Exhaustive.Result;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/**
 * The digests and the largest errors that the library carries, {@code exhaustive.csv}: one row for
 * each kind and direction, as the last measured run over all inputs left it.
 */
public final class ExhaustiveTable {
  private static final String RESOURCE = "exhaustive.csv";
  private static final String HEADER =
      "kind,direction,digest,sample,max_ulp,at,max_ulp_subnormal,at_subnormal,above_1_ulp";

  private final Map<String, Result> rows = new TreeMap<>();

  private ExhaustiveTable() {}

  /** Returns the table that the library carries. */
  public static ExhaustiveTable carried() {
    InputStream resource = ExhaustiveTable.class.getResourceAsStream(RESOURCE);
    if (resource == null) {
      throw new IllegalStateException("the jar of activations-verify lacks " + RESOURCE);
    }
    try (BufferedReader in =
        new BufferedReader(new InputStreamReader(resource, StandardCharsets.UTF_8))) {
      return parse(in.lines().toList());
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /**
   * Reads a table from a file.
   *
   * @throws IOException if the file cannot be read
   * @throws IllegalArgumentException if it is no such table
   */
  public static ExhaustiveTable read(Path file) throws IOException {
    return parse(Files.readAllLines(file));
  }

  private static ExhaustiveTable parse(List<String> lines) {
    if (lines.isEmpty() || !lines.get(0).equals(HEADER)) {
      throw new IllegalArgumentException(
          "expected the header '%s', got %s"
              .formatted(HEADER, lines.isEmpty() ? "no line" : "'" + lines.get(0) + "'"));
    }
    ExhaustiveTable table = new ExhaustiveTable();
    lines.stream().skip(1).forEach(line -> table.put(parseRow(line)));
    return table;
  }

  private static Result parseRow(String line) {
    String[] cells = line.split(",", -1);
    if (cells.length != HEADER.split(",").length) {
      throw new IllegalArgumentException(
          "expected the cells of %s, got %s".formatted(HEADER, line));
    }
    Measurement measurement =
        new Measurement(
            Double.parseDouble(cells[4]),
            Integer.parseUnsignedInt(cells[5], 16),
            Double.parseDouble(cells[6]),
            Integer.parseUnsignedInt(cells[7], 16),
            Long.parseLong(cells[8]));
    return new Result(
        Kind.named(cells[0]),
        Direction.valueOf(cells[1].toUpperCase(Locale.ROOT)),
        Long.parseUnsignedLong(cells[2], 16),
        Long.parseUnsignedLong(cells[3], 16),
        Optional.of(measurement));
  }

  /** Returns the row of a function, if there is one. */
  public Optional<Result> find(Kind kind, Direction direction) {
    return Optional.ofNullable(rows.get(key(kind, direction)));
  }

  /**
   * Adds or replaces the row of a function.
   *
   * @throws IllegalArgumentException if its errors were not measured
   */
  public void put(Result result) {
    if (result.measurement().isEmpty()) {
      throw new IllegalArgumentException("only a measured run can stand in the table");
    }
    rows.put(key(result.kind(), result.direction()), result);
  }

  /**
   * Writes the table, in the order of the kinds.
   *
   * @throws IOException if the file cannot be written
   */
  public void write(Path file) throws IOException {
    List<String> lines = new ArrayList<>();
    lines.add(HEADER);
    rows.values().stream()
        .sorted(Comparator.comparing(Result::kind).thenComparing(Result::direction))
        .map(ExhaustiveTable::line)
        .forEach(lines::add);
    Files.write(file, lines);
  }

  private static String line(Result row) {
    Measurement errors = row.measurement().orElseThrow();
    return String.format(
        Locale.ROOT,
        "%s,%s,%016x,%016x,%.6f,%08x,%.6f,%08x,%d",
        row.kind().stem(),
        row.direction().stem(),
        row.digest(),
        row.sample(),
        errors.normal(),
        errors.normalAt(),
        errors.subnormal(),
        errors.subnormalAt(),
        errors.aboveOne());
  }

  private static String key(Kind kind, Direction direction) {
    return kind.stem() + " " + direction.stem();
  }
}
