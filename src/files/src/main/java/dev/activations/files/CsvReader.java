package dev.activations.files;

import dev.activations.api.Dtype;
import java.io.IOException;
import java.io.Reader;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.util.Iterator;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import org.apache.commons.csv.CSVFormat;
import org.apache.commons.csv.CSVParser;
import org.apache.commons.csv.CSVRecord;

/**
 * Reads a matrix from lines of numbers separated by commas, UTF-8; fields may be quoted (RFC 4180),
 * blanks around a number and empty lines are skipped. {@code nan} and {@code inf} are numbers, in
 * the spellings of Java and Python. The first line is data unless it is said to be a header.
 *
 * <p>The file is read twice, first to learn its shape and then for its numbers, so that no more
 * than one line is in memory. Numbers are float32 unless float64 is asked for.
 */
final class CsvReader implements TensorReader {
  private static final CSVFormat FORMAT =
      CSVFormat.RFC4180.builder().setIgnoreEmptyLines(true).setIgnoreSurroundingSpaces(true).get();
  private static final Map<String, Double> WORDS =
      Map.of(
          "nan", Double.NaN,
          "inf", Double.POSITIVE_INFINITY,
          "infinity", Double.POSITIVE_INFINITY);

  private final Input in;
  private final Dtype dtype;
  private final long rows;
  private final int columns;
  private final CSVParser parser;
  private final Iterator<CSVRecord> records;
  private CSVRecord record;
  private int next;

  /** Counts the lines and columns. */
  CsvReader(Input in, ReadOptions options) throws IOException {
    this.in = in;
    boolean header = options.header();
    dtype = options.as().orElse(Dtype.F32);
    try (CSVParser counting = open()) {
      Iterator<CSVRecord> lines = lines(counting, header);
      CSVRecord line = next(lines);
      if (line == null) {
        throw in.wrong("expected lines of numbers, got none");
      }
      columns = line.size();
      long count = 0;
      for (; line != null; line = next(lines)) {
        checkColumns(line, counting);
        count++;
      }
      rows = count;
    }
    parser = open();
    records = lines(parser, header);
  }

  @Override
  public Optional<String> name() {
    return Optional.empty();
  }

  @Override
  public long[] shape() {
    return new long[] {rows, columns};
  }

  @Override
  public Dtype dtype() {
    return dtype;
  }

  @Override
  public void read(ByteBuffer target) throws IOException {
    ByteBuffer numbers = target.duplicate().order(ByteOrder.nativeOrder());
    while (numbers.hasRemaining()) {
      if (record == null || next == columns) {
        record = next(records);
        next = 0;
        if (record == null) {
          throw in.wrong("changed while it was read: lines are missing");
        }
        checkColumns(record, parser);
      }
      double number = number(record.get(next));
      if (dtype == Dtype.F32) {
        numbers.putFloat((float) number);
      } else {
        numbers.putDouble(number);
      }
      next++;
    }
  }

  @Override
  public void close() throws IOException {
    parser.close();
    in.close();
  }

  private CSVParser open() throws IOException {
    Reader reader = Files.newBufferedReader(in.file(), StandardCharsets.UTF_8);
    try {
      skipByteOrderMark(reader);
    } catch (IOException e) {
      throw unreadable(e);
    }
    return CSVParser.builder().setReader(reader).setFormat(FORMAT).get();
  }

  /** Spreadsheets begin a text in UTF-8 with this mark. */
  private static void skipByteOrderMark(Reader reader) throws IOException {
    reader.mark(1);
    if (reader.read() != '\uFEFF') {
      reader.reset();
    }
  }

  private Iterator<CSVRecord> lines(CSVParser from, boolean header) {
    Iterator<CSVRecord> lines = from.iterator();
    if (header) {
      next(lines);
    }
    return lines;
  }

  /** The next line, or null after the last. */
  private CSVRecord next(Iterator<CSVRecord> lines) {
    try {
      return lines.hasNext() ? lines.next() : null;
    } catch (UncheckedIOException e) {
      throw unreadable(e.getCause());
    }
  }

  private InputException unreadable(IOException e) {
    return e instanceof CharacterCodingException
        ? in.wrong("expected text in UTF-8, got other bytes")
        : in.wrong("cannot be read: %s", e.getMessage());
  }

  private void checkColumns(CSVRecord line, CSVParser from) {
    if (line.size() != columns) {
      throw in.wrong(
          "line %d: expected %d columns, as in the first line, got %d",
          from.getCurrentLineNumber(), columns, line.size());
    }
  }

  /** Returns a number of the type that is read, rounded once. */
  private double number(String field) {
    String unsigned = field.replaceFirst("^[+-]", "").toLowerCase(Locale.ROOT);
    if (WORDS.containsKey(unsigned)) {
      return field.startsWith("-") ? -WORDS.get(unsigned) : WORDS.get(unsigned);
    }
    // Java would also take a type suffix, as in 1f; nobody means that in a file of numbers.
    if (field.isEmpty() || Character.isLetter(field.charAt(field.length() - 1))) {
      throw wrong("expected a number", field);
    }
    try {
      double value = dtype == Dtype.F32 ? Float.parseFloat(field) : Double.parseDouble(field);
      if (Double.isInfinite(value)) {
        throw wrong("expected a number in the range of " + dtype.label(), field);
      }
      return value;
    } catch (NumberFormatException e) {
      throw wrong("expected a number", field);
    }
  }

  private InputException wrong(String expected, String field) {
    return in.wrong(
        "line %d, column %d: %s, got '%s'",
        parser.getCurrentLineNumber(), next + 1, expected, InputException.shown(field));
  }
}
