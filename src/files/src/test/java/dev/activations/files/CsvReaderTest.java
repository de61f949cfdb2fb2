package dev.activations.files;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.activations.api.Dtype;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Text that is good; {@code BadInputTest} has the rest. */
class CsvReaderTest {
  @TempDir Path dir;

  private float[] read(String text, long... shape) throws IOException {
    Path file = Files.writeString(dir.resolve("x.csv"), text);
    try (TensorReader reader = Format.CSV.reader(Input.of(file), ReadOptions.NONE)) {
      assertArrayEquals(shape, reader.shape());
      float[] values = new float[(int) reader.count()];
      ByteBuffer bytes =
          ByteBuffer.allocate(values.length * Float.BYTES).order(ByteOrder.nativeOrder());
      reader.read(bytes);
      bytes.asFloatBuffer().get(values);
      return values;
    }
  }

  @Test
  void numbersAreTakenInEverySpelling() throws IOException {
    float[] values = {1, -2.5f, 1e-3f, 4, Float.NaN, Float.POSITIVE_INFINITY};
    assertArrayEquals(values, read("1, -2.5,+1e-3\n\"4\",nan,inf", 2, 3));
    assertArrayEquals(values, read("\uFEFF1,-25E-1,.001\r\n\r\n4.,NaN,Infinity\r\n", 2, 3));
    assertArrayEquals(
        new float[] {Float.NEGATIVE_INFINITY, Float.NaN, -0f, 0},
        read("-Inf\n-nan\n-0\n1e-99", 4, 1));
  }

  /** As a double it would be 16777217, which lies halfway, and then go to the even 16777216. */
  @Test
  void numbersAreRoundedOnce() throws IOException {
    assertArrayEquals(new float[] {16777218}, read("16777217.000000000000000001\n", 1, 1));
  }

  @Test
  void doublesAreReadWhenAskedFor() throws IOException {
    Path file = Files.writeString(dir.resolve("x.csv"), "0.1,-inf\n1e300,16777217\n");
    ReadOptions options = ReadOptions.NONE.withType(Dtype.F64);
    try (TensorReader reader = Format.CSV.reader(Input.of(file), options)) {
      assertEquals(Dtype.F64, reader.dtype());
      ByteBuffer bytes = ByteBuffer.allocate(4 * Double.BYTES).order(ByteOrder.nativeOrder());
      reader.read(bytes);
      double[] values = new double[4];
      bytes.asDoubleBuffer().get(values);
      assertArrayEquals(new double[] {0.1, Double.NEGATIVE_INFINITY, 1e300, 16777217}, values);
    }
  }
}
