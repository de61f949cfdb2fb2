package dev.activations.files;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.activations.api.Dtype;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Files that NumPy and safetensors wrote, by {@code src/test/python/reference_files.py}; they are
 * the seeds of the fuzzer, too.
 */
class ReferenceFilesTest {
  private static final Path FOLDER =
      Path.of("src/test/resources/dev/activations/files/ReadersFuzzTestInputs");

  /** What the script says of the elements. */
  private static double[] expected(String type) {
    return IntStream.range(0, 24)
        .mapToDouble(
            i ->
                switch (type.charAt(0)) {
                  case 'u' -> i;
                  case 'i' -> i - 5;
                  default -> type.equals("b1") ? Math.min(i % 3, 1) : (i - 5) / 2.0;
                })
        .toArray();
  }

  /** Reads in pieces of five elements. */
  private static void assertReads(Format format, Input in, ReadOptions options, String type)
      throws IOException {
    try (TensorReader reader = format.reader(in, options)) {
      assertArrayEquals(new long[] {2, 3, 4}, reader.shape());
      double[] values = new double[24];
      int bytes = reader.dtype().bytes();
      ElementType stored = ElementType.of(reader.dtype());
      for (int from = 0; from < 24; from += 5) {
        int count = Math.min(5, 24 - from);
        ByteBuffer piece = ByteBuffer.allocate(count * bytes).order(ByteOrder.nativeOrder());
        reader.read(piece);
        for (int i = 0; i < count; i++) {
          values[from + i] = stored.toDouble(piece, i * bytes);
        }
      }
      assertArrayEquals(expected(type), values);
    }
  }

  /** From the file, and from a pipe that brings the same. */
  private static void assertReads(Format format, Path file, ReadOptions options, String type)
      throws IOException {
    assertReads(format, Input.of(file), options, type);
    byte[] bytes = Files.readAllBytes(file);
    assertReads(format, Input.of(new ByteArrayInputStream(bytes), "a pipe"), options, type);
  }

  static List<Path> npy() throws IOException {
    try (Stream<Path> files = Files.list(FOLDER.resolve("npy"))) {
      return files.filter(file -> file.toString().endsWith(".npy")).sorted().toList();
    }
  }

  @ParameterizedTest
  @MethodSource("npy")
  void everyTypeAndOrderOfNumPyIsRead(Path file) throws IOException {
    String type = file.getFileName().toString().substring(0, 2);
    if (!type.startsWith("i") && !type.startsWith("u") && !type.equals("b1")) {
      assertReads(Format.NPY, file, ReadOptions.NONE, type);
    }
    assertReads(Format.NPY, file, ReadOptions.NONE.withType(Dtype.F32), type);
    assertReads(Format.NPY, file, ReadOptions.NONE.withType(Dtype.F64), type);
  }

  @Test
  void allOfThemAreThere() throws IOException {
    assertTrue(npy().size() >= 24);
  }

  @ParameterizedTest
  @CsvSource({
    "stored, x, f4",
    "stored, y, f8",
    "deflated, x, f4",
    "deflated, y, f8",
    "deflated, z, i8",
    "one, arr_0, f4"
  })
  void everyArrayOfAnArchiveIsRead(String file, String name, String type) throws IOException {
    Path path = FOLDER.resolve("npz").resolve(file + ".npz");
    ReadOptions options = ReadOptions.NONE.withTensor(name);
    assertReads(Format.NPZ, path, type.equals("i8") ? options.withType(Dtype.F64) : options, type);
    try (TensorReader reader = Format.NPZ.reader(Input.of(path), options.withType(Dtype.F64))) {
      assertEquals(Optional.of(name), reader.name());
    }
  }

  @ParameterizedTest
  @CsvSource({
    "f2, F16",
    "bf16, BF16",
    "f4, F32",
    "f8, F64",
    "i1,",
    "i2,",
    "i4,",
    "i8,",
    "u1,",
    "u2,",
    "u4,",
    "u8,",
    "b1,"
  })
  void everyTensorIsRead(String name, Dtype dtype) throws IOException {
    Path file = FOLDER.resolve("safetensors/all.safetensors");
    ReadOptions options = ReadOptions.NONE.withTensor(name);
    assertReads(Format.SAFETENSORS, file, options.withType(Dtype.F32), name);
    if (dtype == null) {
      InputException refused =
          assertThrows(
              InputException.class, () -> Format.SAFETENSORS.reader(Input.of(file), options));
      assertTrue(refused.getMessage().contains("convert it with --as float32"));
    } else {
      assertReads(Format.SAFETENSORS, file, options, name);
      try (TensorReader reader = Format.SAFETENSORS.reader(Input.of(file), options)) {
        assertEquals(dtype, reader.dtype());
        assertEquals(Optional.of(name), reader.name());
      }
    }
  }

  @Test
  void oneTensorNeedsNoName() throws IOException {
    assertReads(
        Format.SAFETENSORS, FOLDER.resolve("safetensors/one.safetensors"), ReadOptions.NONE, "f4");
    assertReads(Format.NPZ, FOLDER.resolve("npz/one.npz"), ReadOptions.NONE, "f4");
  }

  @ParameterizedTest
  @CsvSource({"NPZ, npz/stored.npz, 'x, y'", "SAFETENSORS, safetensors/all.safetensors, 'u8, i8,'"})
  void ofSeveralOneIsToBeNamed(Format format, String file, String names) {
    Path path = FOLDER.resolve(file);
    String which =
        assertThrows(InputException.class, () -> format.reader(Input.of(path), ReadOptions.NONE))
            .getMessage();
    assertTrue(which.contains("the name of one with --tensor; it has " + names), which);
    String absent =
        assertThrows(
                InputException.class,
                () -> format.reader(Input.of(path), ReadOptions.NONE.withTensor("absent")))
            .getMessage();
    assertTrue(absent.contains("has no tensor 'absent'; it has " + names), absent);
  }
}
