package dev.activations.files;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.params.provider.Arguments.arguments;

import dev.activations.api.Dtype;
import dev.activations.cpu.scalar.SmallFloats;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.Channels;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Map;
import java.util.stream.Stream;
import java.util.zip.ZipEntry;
import java.util.zip.ZipInputStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;

/** What is written is read; what is damaged is refused. */
class FormatTest {
  @TempDir Path dir;

  private static byte[] written(Format format, Tensor tensor, byte[] elements) throws IOException {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    TensorWriter writer = format.writer(Channels.newChannel(bytes), "y", tensor);
    int half = elements.length / 2 / tensor.dtype().bytes() * tensor.dtype().bytes();
    writer.write(ByteBuffer.wrap(elements, 0, half));
    writer.write(ByteBuffer.wrap(elements, half, elements.length - half));
    writer.finish();
    return bytes.toByteArray();
  }

  private static byte[] read(Format format, byte[] file, ReadOptions options, long... shape)
      throws IOException {
    Input in = Input.of(new ByteArrayInputStream(file), "a pipe");
    try (TensorReader reader = format.reader(in, options)) {
      assertArrayEquals(shape, reader.shape());
      ByteBuffer bytes = ByteBuffer.allocate((int) reader.count() * reader.dtype().bytes());
      reader.read(bytes);
      return bytes.array();
    }
  }

  static Stream<Arguments> formatsAndTypes() {
    return Stream.of(Format.values())
        .flatMap(
            format ->
                Stream.of(Dtype.values())
                    .filter(
                        dtype ->
                            dtype != Dtype.BF16 || format != Format.NPY && format != Format.NPZ)
                    .map(dtype -> arguments(format, dtype)));
  }

  @ParameterizedTest
  @MethodSource("formatsAndTypes")
  void whatIsWrittenIsRead(Format format, Dtype dtype) throws IOException {
    long[] shape = {3, 4};
    ByteBuffer elements = ByteBuffer.allocate(12 * dtype.bytes()).order(ByteOrder.nativeOrder());
    for (int i = 0; i < 12; i++) {
      // Exact in every type.
      float x = (i - 5) / 2f;
      switch (dtype) {
        case F32 -> elements.putFloat(x);
        case F64 -> elements.putDouble(x);
        case F16 -> elements.putShort(SmallFloats.narrowFloat16(x));
        case BF16 -> elements.putShort(SmallFloats.narrowBfloat16(x));
      }
    }
    ReadOptions options = ReadOptions.NONE;
    if (format == Format.RAW) {
      options =
          options.withLayout(new RawLayout(ElementType.of(dtype), shape, ByteOrder.LITTLE_ENDIAN));
    }
    byte[] file = written(format, new Tensor(dtype, shape), elements.array());
    if (format != Format.CSV) {
      assertArrayEquals(elements.array(), read(format, file, options, shape));
    } else if (!dtype.isStorage()) {
      assertArrayEquals(elements.array(), read(format, file, options.withType(dtype), shape));
    } else {
      assertTrue(new String(file, StandardCharsets.UTF_8).startsWith("-2.5,-2.0,-1.5,-1.0\n"));
    }
  }

  @Test
  void rawFilesHaveEitherByteOrder() throws IOException {
    byte[] native32 =
        ByteBuffer.allocate(8).order(ByteOrder.nativeOrder()).putInt(1).putInt(2).array();
    byte[] big =
        written(
            Format.RAW, new Tensor("", Dtype.F32, new long[] {2}, ByteOrder.BIG_ENDIAN), native32);
    assertArrayEquals(new byte[] {0, 0, 0, 1, 0, 0, 0, 2}, big);
    RawLayout layout = new RawLayout(ElementType.F32, new long[] {2}, ByteOrder.BIG_ENDIAN);
    assertArrayEquals(native32, read(Format.RAW, big, ReadOptions.NONE.withLayout(layout), 2));
  }

