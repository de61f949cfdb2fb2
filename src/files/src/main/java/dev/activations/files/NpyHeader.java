package dev.activations.files;

import dev.activations.api.Dtype;
import java.io.IOException;
import java.math.BigInteger;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * The beginning of a {@code .npy} file: a magic number, a version, and a Python dictionary that
 * gives the type, the order and the shape. Specification: NumPy's {@code numpy.lib.format},
 * versions 1.0 to 3.0.
 */
final class NpyHeader {
  private static final byte[] MAGIC = {(byte) 0x93, 'N', 'U', 'M', 'P', 'Y'};
  private static final Set<String> KEYS = Set.of("descr", "fortran_order", "shape");

  /** The data begins at a multiple of this many bytes, so that it can be mapped. */
  private static final int ALIGNMENT = 64;

  /** NumPy's own headers are far shorter; a larger length is damage, and not to be allocated. */
  private static final int LONGEST = 1 << 16;

  private NpyHeader() {}

  /** Reads a header and leaves the input at the first element. */
  static Layout read(Input in) throws IOException {
    ByteBuffer start = bytes(in, MAGIC.length + 2);
    byte[] magic = new byte[MAGIC.length];
    start.get(magic);
    if (!Arrays.equals(magic, MAGIC)) {
      throw in.wrong(
          "wrong magic number: expected a .npy file, which begins with the bytes %s, got %s",
          hex(MAGIC), hex(magic));
    }
    int major = start.get() & 0xFF;
    int minor = start.get() & 0xFF;
    if (major < 1 || major > 3 || minor != 0) {
      throw in.wrong("expected .npy version 1.0, 2.0 or 3.0, got %d.%d", major, minor);
    }
    long length =
        major == 1
            ? Short.toUnsignedInt(bytes(in, Short.BYTES).getShort())
            : Integer.toUnsignedLong(bytes(in, Integer.BYTES).getInt());
    if (length > LONGEST) {
      throw malformed(in, "expected at most %d bytes, got %d".formatted(LONGEST, length));
    }
    return parse(StandardCharsets.UTF_8.decode(bytes(in, (int) length)).toString(), in);
  }

  /**
   * Returns a header, version 1.0.
   *
   * @throws InputException if NumPy does not have the type
   */
  static byte[] encode(String file, Dtype dtype, ByteOrder order, long... shape) {
    String type =
        ElementType.of(dtype)
            .numpy()
            .orElseThrow(
                () ->
                    InputException.in(
                        file,
                        "NumPy has no %s; write another format, or convert with --as float32",
                        dtype.label()));
    String sizes = Arrays.stream(shape).mapToObj(Long::toString).collect(Collectors.joining(", "));
    String dictionary =
        "{'descr': '%s', 'fortran_order': False, 'shape': (%s%s), }"
            .formatted(
                (order == ByteOrder.BIG_ENDIAN ? ">" : "<") + type,
                sizes,
                shape.length == 1 ? "," : "");
    int before = MAGIC.length + 2 + Short.BYTES;
    int unpadded = before + dictionary.length() + 1;
    int total = (unpadded + ALIGNMENT - 1) / ALIGNMENT * ALIGNMENT;
    String padded = dictionary + " ".repeat(total - unpadded) + "\n";
    return ByteBuffer.allocate(total)
        .order(ByteOrder.LITTLE_ENDIAN)
        .put(MAGIC)
        .put((byte) 1)
        .put((byte) 0)
        .putShort((short) (total - before))
        .put(padded.getBytes(StandardCharsets.US_ASCII))
        .array();
  }

  private static Layout parse(String text, Input in) {
    Object literal;
    try {
      literal = PythonLiteral.parse(text);
    } catch (IllegalArgumentException e) {
      throw malformed(in, e.getMessage());
    }
    if (!(literal instanceof Map<?, ?> entries && entries.keySet().equals(KEYS))) {
      throw malformed(
          in,
          "expected a dictionary of descr, fortran_order and shape, got "
              + InputException.shown(literal));
    }
    Object descr = entries.get("descr");
    ElementType type = type(descr).orElseThrow(() -> unknown(descr, in));
    ByteOrder order =
        descr.toString().startsWith(">") ? ByteOrder.BIG_ENDIAN : ByteOrder.LITTLE_ENDIAN;
    if (!(entries.get("fortran_order") instanceof Boolean fortran)) {
      throw malformed(in, "fortran_order must be True or False");
    }
    if (!(entries.get("shape") instanceof List<?> sizes)) {
      throw malformed(in, "shape must be a tuple of integers");
    }
    return new Layout(shape(sizes, type, in), type, order, fortran);
  }

  /** Returns the type that NumPy so describes, if it is one of those that are read. */
  private static Optional<ElementType> type(Object descr) {
    return Arrays.stream(ElementType.values())
        .filter(type -> type.numpy().isPresent())
        .filter(
            type ->
                descr instanceof String text
                    && text.matches((type.bytes() == 1 ? "[|<>]" : "[<>]") + type.numpy().get()))
        .findFirst();
  }

  private static InputException unknown(Object descr, Input in) {
    String what;
    if (!(descr instanceof String type)) {
      what =
          "a structured dtype, %s; save one of its fields".formatted(InputException.shown(descr));
    } else if (type.endsWith("O")) {
      what = "an object array, which holds Python objects; save array.astype('float32')";
    } else if (type.endsWith("V2")) {
      what =
          "'%s'; NumPy has no bfloat16, save array.astype('float32')"
              .formatted(InputException.shown(type));
    } else {
      what = "'%s'; save array.astype('float32')".formatted(InputException.shown(type));
    }
    return in.wrong(
        "expected dtype float16, float32 or float64 ('<f2', '<f4', '<f8'), got %s", what);
  }

  private static long[] shape(List<?> sizes, ElementType type, Input in) {
    List<BigInteger> integers = new ArrayList<>();
    for (Object size : sizes) {
      if (!(size instanceof BigInteger integer)) {
        throw malformed(
            in, "shape must be a tuple of integers, got " + InputException.shown(sizes));
      }
      integers.add(integer);
    }
    return Layout.shape(in, integers, type);
  }

  private static InputException malformed(Input in, String why) {
    return in.wrong("malformed .npy header: %s", why);
  }

  private static ByteBuffer bytes(Input in, int count) throws IOException {
    return in.bytes(count, "the .npy header");
  }

  private static String hex(byte[] bytes) {
    return HexFormat.ofDelimiter(" ").formatHex(bytes);
  }
}
