package dev.activations.cli;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.activations.Devices;
import dev.activations.api.Activation;
import dev.activations.api.Geometry;
import dev.activations.api.Kind;
import dev.activations.api.Op;
import dev.activations.api.Session;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What {@code apply} computes. {@link BadInputTest} has what it refuses. */
class ApplyCommandTest {
  @TempDir Path dir;

  private static float[] sample(int count) {
    float[] values = new float[count];
    for (int i = 0; i < count; i++) {
      values[i] = (i * 37 % 101 - 50) / 8f;
    }
    return values;
  }

  private static float[] computed(Function<Session, float[]> work) {
    try (Session session = Devices.choose("cpu:scalar").open()) {
      return work.apply(session);
    }
  }

  private Path file(String name, byte[] bytes) throws IOException {
    return Files.write(dir.resolve(name), bytes);
  }

  private Ran apply(String activation, Path in, Path out, String... options) {
    List<String> args =
        Stream.concat(
                Stream.of("apply", activation, in.toString(), out.toString()), Stream.of(options))
            .toList();
    return Ran.command(args.toArray(String[]::new));
  }

  /** Sizes below, at and above the piece of ten elements that tests hold in memory. */
  @ParameterizedTest
  @ValueSource(ints = {0, 1, 9, 10, 11, 20, 1021})
  void everyPieceIsComputed(int count) throws IOException {
    float[] x = sample(count);
    Path out = dir.resolve("y.npy");
    Ran ran = apply("gelu", file("x.npy", Npy.file("<f4", "(%d,)".formatted(count), x)), out);
    assertEquals(0, ran.code(), ran.err());
    assertArrayEquals(computed(s -> s.forward(Op.of(Kind.GELU), x)), Npy.values(out));
    assertEquals("", ran.out());
    String first = "gelu forward: %d elements ran on cpu:".formatted(count);
    assertTrue(ran.err().startsWith(first), ran.err());
    assertEquals(1, ran.err().lines().count());
  }

  @Test
  void derivativesAndParametersAreTaken() throws IOException {
    float[] x = sample(25);
    Path out = dir.resolve("y.npy");
    Path in = file("x.npy", Npy.file("<f4", "(5, 5)", x));
    assertEquals(0, apply("leaky_relu(slope=0.25)", in, out, "--derivative").code());
    Op op = Op.of(Activation.of(Kind.LEAKY_RELU, 0.25));
    assertArrayEquals(computed(s -> s.derivative(op, x)), Npy.values(out));
  }

  @Test
  void bigEndianFilesAreRead() throws IOException {
    float[] x = sample(33);
    Path out = dir.resolve("y.npy");
    assertEquals(0, apply("linear", file("x.npy", Npy.file(">f4", "(33,)", x)), out).code());
    assertArrayEquals(x, Npy.values(out));
  }

  /** Either byte order in, the machine's own out, and the type of the elements kept. */
  @ParameterizedTest
  @ValueSource(strings = {"<f8", ">f8"})
  void doublesStayDoubles(String descr) throws IOException {
    double[] x = new double[33];
    Arrays.setAll(x, i -> (i - 16) / 7.0);
    Path in = file("x.npy", Npy.file(descr, "(33,)", Npy.bytes(descr, x)));
    Path out = dir.resolve("y.npy");
    Ran ran = apply("gelu", in, out);
    assertEquals(0, ran.code(), ran.err());
    try (Session session = Devices.choose("cpu:scalar").open()) {
      double[] y = session.forward(Op.of(Kind.GELU), x);
      assertArrayEquals(
          Npy.file("<f8", "(33,)", Npy.bytes("<f8", y)), Npy.withoutPadding(out), descr);
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"<f2", ">f2"})
  void halvesStayHalves(String descr) throws IOException {
    // 1, -2, 0.5, the largest number, the smallest, infinity, NaN.
    short[] x = {0x3C00, (short) 0xC000, 0x3800, 0x7BFF, 0x0001, 0x7C00, 0x7E00};
    Path in = file("x.npy", Npy.file(descr, "(7,)", Npy.bytes(descr, x)));
    Path out = dir.resolve("y.npy");
    Ran ran = apply("leaky_relu(slope=0.5)", in, out);
    assertEquals(0, ran.code(), ran.err());
    short[] y = {0x3C00, (short) 0xBC00, 0x3800, 0x7BFF, 0x0001, 0x7C00, 0x7E00};
    assertArrayEquals(Npy.file("<f2", "(7,)", Npy.bytes("<f2", y)), Npy.withoutPadding(out));
    assertEquals(0, apply("linear", in, dir.resolve("y.csv")).code());
    assertEquals("1.0", Files.readAllLines(dir.resolve("y.csv")).get(0));
    assertEquals(0, apply("softmax", in, out).code());
  }

