package dev.activations.cli;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;

/** Bytes of {@code .npy} files, put together without the code under test. */
final class Npy {

  private Npy() {}

  /** A version 1.0 file with this dictionary, then these bytes. */
  static byte[] file(String dictionary, byte[] data) {
    byte[] text = dictionary.getBytes(StandardCharsets.ISO_8859_1);
    ByteArrayOutputStream file = new ByteArrayOutputStream();
    file.writeBytes(new byte[] {(byte) 0x93, 'N', 'U', 'M', 'P', 'Y', 1, 0});
    file.write(text.length);
    file.write(text.length >> 8);
    file.writeBytes(text);
    file.writeBytes(data);
    return file.toByteArray();
  }

  /** A file of float32 values. */
  static byte[] file(String descr, String shape, float... values) {
    ByteBuffer data = ByteBuffer.allocate(values.length * Float.BYTES).order(order(descr));
    data.asFloatBuffer().put(values);
    return file(
        "{'descr': '%s', 'fortran_order': False, 'shape': %s, }".formatted(descr, shape),
        data.array());
  }

  /** A file of elements that are bytes already. */
  static byte[] file(String descr, String shape, byte[] data) {
    return file(
        "{'descr': '%s', 'fortran_order': False, 'shape': %s, }".formatted(descr, shape), data);
  }

  /** The bytes of doubles, in the order that a type says. */
  static byte[] bytes(String descr, double... values) {
    ByteBuffer data = ByteBuffer.allocate(values.length * Double.BYTES).order(order(descr));
    data.asDoubleBuffer().put(values);
    return data.array();
  }

  /** The bytes of float16 elements, in the order that a type says. */
  static byte[] bytes(String descr, short... bits) {
    ByteBuffer data = ByteBuffer.allocate(bits.length * Short.BYTES).order(order(descr));
    data.asShortBuffer().put(bits);
    return data.array();
  }

  private static ByteOrder order(String descr) {
    return descr.startsWith(">") ? ByteOrder.BIG_ENDIAN : ByteOrder.LITTLE_ENDIAN;
  }

  /** The bytes of a version 1.0 file, but for the blanks and the line's end after its header. */
  static byte[] withoutPadding(Path file) throws IOException {
    ByteBuffer bytes = ByteBuffer.wrap(Files.readAllBytes(file)).order(ByteOrder.LITTLE_ENDIAN);
    byte[] header = new byte[bytes.getShort(8)];
    bytes.position(10).get(header);
    byte[] data = new byte[bytes.remaining()];
    bytes.get(data);
    return file(new String(header, StandardCharsets.ISO_8859_1).strip(), data);
  }

  /** The values of a little-endian version 1.0 file. */
  static float[] values(Path file) throws IOException {
    ByteBuffer bytes = ByteBuffer.wrap(Files.readAllBytes(file)).order(ByteOrder.LITTLE_ENDIAN);
    int header = 10 + bytes.getShort(8);
    float[] values = new float[(bytes.capacity() - header) / Float.BYTES];
    bytes.position(header).slice().order(ByteOrder.LITTLE_ENDIAN).asFloatBuffer().get(values);
    return values;
  }
}
