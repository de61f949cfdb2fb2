package dev.activations.cli.file;

import dev.activations.api.Dtype;
import java.io.IOException;
import java.io.Reader;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.FloatBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Iterator;
import java.util.Locale;
import java.util.Map;
import org.apache.commons.csv.CSVFormat;
import org.apache.commons.csv.CSVParser;
import org.apache.commons.csv.CSVRecord;

/**
 * Reads a matrix from lines of numbers separated by commas, UTF-8; fields may be quoted (RFC 4180),
 * blanks around a number and empty lines are skipped. {@code nan} and {@code inf} are numbers, in
 * the spellings of Java and Python. The first line is data unless it is said to be a header.
 *
 * <p>The file is read twice, first to learn its shape and then for its numbers, so that no more
 * than one line is in memory.
 */
final class CsvReader implements TensorReader {
  private static final CSVFormat FORMAT =
      CSVFormat.RFC4180.builder().setIgnoreEmptyLines(true).setIgnoreSurroundingSpaces(true).get();
  private static final Map<String, Float> WORDS =
      Map.of(
          "nan", Float.NaN,
          "inf", Float.POSITIVE_INFINITY,
          "infinity", Float.POSITIVE_INFINITY);

  private final Path file;
  private final long rows;
  private final int columns;
  private final CSVParser parser;
  private final Iterator<CSVRecord> records;
  private CSVRecord record;
  private int next;

  /** Opens a file and counts its lines and columns. */
  CsvReader(Path file, boolean header) throws IOException {
    this.file = file;
    try (CSVParser counting = open()) {
      Iterator<CSVRecord> lines = lines(counting, header);
      CSVRecord line = next(lines);
      if (line == null) {
        throw InputException.in(file, "expected lines of numbers, got none");
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
  public long[] shape() {
    return new long[] {rows, columns};
  }

  @Override
  public Dtype dtype() {
    return Dtype.F32;
  }

  @Override
  public void read(ByteBuffer target) throws IOException {
    FloatBuffer floats = target.duplicate().order(ByteOrder.nativeOrder()).asFloatBuffer();
    while (floats.hasRemaining()) {
      if (record == null || next == columns) {
        record = next(records);
        next = 0;
        if (record == null) {
          throw InputException.in(file, "changed while it was read: lines are missing");
        }
        checkColumns(record, parser);
      }
      floats.put(number(record.get(next)));
      next++;
    }
  }

  @Override
  public void close() throws IOException {
    parser.close();
  }

  private CSVParser open() throws IOException {
    Reader reader;
    try {
      reader = Files.newBufferedReader(file, StandardCharsets.UTF_8);
    } catch (IOException e) {
      throw InputException.opening(file, e);
    }
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
        ? InputException.in(file, "expected text in UTF-8, got other bytes")
        : InputException.in(file, "cannot be read: %s", e.getMessage());
  }

  private void checkColumns(CSVRecord line, CSVParser from) {
    if (line.size() != columns) {
      throw InputException.in(
          file,
          "line %d: expected %d columns, as in the first line, got %d",
          from.getCurrentLineNumber(),
          columns,
          line.size());
    }
  }

  private float number(String field) {
    String unsigned = field.replaceFirst("^[+-]", "").toLowerCase(Locale.ROOT);
    if (WORDS.containsKey(unsigned)) {
      return field.startsWith("-") ? -WORDS.get(unsigned) : WORDS.get(unsigned);
    }
    // Java would also take a type suffix, as in 1f; nobody means that in a file of numbers.
    if (field.isEmpty() || Character.isLetter(field.charAt(field.length() - 1))) {
      throw wrong("expected a number", field);
    }
    try {
      float value = Float.parseFloat(field);
      if (Float.isInfinite(value)) {
        throw wrong("expected a number in the range of float32", field);
      }
      return value;
    } catch (NumberFormatException e) {
      throw wrong("expected a number", field);
    }
  }

  private InputException wrong(String expected, String field) {
    String shown = field.replaceAll("\\p{Cntrl}", "?");
    return InputException.in(
        file,
        "line %d, column %d: %s, got '%s'",
        parser.getCurrentLineNumber(),
        next + 1,
        expected,
        shown.length() <= 40 ? shown : shown.substring(0, 40) + "...");
  }
}