  /** The bytes that safetensors 0.8 writes for a tensor x of two zeros, which it pads alike. */
  @Test
  void theBytesAreThoseOfSafetensors() throws IOException {
    String header = "{\"x\":{\"dtype\":\"F32\",\"shape\":[2],\"data_offsets\":[0,8]}}";
    byte[] expected =
        ByteBuffer.allocate(8 + 56 + 8)
            .order(ByteOrder.LITTLE_ENDIAN)
            .putLong(56)
            .put((header + " ".repeat(56 - header.length())).getBytes(StandardCharsets.UTF_8))
            .array();
    Tensor tensor = new Tensor("x", Dtype.F32, new long[] {2}, ByteOrder.LITTLE_ENDIAN);
    assertArrayEquals(expected, written(Format.SAFETENSORS, tensor, new byte[8]));
  }

  @Test
  void anArchiveNamesItsArrayAndHasNoTimes() throws IOException {
    Tensor tensor = new Tensor("x", Dtype.F32, new long[] {2}, ByteOrder.LITTLE_ENDIAN);
    byte[] first = written(Format.NPZ, tensor, new byte[8]);
    try (ZipInputStream zip = new ZipInputStream(new ByteArrayInputStream(first))) {
      ZipEntry entry = zip.getNextEntry();
      assertEquals("x.npy", entry.getName());
      assertEquals(1980, entry.getTimeLocal().getYear());
      assertArrayEquals(
          written(Format.NPY, new Tensor(Dtype.F32, 2), new byte[8]), zip.readAllBytes());
    }
  }

  @Test
  void numPyHasNoBfloat16() {
    for (Format format : new Format[] {Format.NPY, Format.NPZ}) {
      String message =
          assertThrows(
                  InputException.class,
                  () -> written(format, new Tensor(Dtype.BF16, 2), new byte[4]))
              .getMessage();
      assertTrue(message.startsWith("y: NumPy has no bfloat16; write another"), message);
    }
  }

  @Test
  void namesThatAFormatCannotHoldAreRefused() {
    for (Map.Entry<Format, String> each :
        Map.of(Format.NPZ, "x".repeat(1 << 16), Format.SAFETENSORS, "__metadata__").entrySet()) {
      Tensor tensor =
          new Tensor(each.getValue(), Dtype.F32, new long[] {1}, ByteOrder.LITTLE_ENDIAN);
      assertThrows(InputException.class, () -> written(each.getKey(), tensor, new byte[4]));
    }
  }

  /** Over a pipe the end is seen only when it comes. */
  @ParameterizedTest
  @EnumSource(names = {"NPY", "NPZ", "SAFETENSORS", "RAW"})
  void whatIsCutOrGoesOnIsRefused(Format format) throws IOException {
    byte[] file = written(format, new Tensor(Dtype.F32, 100), new byte[400]);
    ReadOptions options =
        format == Format.RAW
            ? ReadOptions.NONE.withLayout(
                new RawLayout(ElementType.F32, new long[] {100}, ByteOrder.LITTLE_ENDIAN))
            : ReadOptions.NONE;
    for (int length : new int[] {file.length - 1, file.length + 1}) {
      byte[] other = Arrays.copyOf(file, length);
      if (format == Format.NPZ && length > file.length) {
        continue; // A zip may be followed by others' bytes: it is read from its end.
      }
      String piped =
          assertThrows(InputException.class, () -> read(format, other, options, 100)).getMessage();
      assertTrue(piped.startsWith("a pipe: "), piped);
      Path path = Files.write(dir.resolve("x"), other);
      String direct =
          assertThrows(InputException.class, () -> format.reader(Input.of(path), options))
              .getMessage();
      assertTrue(direct.startsWith(path + ": "), direct);
    }
  }

  @Test
  void aDamagedArchiveIsRefused() throws IOException {
    byte[] file = written(Format.NPZ, new Tensor(Dtype.F32, 100), new byte[400]);
    // Somewhere in the elements, which have no compression.
    file[400] ^= 1;
    String message =
        assertThrows(InputException.class, () -> read(Format.NPZ, file, ReadOptions.NONE, 100))
            .getMessage();
    assertTrue(message.startsWith("a pipe[tensor]: damaged zip: the bytes"), message);
  }

