package dev.activations.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeFalse;
import static org.junit.jupiter.params.provider.Arguments.arguments;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** Everything that is refused: one line, exit code 2, and no file. */
class BadInputTest {
  @TempDir Path dir;

  private static final byte[] GOOD = Npy.file("<f4", "(2, 3)", 1, 2, 3, 4, 5, 6);

  private static byte[] changed(int at, int value) {
    byte[] bytes = GOOD.clone();
    bytes[at] = (byte) value;
    return bytes;
  }

  private static byte[] header(String dictionary) {
    return Npy.file(dictionary, new byte[24]);
  }

  private static byte[] dtype(String descr) {
    return header("{'descr': %s, 'fortran_order': False, 'shape': (6,), }".formatted(descr));
  }

  private static byte[] shape(String shape) {
    return header("{'descr': '<f4', 'fortran_order': False, 'shape': %s, }".formatted(shape));
  }

  static Stream<Arguments> badNpy() {
    return Stream.of(
        arguments("empty", new byte[0], "truncated: the file ends inside the .npy header"),
        arguments("cut in the magic", Arrays.copyOf(GOOD, 4), "inside the .npy header, after 4"),
        arguments("cut in the header", Arrays.copyOf(GOOD, 40), "inside the .npy header, after 40"),
        arguments(
            "cut in the data",
            Arrays.copyOf(GOOD, GOOD.length - 1),
            "truncated: expected 6 elements of 4 bytes"),
        arguments(
            "longer",
            Arrays.copyOf(GOOD, GOOD.length + 1),
            "trailing bytes: expected 24 bytes of elements, as its shape says, got 25"),
        arguments(
            "a zip",
            "PK\3\4 and so on".getBytes(StandardCharsets.ISO_8859_1),
            "wrong magic number: expected a .npy file, which begins with the bytes"
                + " 93 4e 55 4d 50 59, got 50 4b 03 04 20 61"),
        arguments("version 4", changed(6, 4), "expected .npy version 1.0, 2.0 or 3.0, got 4.0"),
        arguments("version 1.7", changed(7, 7), "expected .npy version 1.0, 2.0 or 3.0, got 1.7"),
        arguments(
            "a long header", changed(6, 2), "malformed .npy header: expected at most 65536 bytes"),
        arguments("no dictionary", header("(1, 2)"), "malformed .npy header: expected a dict"),
        arguments("no end", header("{'descr': '<f4',"), "malformed .npy header: expected a value"),
        arguments("words", header("hello"), "malformed .npy header: expected a value at"),
        arguments("deep", header("(".repeat(9999)), "malformed .npy header: more than 16 levels"),
        arguments(
            "a missing key",
            header("{'descr': '<f4', 'shape': (6,)}"),
            "malformed .npy header: expected a dictionary of descr, fortran_order and shape"),
        arguments(
            "a strange order",
            header("{'descr': '<f4', 'fortran_order': 0, 'shape': (6,)}"),
            "malformed .npy header: fortran_order must be True or False"),
        arguments("objects", dtype("'|O'"), "got an object array"),
        arguments("a structure", dtype("[('a', '<f4'), ('b', '<i4')]"), "got a structured dtype"),
        arguments(
            "extended precision",
            dtype("'<f16'"),
            "expected dtype float16, float32 or float64 ('<f2', '<f4', '<f8'), got '<f16'; save"),
        arguments("bfloat16", dtype("'|V2'"), "got '|V2'; NumPy has no bfloat16, save array"),
        arguments("bytes that swap", dtype("'=f4'"), "got '=f4'; save array.astype('float32')"),
        arguments("integers", dtype("'<i4'"), "got int32; convert it with --as float32"),
        arguments("complex numbers", dtype("'<c8'"), "got '<c8'; save array.astype('float32')"),
        arguments("no shape", shape("6"), "malformed .npy header: shape must be a tuple"),
        arguments("a shape of words", shape("('6',)"), "shape must be a tuple of integers"),
        arguments("a negative size", shape("(-6,)"), "expected sizes of 0 or more, got shape [-6]"),
        arguments("a huge size", shape("(9223372036854775808,)"), "expected less than 2^63 bytes"),
        arguments("a huge product", shape("(4294967296, 4294967296)"), "less than 2^63 bytes"),
        arguments("bytes that overflow", shape("(2305843009213693952,)"), "less than 2^63 bytes"),
        arguments("a huge empty array", shape("(4294967296, 4294967296, 0)"), "less than 2^63"));
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource("badNpy")
  void badNpyFilesAreRefused(String name, byte[] bytes, String message) throws IOException {
    Path in = Files.write(dir.resolve("x.npy"), bytes);
    refused(in + ": ", message, "relu", in.toString(), out("y.npy"));
  }

  static Stream<Arguments> badCsv() {
    return Stream.of(
        arguments("empty", "", "expected lines of numbers, got none"),
        arguments("blank", "\n\n", "expected lines of numbers, got none"),
        arguments("a short line", "1,2\n\n3\n", "line 3: expected 2 columns"),
        arguments("a long last line", "1,2\n3,4,5", "line 2: expected 2 columns"),
        arguments(
            "a word", "1,2\n3,four\n5,6\n", "line 2, column 2: expected a number, got 'four'"),
        arguments("a word at the end", "1,2\n3,four", "line 2, column 2: expected a number"),
        arguments("a header", "a,b\n1,2\n", "line 1, column 1: expected a number, got 'a'"),
        arguments("an empty field", "1,,3\n", "line 1, column 2: expected a number, got ''"),
        arguments("a suffix", "1f\n", "line 1, column 1: expected a number, got '1f'"),
        arguments("out of range", "1\n1e39\n", "line 2, column 1: expected a number in the range"),
        arguments("another separator", "1;2\n", "line 1, column 1: expected a number, got '1;2'"),
        arguments("no UTF-8", "1\n\u00ff\n", "expected text in UTF-8, got other bytes"));
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource("badCsv")
  void badCsvFilesAreRefused(String name, String text, String message) throws IOException {
    Path in = Files.write(dir.resolve("x.csv"), text.getBytes(StandardCharsets.ISO_8859_1));
    refused(in + ": ", message, "relu", in.toString(), out("y.npy"));
  }

  @Test
  void badNamesAreRefused() throws IOException {
    String in = good();
    refused("", "unknown activation 'gelo'; did you mean gelu?", "gelo", in, out("y.npy"));
    refused("", "relu has no parameters, got 'slope'", "relu(slope=1)", in, out("y.npy"));
    refused(
        "", "leaky_relu: parameter slope must be in", "leaky_relu(slope=NaN)", in, out("y.npy"));
    refused("", "parameter slope must be a number", "leaky_relu(slope=x)", in, out("y.npy"));
    refused("", "parameter min must be below max", "hard_tanh(min=2)", in, out("y.npy"));
    String endings = "expected a name that ends in .npy, .npz, .safetensors, .csv, .raw or .bin";
    refused("", endings, "relu", in, out("y.txt"));
    refused("", endings, "relu", out("x"), out("y.npy"));
    refused("", "cannot be opened: no such file", "relu", out("absent.npy"), out("y.npy"));
    refused("", "cannot be opened: no such file", "relu", out("absent.csv"), out("y.npy"));
    refused("", "cannot be written: no directory", "relu", in, out("absent/y.npy"));
    Files.createDirectory(dir.resolve("folder.npy"));
    refused("", "expected a regular file, got", "relu", out("folder.npy"), out("y.npy"));
    refused("", "expected a regular file to write", "relu", in, out("folder.npy"));
  }

  @Test
  void badOptionsAreRefused() throws IOException {
    String in = good();
    refused("", "leave --derivative out", "softmax", in, out("y.npy"), "--derivative");
    refused("", "leave --axis out", "relu", in, out("y.npy"), "--axis=0");
    refused("", "a derivative for each of its inputs", "glu", in, out("y.npy"), "--derivative");
    refused("", "which 3 elements do not make", "glu", in, out("y.npy"));
    refused("", "must be a whole number", "maxout(pieces=1.5)", in, out("y.npy"));
    refused("", "leave --header out", "relu", in, out("y.npy"), "--header");
    refused("", "axis must be in [-2, 2)", "softmax", in, out("y.npy"), "--axis=2");
    refused("", "Invalid value for option '--axis'", "softmax", in, out("y.npy"), "--axis=last");
    refused("", "leave --mask out", "softmax", in, out("y.npy"), "--mask", in);
    refused("", "give its file with --mask", "masked_softmax", in, out("y.npy"));
    refused("", "give their seed with --seed", "gumbel_softmax", in, out("y.npy"));
    refused("", "softmax draws no random numbers", "softmax", in, out("y.npy"), "--seed=1");
    refused("", "or --seed out", "rrelu", in, out("y.npy"), "--seed=1", "--derivative");
    Path mask = Files.write(dir.resolve("x.npy"), Npy.file("<f4", "(6,)", 1, 1, 1, 0, 0, 0));
    refused(
        mask + ": ",
        "expected a mask of shape [2, 3] and type float32, as " + in + " has, got [6] and float32",
        "masked_softmax",
        in,
        out("y.npy"),
        "--mask",
        mask.toString());
    refused("", "got a blank selector", "relu", in, out("y.npy"), "--device=");
    refused("", "Unknown option: '--fast'", "relu", in, out("y.npy"), "--fast");
    refused("", "Missing required parameter: '<out>'", "relu", in);
  }

  @Test
  void badOptionsOfFilesAreRefused() throws IOException {
    String in = good();
    refused("", "'-' has no name that tells its format; give --format", "relu", "-", out("y.npy"));
    refused("", "tells its format; give --to-format", "relu", in, "-");
    refused("", "unknown format 'tsv'; expected npy,", "relu", in, out("y.npy"), "--format=tsv");
    refused("", "--as must be float32 or", "relu", in, out("y.npy"), "--as=float16");
    refused("", "leave --order out", "relu", in, out("y.npy"), "--order=big");
    refused("", "--order must be little or", "relu", in, out("y.bin"), "--order=middle");
    refused("", "leave --tensor out", "relu", in, out("y.npy"), "--tensor=x");
    refused("", "both --dtype and --shape", "relu", in, out("y.npy"), "--shape=2");
    refused(
        "",
        "only a raw file needs",
        "relu",
        in,
        out("y"),
        "--to-format=raw",
        "--dtype=int8",
        "--shape=2");
    refused("", "give --dtype and --shape", "relu", in, out("y.npy"), "--format=raw");
    String[] raw = {"relu", in, out("y.npy"), "--format=raw"};
    refused("", "unknown type 'half'; expected", with(raw, "--dtype=half", "--shape=2"));
    refused("", "trailing bytes", with(raw, "--dtype=float32", "--shape=2"));
    refused("", "truncated", with(raw, "--dtype=float32", "--shape=2000"));
    refused("", "expected sizes of 0 or more", with(raw, "--dtype=float32", "--shape=-2"));
    refused("", "less than 2^63 bytes", with(raw, "--dtype=bool", "--shape=9000000000,9000000000"));
    raw[1] = Files.write(dir.resolve("x.npy"), new byte[4]).toString();
    refused("", "NumPy has no bfloat16", with(raw, "--dtype=bfloat16", "--shape=2"));
  }

  private static String[] with(String[] args, String... more) {
    return Stream.concat(Stream.of(args), Stream.of(more)).toArray(String[]::new);
  }

  @Test
  void aShapeThatCsvCannotHoldIsRefused() throws IOException {
    Path in = Files.write(dir.resolve("x.npy"), Npy.file("<f4", "(1, 1, 2)", 1, 2));
    refused("", "got an array of 3 axes; write a .npy", "relu", in.toString(), out("y.csv"));
  }

  @Test
  void aSliceLargerThanMemoryIsRefused() throws IOException {
    // A sparse file: 4 GiB by its length, nearly nothing on the disk.
    Path in = dir.resolve("x.npy");
    byte[] header = shape("(2, 536870912)");
    Files.write(in, Arrays.copyOf(header, header.length - 24));
    try (var channel = Files.newByteChannel(in, java.nio.file.StandardOpenOption.WRITE)) {
      channel.position(header.length - 24 + (1L << 32) - 1);
      channel.write(java.nio.ByteBuffer.allocate(1));
    }
    refused("", "softmax needs all 536870912 elements", "softmax", in.toString(), out("y.npy"));
  }

  @Test
  void anUnknownDeviceIsRefusedWithTheFindings() throws IOException {
    Ran ran = Ran.command("apply", "relu", good(), out("y.npy"), "--device", "abacus");
    assertEquals(2, ran.code());
    assertTrue(ran.err().contains("no usable device matches 'abacus'"), ran.err());
    assertTrue(ran.err().contains("cpu:scalar"), ran.err());
    assertNothingWritten();
  }

  @Test
  void anUnwritableDirectoryIsRefused() throws IOException {
    Path closed = Files.createDirectory(dir.resolve("closed"));
    closed.toFile().setWritable(false);
    assumeFalse(Files.isWritable(closed), "the super-user may write everywhere");
    refused("", "permission denied", "relu", good(), closed.resolve("y.npy").toString());
  }

  @Test
  void aCommandIsNeeded() {
    assertEquals(
        "activations: expected a command, got none; see 'activations --help'\n",
        Ran.command().err());
    Ran ran = Ran.command("aply");
    assertEquals(2, ran.code());
    assertTrue(ran.err().contains("did you mean apply?"), ran.err());
  }

  private String good() throws IOException {
    return Files.write(dir.resolve("good.npy"), GOOD).toString();
  }

  private String out(String name) {
    return dir.resolve(name).toString();
  }

  private void refused(String start, String message, String... args) throws IOException {
    Ran ran =
        Ran.command(Stream.concat(Stream.of("apply"), Stream.of(args)).toArray(String[]::new));
    assertEquals(2, ran.code(), ran.err());
    assertTrue(ran.err().startsWith("activations apply: " + start), ran.err());
    assertTrue(ran.err().contains(message), ran.err());
    assertEquals(1, ran.err().lines().filter(line -> !line.isBlank()).count(), ran.err());
    assertEquals("", ran.out());
    assertNothingWritten();
  }

  private void assertNothingWritten() throws IOException {
    try (Stream<Path> files = Files.walk(dir)) {
      List<Path> written =
          files
              .filter(Files::isRegularFile)
              .filter(file -> !file.getFileName().toString().matches("(x|good)\\.(npy|csv)"))
              .toList();
      assertEquals(List.of(), written);
    }
  }
}
