package dev.activations.verify;

import dev.activations.api.Direction;
import dev.activations.api.Kind;
import dev.activations.verify.Float64.Row;
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
import java.util.Optional;

/**
 * The largest errors of float64 that the library carries, {@code float64.csv}: one row for each
 * pointwise kind and direction, as the last measured run left it. Inputs stand as their bits.
 */
public final class Float64Table {
  private static final String RESOURCE = "float64.csv";
  private static final String HEADER =
      "kind,direction,digest,samples,max_ulp,at,max_ulp_subnormal,at_subnormal";

  private final List<Row> rows = new ArrayList<>();

  private Float64Table() {}

  /** Returns the table that the library carries. */
  public static Float64Table carried() {
    InputStream resource = Float64Table.class.getResourceAsStream(RESOURCE);
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
  public static Float64Table read(Path file) throws IOException {
    return parse(Files.readAllLines(file));
  }

  private static Float64Table parse(List<String> lines) {
    if (lines.isEmpty() || !lines.get(0).equals(HEADER)) {
      throw new IllegalArgumentException(
          "expected the header '%s', got %s"
              .formatted(HEADER, lines.isEmpty() ? "no line" : "'" + lines.get(0) + "'"));
    }
    Float64Table table = new Float64Table();
    lines.stream().skip(1).map(Float64Table::parseRow).forEach(table::put);
    return table;
  }

  private static Row parseRow(String line) {
    String[] cells = line.split(",", -1);
    if (cells.length != HEADER.split(",").length) {
      throw new IllegalArgumentException(
          "expected the cells of %s, got %s".formatted(HEADER, line));
    }
    return new Row(
        Kind.named(cells[0]),
        Direction.valueOf(cells[1].toUpperCase(Locale.ROOT)),
        Long.parseUnsignedLong(cells[2], 16),
        Long.parseLong(cells[3]),
        Double.parseDouble(cells[4]),
        number(cells[5]),
        Double.parseDouble(cells[6]),
        number(cells[7]));
  }

  private static double number(String bits) {
    return Double.longBitsToDouble(Long.parseUnsignedLong(bits, 16));
  }

  /** Returns the row of a function, if there is one. */
  public Optional<Row> find(Kind kind, Direction direction) {
    return rows.stream()
        .filter(row -> row.kind() == kind && row.direction() == direction)
        .findAny();
  }

  /** Adds or replaces the row of a function. */
  public void put(Row row) {
    find(row.kind(), row.direction()).ifPresent(rows::remove);
    rows.add(row);
  }

  /**
   * Writes the table, in the order of the kinds.
   *
   * @throws IOException if the file cannot be written
   */
  public void write(Path file) throws IOException {
    List<String> lines = new ArrayList<>();
    lines.add(HEADER);
    rows.stream()
        .sorted(Comparator.comparing(Row::kind).thenComparing(Row::direction))
        .map(Float64Table::line)
        .forEach(lines::add);
    Files.write(file, lines);
  }

  private static String line(Row row) {
    return String.format(
        Locale.ROOT,
        "%s,%s,%016x,%d,%.6f,%016x,%.6f,%016x",
        row.kind().stem(),
        row.direction().stem(),
        row.digest(),
        row.samples(),
        row.normal(),
        Double.doubleToRawLongBits(row.normalAt()),
        row.subnormal(),
        Double.doubleToRawLongBits(row.subnormalAt()));
  }
}
