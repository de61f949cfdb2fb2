package dev.activations.verify;

import dev.activations.api.DeviceBuffer;
import dev.activations.api.Dtype;
import dev.activations.api.Session;
import dev.activations.cpu.scalar.SmallFloats;
import java.nio.Buffer;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.DoubleBuffer;
import java.nio.FloatBuffer;
import java.nio.ShortBuffer;
import java.util.Arrays;
import java.util.stream.IntStream;

/**
 * Elements of any type, as their bits.
 *
 * @param dtype the type
 * @param bits the bits of each element, in the low bits of a long
 */
record Values(Dtype dtype, long[] bits) {

  /** All elements of a type of 16 bits. */
  static Values all(Dtype dtype) {
    long[] bits = new long[1 << Short.SIZE];
    Arrays.setAll(bits, i -> i);
    return new Values(dtype, bits);
  }

  /** Floats, rounded to a type of fewer bits by {@link SmallFloats}. */
  static Values of(Dtype dtype, float... numbers) {
    long[] bits = new long[numbers.length];
    Arrays.setAll(
        bits,
        i ->
            switch (dtype) {
              case F32 -> Integer.toUnsignedLong(Float.floatToRawIntBits(numbers[i]));
              case F64 -> Double.doubleToRawLongBits(numbers[i]);
              case F16 -> Short.toUnsignedLong(SmallFloats.narrowFloat16(numbers[i]));
              case BF16 -> Short.toUnsignedLong(SmallFloats.narrowBfloat16(numbers[i]));
            });
    return new Values(dtype, bits);
  }

  static Values of(double... numbers) {
    return new Values(
        Dtype.F64, Arrays.stream(numbers).mapToLong(Double::doubleToRawLongBits).toArray());
  }

  int count() {
    return bits.length;
  }

  /** Returns the elements as floats, which all types but float64 are. */
  float[] floats() {
    float[] floats = new float[bits.length];
    for (int i = 0; i < floats.length; i++) {
      floats[i] = (float) number(i);
    }
    return floats;
  }

  /** Returns the elements as numbers, exactly. */
  double[] numbers() {
    return IntStream.range(0, count()).mapToDouble(this::number).toArray();
  }

  /** Returns an element as a number, exactly. */
  double number(int i) {
    return switch (dtype) {
      case F32 -> Float.intBitsToFloat((int) bits[i]);
      case F64 -> Double.longBitsToDouble(bits[i]);
      case F16 -> SmallFloats.widenFloat16((short) bits[i]);
      case BF16 -> SmallFloats.widenBfloat16((short) bits[i]);
    };
  }

  /** Returns the first elements, repeated as often as needed. */
  Values cycled(int count) {
    long[] repeated = new long[count];
    Arrays.setAll(repeated, i -> bits[i % bits.length]);
    return new Values(dtype, repeated);
  }

  Values slice(int from, int count) {
    return new Values(dtype, Arrays.copyOfRange(bits, from, from + count));
  }

  /** Returns these elements between others, which have a pattern that no function gives. */
  Values guarded(int guards) {
    long[] guarded = new long[bits.length + 2 * guards];
    Arrays.fill(guarded, guard(dtype));
    System.arraycopy(bits, 0, guarded, guards, bits.length);
    return new Values(dtype, guarded);
  }

  /** Returns whether nobody has touched what {@link #guarded} put around the elements. */
  boolean isGuarded(int guards) {
    for (int i = 0; i < bits.length; i++) {
      if ((i < guards || i >= bits.length - guards) && bits[i] != guard(dtype)) {
        return false;
      }
    }
    return true;
  }

  private static long guard(Dtype dtype) {
    return 0x5EEDBEEF5EEDBEEFL >>> (Long.SIZE - 8 * dtype.bytes());
  }

  /** Writes an element for people. */
  String text(int i) {
    return "%s (0x%0{width}x)"
        .replace("{width}", Integer.toString(2 * dtype.bytes()))
        .formatted(number(i), bits[i]);
  }

  DeviceBuffer upload(Session session) {
    DeviceBuffer buffer = session.allocate(dtype, count());
    Buffer host = buffer(ByteOrder.nativeOrder(), 0);
    switch (dtype) {
      case F32 -> session.write((FloatBuffer) host, buffer);
      case F64 -> session.write((DoubleBuffer) host, buffer);
      case F16, BF16 -> session.write((ShortBuffer) host, buffer);
    }
    return buffer;
  }

  static Values download(Session session, DeviceBuffer buffer) {
    Values values = new Values(buffer.dtype(), new long[(int) buffer.count()]);
    Buffer host = values.buffer(ByteOrder.nativeOrder(), 0);
    switch (buffer.dtype()) {
      case F32 -> session.read(buffer, (FloatBuffer) host);
      case F64 -> session.read(buffer, (DoubleBuffer) host);
      case F16, BF16 -> session.read(buffer, (ShortBuffer) host);
    }
    return of(buffer.dtype(), host);
  }

  /**
   * Returns a direct buffer in a byte order that holds all elements.
   *
   * @param guards how many of them, at either end, lie outside its position and limit
   */
  Buffer buffer(ByteOrder order, int guards) {
    ByteBuffer bytes = ByteBuffer.allocateDirect(count() * dtype.bytes()).order(order);
    for (int i = 0; i < bits.length; i++) {
      int at = i * dtype.bytes();
      switch (dtype) {
        case F32 -> bytes.putInt(at, (int) bits[i]);
        case F64 -> bytes.putLong(at, bits[i]);
        case F16, BF16 -> bytes.putShort(at, (short) bits[i]);
      }
    }
    Buffer buffer =
        switch (dtype) {
          case F32 -> bytes.asFloatBuffer();
          case F64 -> bytes.asDoubleBuffer();
          case F16, BF16 -> bytes.asShortBuffer();
        };
    return buffer.limit(count() - guards).position(guards);
  }

  /** Returns all elements of a buffer, whatever its position and limit. */
  static Values of(Dtype dtype, Buffer buffer) {
    Buffer whole = buffer.duplicate().clear();
    long[] bits = new long[whole.limit()];
    for (int i = 0; i < bits.length; i++) {
      bits[i] =
          switch (dtype) {
            case F32 ->
                Integer.toUnsignedLong(Float.floatToRawIntBits(((FloatBuffer) whole).get(i)));
            case F64 -> Double.doubleToRawLongBits(((DoubleBuffer) whole).get(i));
            case F16, BF16 -> Short.toUnsignedLong(((ShortBuffer) whole).get(i));
          };
    }
    return new Values(dtype, bits);
  }
}