  /** Pieces hold ten elements, so that every axis needs several, and the outermost a larger one. */
  @ParameterizedTest
  @CsvSource({"0", "1", "2", "-1", "-2", "-3"})
  void softmaxStreamsOverEveryAxis(int axis) throws IOException {
    float[] x = sample(7 * 3 * 4);
    Path in = file("x.npy", Npy.file("<f4", "(7, 3, 4)", x));
    Path out = dir.resolve("y.npy");
    Ran ran = apply("softmax", in, out, "--axis", Integer.toString(axis));
    assertEquals(0, ran.code(), ran.err());
    Op op = Op.of(Kind.SOFTMAX).over(Geometry.of(axis, 7, 3, 4));
    assertArrayEquals(computed(s -> s.forward(op, x)), Npy.values(out));
  }

  /** A mask in pieces of ten elements, as the input; one of halves too. */
  @ParameterizedTest
  @CsvSource({"0", "1"})
  void aMaskIsASecondFile(int axis) throws IOException {
    float[] x = sample(7 * 4);
    float[] mask = new float[x.length];
    for (int i = 0; i < mask.length; i++) {
      mask[i] = i % 3;
    }
    Path in = file("x.npy", Npy.file("<f4", "(7, 4)", x));
    Path masks = file("mask.npy", Npy.file("<f4", "(7, 4)", mask));
    Path out = dir.resolve("y.npy");
    Ran ran = apply("masked_softmax", in, out, "--axis=" + axis, "--mask", masks.toString());
    assertEquals(0, ran.code(), ran.err());
    Op op = Op.of(Kind.MASKED_SOFTMAX).over(Geometry.of(axis, 7, 4));
    assertArrayEquals(computed(s -> s.forward(op, x, mask)), Npy.values(out));
  }

  @Test
  void aMaskOfHalves() throws IOException {
    short[] x = {0x3C00, 0x7E00, 0x3C00};
    short[] mask = {0x3C00, 0, 0x0001};
    Path in = file("x.npy", Npy.file("<f2", "(3,)", Npy.bytes("<f2", x)));
    Path masks = file("mask.npy", Npy.file("<f2", "(3,)", Npy.bytes("<f2", mask)));
    Path out = dir.resolve("y.npy");
    Ran ran = apply("masked_softmax", in, out, "--mask", masks.toString());
    assertEquals(0, ran.code(), ran.err());
    short[] y = {0x3800, 0, 0x3800};
    assertArrayEquals(Npy.file("<f2", "(3,)", Npy.bytes("<f2", y)), Npy.withoutPadding(out));
  }

  @Test
  void aMaskOfDoubles() throws IOException {
    byte[] x = Npy.bytes("<f8", 1.0, Double.NaN, 1.0);
    Path in = file("x.npy", Npy.file("<f8", "(3,)", x));
    Path masks = file("mask.npy", Npy.file("<f8", "(3,)", Npy.bytes("<f8", 1.0, 0.0, 1e-300)));
    Path out = dir.resolve("y.npy");
    Ran ran = apply("masked_softmax", in, out, "--mask", masks.toString());
    assertEquals(0, ran.code(), ran.err());
    byte[] y = Npy.bytes("<f8", 0.5, 0.0, 0.5);
    assertArrayEquals(Npy.file("<f8", "(3,)", y), Npy.withoutPadding(out));
  }

  /** In pieces as in one, whether a function draws over an axis or element by element. */
  @Test
  void aSeedDrawsTheSameNumbersInPieces() throws IOException {
    float[] x = sample(7 * 4);
    Path in = file("x.npy", Npy.file("<f4", "(7, 4)", x));
    Path out = dir.resolve("y.npy");
    Ran ran = apply("gumbel_softmax(tau=0.5)", in, out, "--seed=42");
    assertEquals(0, ran.code(), ran.err());
    Op gumbel = Op.of(Activation.of(Kind.GUMBEL_SOFTMAX, 0.5)).seeded(42).over(Geometry.rows(7, 4));
    assertArrayEquals(computed(s -> s.forward(gumbel, x)), Npy.values(out));
    assertEquals(0, apply("rrelu", in, out, "--seed=-1").code());
    assertArrayEquals(computed(s -> s.forward(Op.of(Kind.RRELU).seeded(-1), x)), Npy.values(out));
  }

  @Test
  void softmaxTakesTheLastAxisByItself() throws IOException {
    float[] x = sample(8);
    Path in = file("x.npy", Npy.file("<f4", "(4, 2)", x));
    apply("softmax", in, dir.resolve("default.npy"));
    apply("softmax", in, dir.resolve("last.npy"), "--axis=1");
    assertArrayEquals(
        Files.readAllBytes(dir.resolve("last.npy")),
        Files.readAllBytes(dir.resolve("default.npy")));
  }

