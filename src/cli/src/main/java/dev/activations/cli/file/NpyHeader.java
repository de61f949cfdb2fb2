package dev.activations.cli.file;

import dev.activations.api.Dtype;
import java.io.IOException;
import java.math.BigInteger;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * The beginning of a {@code .npy} file: a magic number, a version, and a Python dictionary that
 * gives the type, the order and the shape. Specification: NumPy's {@code numpy.lib.format},
 * versions 1.0 to 3.0.
 *
 * @param shape the sizes of the axes; the bytes of all elements are known to fit a {@code long}
 * @param dtype the type of the elements
 * @param order their byte order
 */
record NpyHeader(long[] shape, Dtype dtype, ByteOrder order) {
  /** The types that NumPy has, and what it calls them after the sign of the byte order. */
  private static final Map<Dtype, String> TYPES =
      Map.of(Dtype.F32, "f4", Dtype.F64, "f8", Dtype.F16, "f2");

  private static final Map<ByteOrder, String> ORDERS =
      Map.of(ByteOrder.LITTLE_ENDIAN, "<", ByteOrder.BIG_ENDIAN, ">");

  private static final byte[] MAGIC = {(byte) 0x93, 'N', 'U', 'M', 'P', 'Y'};
  private static final Set<String> KEYS = Set.of("descr", "fortran_order", "shape");

  /** The data begins at a multiple of this many bytes, so that it can be mapped. */
  private static final int ALIGNMENT = 64;

  /** NumPy's own headers are far shorter; a larger length is damage, and not to be allocated. */
  private static final int LONGEST = 1 << 16;

  /** Reads a header and leaves the channel at the first element. */
  static NpyHeader read(FileChannel from, Path file) throws IOException {
    ByteBuffer start = bytes(from, file, MAGIC.length + 2);
    byte[] magic = new byte[MAGIC.length];
    start.get(magic);
    if (!Arrays.equals(magic, MAGIC)) {
      throw InputException.in(
          file,
          "wrong magic number: expected a .npy file, which begins with the bytes %s, got %s",
          hex(MAGIC),
          hex(magic));
    }
    int major = start.get() & 0xFF;
    int minor = start.get() & 0xFF;
    if (major < 1 || major > 3 || minor != 0) {
      throw InputException.in(
          file, "expected .npy version 1.0, 2.0 or 3.0, got %d.%d", major, minor);
    }
    long length =
        major == 1
            ? Short.toUnsignedInt(bytes(from, file, Short.BYTES).getShort())
            : Integer.toUnsignedLong(bytes(from, file, Integer.BYTES).getInt());
    if (length > LONGEST) {
      throw malformed(file, "expected at most %d bytes, got %d".formatted(LONGEST, length));
    }
    return parse(StandardCharsets.UTF_8.decode(bytes(from, file, (int) length)).toString(), file);
  }

  /** Returns a header, version 1.0. */
  static byte[] encode(Dtype dtype, ByteOrder order, long... shape) {
    String sizes = Arrays.stream(shape).mapToObj(Long::toString).collect(Collectors.joining(", "));
    String dictionary =
        "{'descr': '%s', 'fortran_order': False, 'shape': (%s%s), }"
            .formatted(ORDERS.get(order) + TYPES.get(dtype), sizes, shape.length == 1 ? "," : "");
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

  private static NpyHeader parse(String text, Path file) {
    Object literal;
    try {
      literal = PythonLiteral.parse(text);
    } catch (IllegalArgumentException e) {
      throw malformed(file, e.getMessage());
    }
    if (!(literal instanceof Map<?, ?> entries && entries.keySet().equals(KEYS))) {
      throw malformed(
          file, "expected a dictionary of descr, fortran_order and shape, got " + shown(literal));
    }
    String descr = descr(entries.get("descr"), file);
    Dtype dtype =
        TYPES.keySet().stream()
            .filter(type -> descr.endsWith(TYPES.get(type)))
            .findFirst()
            .orElseThrow();
    ByteOrder order =
        descr.startsWith(ORDERS.get(ByteOrder.BIG_ENDIAN))
            ? ByteOrder.BIG_ENDIAN
            : ByteOrder.LITTLE_ENDIAN;
    if (!(entries.get("fortran_order") instanceof Boolean fortran)) {
      throw malformed(file, "fortran_order must be True or False");
    }
    if (fortran) {
      throw InputException.in(
          file,
          "expected row-major (C) order, got Fortran order;"
              + " save numpy.ascontiguousarray(array) instead");
    }
    if (!(entries.get("shape") instanceof List<?> sizes)) {
      throw malformed(file, "shape must be a tuple of integers");
    }
    return new NpyHeader(shape(sizes, dtype, file), dtype, order);
  }

  /** Checks that a type is one of those that are read. */
  private static String descr(Object descr, Path file) {
    if (descr instanceof String type && type.matches("[<>]f[248]")) {
      return type;
    }
    String what;
    if (!(descr instanceof String type)) {
      what = "a structured dtype, %s; save one of its fields".formatted(shown(descr));
    } else if (type.endsWith("O")) {
      what = "an object array, which holds Python objects; save array.astype('float32')";
    } else if (type.endsWith("V2")) {
      what = "'%s'; NumPy has no bfloat16, save array.astype('float32')".formatted(shown(type));
    } else {
      what = "'%s'; save array.astype('float32')".formatted(shown(type));
    }
    throw InputException.in(
        file, "expected dtype float16, float32 or float64 ('<f2', '<f4', '<f8'), got %s", what);
  }

  private static long[] shape(List<?> sizes, Dtype dtype, Path file) {
    long[] shape = new long[sizes.size()];
    BigInteger bytes = BigInteger.valueOf(dtype.bytes());
    for (int i = 0; i < shape.length; i++) {
      if (!(sizes.get(i) instanceof BigInteger size)) {
        throw malformed(file, "shape must be a tuple of integers, got " + shown(sizes));
      }
      if (size.signum() < 0) {
        throw InputException.in(file, "expected sizes of 0 or more, got shape %s", shown(sizes));
      }
      // A size of 0 counts as 1, so that products of some of the sizes cannot overflow either.
      bytes = bytes.multiply(size.max(BigInteger.ONE));
      if (bytes.bitLength() > 63) {
        throw InputException.in(file, "expected less than 2^63 bytes, got shape %s", shown(sizes));
      }
      shape[i] = size.longValue();
    }
    return shape;
  }

  private static InputException malformed(Path file, String why) {
    return InputException.in(file, "malformed .npy header: %s", why);
  }

  /** What a header says, cut to a line. */
  private static String shown(Object value) {
    String text = String.valueOf(value).replaceAll("\\p{Cntrl}", "?");
    return text.length() <= 80 ? text : text.substring(0, 80) + "...";
  }

  private static ByteBuffer bytes(FileChannel from, Path file, int count) throws IOException {
    ByteBuffer bytes = ByteBuffer.allocate(count).order(ByteOrder.LITTLE_ENDIAN);
    while (bytes.hasRemaining()) {
      if (from.read(bytes) < 0) {
        throw InputException.in(
            file, "truncated: the file ends inside the .npy header, after %d bytes", from.size());
      }
    }
    return bytes.flip();
  }

  private static String hex(byte[] bytes) {
    return HexFormat.ofDelimiter(" ").formatHex(bytes);
  }
}
