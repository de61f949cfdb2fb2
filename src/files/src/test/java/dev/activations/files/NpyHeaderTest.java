package dev.activations.files;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.activations.api.Dtype;
import java.io.IOException;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Headers that are good; {@code BadInputTest} has the others. */
class NpyHeaderTest {
  @TempDir Path dir;

  private Layout read(byte[] bytes) throws IOException {
    try (Input in = Input.of(Files.write(dir.resolve("x.npy"), bytes))) {
      Layout header = NpyHeader.read(in);
      assertEquals(bytes.length, in.position(), "the input stands at the first element");
      return header;
    }
  }

  private static byte[] encode(Dtype dtype, ByteOrder order, long... shape) {
    return NpyHeader.encode("x.npy", dtype, order, shape);
  }

  /** The bytes that NumPy 2.4 writes for {@code numpy.zeros((3, 4), 'float32')}. */
  @Test
  void theBytesAreThoseOfNumPy() {
    String text =
        "{'descr': '<f4', 'fortran_order': False, 'shape': (3, 4), }" + " ".repeat(58) + "\n";
    byte[] expected =
        ("\u0093NUMPY\u0001\u0000\u0076\u0000" + text).getBytes(StandardCharsets.ISO_8859_1);
    assertEquals(128, expected.length);
    assertArrayEquals(expected, encode(Dtype.F32, ByteOrder.LITTLE_ENDIAN, 3, 4));
  }

  @ParameterizedTest
  @ValueSource(ints = {0, 1, 2, 3, 32})
  void whatIsWrittenIsReadAndAligned(int axes) throws IOException {
    long[] shape = LongStream.range(0, axes).map(i -> 10 * i % 3).toArray();
    byte[] bytes = encode(Dtype.F32, ByteOrder.LITTLE_ENDIAN, shape);
    assertEquals(0, bytes.length % 64);
    assertEquals('\n', bytes[bytes.length - 1]);
    assertArrayEquals(shape, read(bytes).shape());
    assertEquals(ByteOrder.LITTLE_ENDIAN, read(bytes).order());
  }

  @ParameterizedTest
  @CsvSource({"F32, <f4", "F64, <f8", "F16, <f2"})
  void everyTypeOfNumPyHasItsName(Dtype dtype, String descr) throws IOException {
    byte[] little = encode(dtype, ByteOrder.LITTLE_ENDIAN, 5);
    assertTrue(new String(little, StandardCharsets.ISO_8859_1).contains("'" + descr + "'"));
    assertEquals(Optional.of(dtype), read(little).type().dtype());
    byte[] big = encode(dtype, ByteOrder.BIG_ENDIAN, 5);
    assertEquals(Optional.of(dtype), read(big).type().dtype());
    assertEquals(ByteOrder.BIG_ENDIAN, read(big).order());
  }

  @ParameterizedTest
  @ValueSource(ints = {2, 3})
  void laterVersionsHaveALongerLength(int version) throws IOException {
    String text = "{\"shape\":(3L,),'fortran_order':False,'descr':'>f4'}";
    String start = "\u0093NUMPY" + (char) version + "\u0000";
    String file = start + (char) text.length() + "\u0000\u0000\u0000" + text;
    Layout header = read(file.getBytes(StandardCharsets.ISO_8859_1));
    assertArrayEquals(new long[] {3}, header.shape());
    assertEquals(ByteOrder.BIG_ENDIAN, header.order());
  }
}