  /** A gate halves its axis, crelu doubles it, and maxout takes as many as it is told for one. */
  @ParameterizedTest
  @CsvSource({
    "glu, 0, '(3, 4, 6)'",
    "swiglu, 1, '(6, 2, 6)'",
    "swiglu_clamped(limit=2), -1, '(6, 4, 3)'",
    "crelu, 1, '(6, 8, 6)'",
    "maxout(pieces=3), -1, '(6, 4, 2)'"
  })
  void piecesOfAnAxisChangeTheShape(String activation, int axis, String shape) throws IOException {
    float[] x = sample(6 * 4 * 6);
    Path in = file("x.npy", Npy.file("<f4", "(6, 4, 6)", x));
    Path out = dir.resolve("y.npy");
    Ran ran = apply(activation, in, out, "--axis=" + axis);
    assertEquals(0, ran.code(), ran.err());
    Op op = Op.of(Activation.parse(activation)).over(Geometry.of(axis, 6, 4, 6));
    assertArrayEquals(computed(s -> s.forward(op, x)), Npy.values(out));
    assertTrue(Files.readString(out, StandardCharsets.ISO_8859_1).contains(shape));
  }

  @Test
  void everyFormatGoesToEveryFormat() throws IOException {
    float[] x = {1.5f, -0f, Float.NaN, Float.NEGATIVE_INFINITY, 1e-45f, 16777217};
    Path npy = file("x.npy", Npy.file("<f4", "(3, 2)", x));
    Path csv = dir.resolve("x.csv");
    Path back = dir.resolve("back.npy");
    Path again = dir.resolve("again.csv");
    assertEquals(0, apply("linear", npy, csv).code());
    assertEquals("1.5,-0.0\nNaN,-Infinity\n1.4E-45,1.6777216E7\n", Files.readString(csv));
    assertEquals(0, apply("linear", csv, back).code());
    assertArrayEquals(x, Npy.values(back));
    assertEquals(0, apply("linear", csv, again).code());
    assertEquals(Files.readString(csv), Files.readString(again));
  }

  /** From each format to each of those that keep the bits of a name, a shape and a type. */
  @Test
  void tensorsKeepTheirNames() throws IOException {
    Path x = file("x.npy", Npy.file("<f4", "(2, 3)", sample(6)));
    Path tensors = dir.resolve("y.safetensors");
    Path archive = dir.resolve("y.npz");
    Path back = dir.resolve("back.npy");
    assertEquals(0, apply("linear", x, tensors, "--to-tensor", "gate").code());
    assertEquals(0, apply("linear", tensors, archive, "--tensor", "gate").code());
    assertEquals(0, apply("linear", archive, back, "--tensor", "gate").code());
    assertArrayEquals(Files.readAllBytes(reference(x)), Files.readAllBytes(back));
  }

  /** The same numbers by way of one format only. */
  private Path reference(Path x) throws IOException {
    Path reference = dir.resolve("reference.npy");
    assertEquals(0, apply("linear", x, reference).code());
    return reference;
  }

  @Test
  void bfloat16StaysBfloat16() throws IOException {
    // 1, -2, 0.5, the largest number, the smallest, infinity.
    short[] x = {0x3F80, (short) 0xC000, 0x3F00, 0x7F7F, 0x0001, 0x7F80};
    Path in = file("x.bin", Npy.bytes("<", x));
    Path tensors = dir.resolve("y.safetensors");
    Path out = dir.resolve("y.raw");
    Ran ran = apply("relu", in, tensors, "--dtype=bfloat16", "--shape=2,3");
    assertEquals(0, ran.code(), ran.err());
    assertTrue(Files.readString(tensors, StandardCharsets.ISO_8859_1).contains("\"BF16\""));
    assertEquals(0, apply("linear", tensors, out, "--order=big").code());
    x[1] = 0;
    assertArrayEquals(Npy.bytes(">", x), Files.readAllBytes(out));
  }

  @Test
  void integersAreConvertedOnRequest() throws IOException {
    Path in = file("x.npy", Npy.file("|i1", "(3,)", new byte[] {-1, 0, 127}));
    Path out = dir.resolve("y.npy");
    assertEquals(0, apply("relu", in, out, "--as=float32").code());
    assertArrayEquals(new float[] {0, 0, 127}, Npy.values(out));
    assertEquals(0, apply("relu", in, out, "--as=float64").code());
    assertArrayEquals(
        Npy.file("<f8", "(3,)", Npy.bytes("<f8", 0.0, 0.0, 127.0)), Npy.withoutPadding(out));
  }

