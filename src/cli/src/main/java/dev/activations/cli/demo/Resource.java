package dev.activations.cli.demo;

import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.io.Reader;
import java.nio.charset.StandardCharsets;
import java.util.stream.Stream;
import org.apache.commons.csv.CSVFormat;
import org.apache.commons.csv.CSVParser;

/** The matrices that the jar carries, as text that a reader and a diff can follow. */
final class Resource {

  private Resource() {}

  /** Returns the rows of a {@code .csv} file that lies beside this class. */
  static float[][] rows(String name) throws IOException {
    InputStream file = Resource.class.getResourceAsStream(name);
    if (file == null) {
      throw new IOException("the jar does not hold " + name + "; build it anew");
    }
    try (Reader text = new InputStreamReader(file, StandardCharsets.UTF_8);
        CSVParser lines = CSVParser.builder().setReader(text).setFormat(CSVFormat.RFC4180).get()) {
      return lines.stream().map(line -> floats(line.stream())).toArray(float[][]::new);
    }
  }

  private static float[] floats(Stream<String> fields) {
    String[] texts = fields.toArray(String[]::new);
    float[] values = new float[texts.length];
    for (int i = 0; i < texts.length; i++) {
      values[i] = Float.parseFloat(texts[i]);
    }
    return values;
  }
}