  static Stream<Arguments> badSafetensors() {
    return Stream.of(
        arguments("", 0, "truncated: the file ends inside the .safetensors header"),
        arguments("[]", 2, "expected '{', got '['"),
        arguments("{", 1, "expected a length of 2 to 100000000, got 1"),
        arguments("{}", 1L << 40, "expected a length of 2 to 100000000, got 1099511627776"),
        arguments("{}", 99, "truncated: the file ends inside the .safetensors header"),
        arguments("{\"x\"", 4, "malformed .safetensors header: Unexpected end-of-input"),
        arguments("{}", 2, "expected one tensor, or the name of one with --tensor; it has none"),
        arguments("{\"x\":1}", 7, "x must have dtype, shape and data_offsets"),
        arguments(entry("F32", "[2]", "[0]"), -1, "data_offsets of x must be its begin and end"),
        arguments(entry("F32", "[2]", "[8,0]"), -1, "data_offsets of x must be its begin and end"),
        arguments(entry("F32", "[2]", "[0,1e1]"), -1, "of x must be lists of integers, got [0, 1"),
        arguments(entry("F32", "2", "[0,8]"), -1, "of x must be lists of integers, got 2"),
        arguments(entry("F32", "[-2]", "[0,8]"), -1, "expected sizes of 0 or more, got shape [-2]"),
        arguments(entry("F32", "[3]", "[0,8]"), -1, "x takes 12 bytes, but its offsets leave 8"),
        arguments(entry("F8_E4M3", "[8]", "[0,8]"), -1, "expected dtype F16, BF16, F32 or F64"),
        arguments(entry("F32", "[2]", "[0,8]"), -1, "truncated: expected 2 elements of 4 bytes"),
        arguments(
            "{\"x\":%1$s,\"x\":%1$s}".formatted("{\"data_offsets\":[0,8]}"), -1, "Duplicate"));
  }

  private static String entry(String dtype, String shape, String offsets) {
    return "{\"x\":{\"dtype\":\"%s\",\"shape\":%s,\"data_offsets\":%s}}"
        .formatted(dtype, shape, offsets);
  }

  @ParameterizedTest
  @MethodSource("badSafetensors")
  void badHeadersAreRefused(String json, long length, String message) throws IOException {
    byte[] text = json.getBytes(StandardCharsets.UTF_8);
    byte[] file =
        ByteBuffer.allocate(8 + text.length)
            .order(ByteOrder.LITTLE_ENDIAN)
            .putLong(length < 0 ? text.length : length)
            .put(text)
            .array();
    Path path = Files.write(dir.resolve("x"), json.isEmpty() ? new byte[3] : file);
    String refused =
        assertThrows(
                InputException.class,
                () -> Format.SAFETENSORS.reader(Input.of(path), ReadOptions.NONE))
            .getMessage();
    assertTrue(refused.startsWith(path + ": "), refused);
    assertTrue(refused.contains(message), refused);
  }

  @Test
  void optionsOfOtherFormatsAreRefused() throws IOException {
    Path file = Files.write(dir.resolve("x"), new byte[8]);
    RawLayout layout = new RawLayout(ElementType.F32, new long[] {2}, ByteOrder.LITTLE_ENDIAN);
    ReadOptions none = ReadOptions.NONE;
    for (Map.Entry<ReadOptions, String> each :
        Map.of(
                none.withHeader(), "leave --header out",
                none.withTensor("x"), "leave --tensor out",
                none.withLayout(layout), "leave them out")
            .entrySet()) {
      String message =
          assertThrows(InputException.class, () -> Format.NPY.reader(Input.of(file), each.getKey()))
              .getMessage();
      assertTrue(message.endsWith(each.getValue()), message);
    }
    assertThrows(InputException.class, () -> Format.RAW.reader(Input.of(file), none));
    assertThrows(InputException.class, () -> none.withType(Dtype.F16));
  }
}