  /** Its columns lie one after the other, and pieces of ten elements cut across them. */
  @Test
  void columnMajorFilesAreRead() throws IOException {
    float[] columns = new float[7 * 4];
    for (int i = 0; i < columns.length; i++) {
      columns[i % 4 * 7 + i / 4] = sample(28)[i];
    }
    String header = "{'descr': '<f4', 'fortran_order': True, 'shape': (7, 4), }";
    ByteBuffer data = ByteBuffer.allocate(28 * Float.BYTES).order(ByteOrder.LITTLE_ENDIAN);
    data.asFloatBuffer().put(columns);
    Path in = file("x.npy", Npy.file(header, data.array()));
    Path out = dir.resolve("y.npy");
    assertEquals(0, apply("softmax", in, out, "--axis=0").code());
    Op op = Op.of(Kind.SOFTMAX).over(Geometry.of(0, 7, 4));
    assertArrayEquals(computed(s -> s.forward(op, sample(28))), Npy.values(out));
  }

  @Test
  void aFormatMayBeSaid() throws IOException {
    Path in = file("x.txt", "-1,2\n".getBytes());
    Path out = dir.resolve("y.txt");
    assertEquals(0, apply("relu", in, out, "--format=csv", "--to-format=csv").code());
    assertEquals("0.0,2.0\n", Files.readString(out));
  }

  @Test
  void aMaskOfTruthValues() throws IOException {
    Path in = file("x.npy", Npy.file("<f4", "(3,)", 1, 1, 9));
    Path masks = file("mask.npy", Npy.file("|b1", "(3,)", new byte[] {1, 1, 0}));
    Path out = dir.resolve("y.npy");
    Ran ran = apply("masked_softmax", in, out, "--mask", masks.toString(), "--as=float32");
    assertEquals(0, ran.code(), ran.err());
    assertArrayEquals(new float[] {0.5f, 0.5f, 0}, Npy.values(out));
  }

  @Test
  void aVectorIsAColumn() throws IOException {
    Path out = dir.resolve("y.csv");
    apply("relu", file("x.npy", Npy.file("<f4", "(3,)", -1, 2, 3)), out);
    assertEquals("0.0\n2.0\n3.0\n", Files.readString(out));
  }

  @Test
  void aHeaderLineIsSkippedWhenAskedFor() throws IOException {
    Path in = file("x.csv", "a,b\n1,2\n".getBytes());
    Path out = dir.resolve("y.csv");
    assertEquals(0, apply("relu", in, out, "--header").code());
    assertEquals("1.0,2.0\n", Files.readString(out));
  }

  @Test
  void aFileMayReplaceItself() throws IOException {
    Path in = file("x.npy", Npy.file("<f4", "(30,)", sample(30)));
    Path link = Files.createSymbolicLink(dir.resolve("link.npy"), in);
    assertEquals(0, apply("relu", in, link).code());
    assertArrayEquals(computed(s -> s.forward(Op.of(Kind.RELU), sample(30))), Npy.values(in));
    assertTrue(Files.isSymbolicLink(link));
  }

  @Test
  void quietMeansSilent() throws IOException {
    Path in = file("x.npy", Npy.file("<f4", "(3,)", 1, 2, 3));
    assertEquals(new Ran(0, "", ""), apply("relu", in, dir.resolve("y.npy"), "--quiet"));
  }

  @Test
  void theDeviceIsWhatWasAskedFor() throws IOException {
    Path in = file("x.npy", Npy.file("<f4", "(3,)", 1, 2, 3));
    Ran ran = apply("relu", in, dir.resolve("y.npy"), "--device", "cpu:scalar");
    assertTrue(ran.err().contains("on cpu:scalar ("), ran.err());
    assertTrue(ran.err().contains("asked for by the selector 'cpu:scalar'"), ran.err());
  }

  /** It fails at the third of four pieces, when much is written already. */
  @Test
  void aFailingDeviceLeavesWhatWasThere() throws IOException {
    Path in = file("x.npy", Npy.file("<f4", "(40,)", sample(40)));
    Path out = file("y.npy", new byte[] {1, 2, 3});
    DeviceSource brittle = FixedDevices.of(new BrittleDevice(2, Optional.empty()));
    Ran ran = Ran.on(brittle, "apply", "relu", in.toString(), out.toString(), "-q");
    assertEquals(1, ran.code());
    assertEquals(
        "activations apply: shatter failed with OUT_OF_GLASS (-5): use steel\n", ran.err());
    assertArrayEquals(new byte[] {1, 2, 3}, Files.readAllBytes(out));
    try (Stream<Path> files = Files.list(dir)) {
      assertEquals(2, files.count(), "the temporary file is gone");
    }
  }
}
