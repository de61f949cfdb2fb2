package dev.activations.files;

import dev.activations.api.Dtype;
import dev.activations.cpu.scalar.SmallFloats;
import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.Optional;
import java.util.stream.Collectors;

/**
 * The types of the elements in files, named as {@code .safetensors} names them. Activations are of
 * floating-point numbers; integers and truth values are read as such on request.
 */
public enum ElementType {
  /** IEEE 754 binary32. */
  F32(Dtype.F32, "f4"),
  /** IEEE 754 binary64. */
  F64(Dtype.F64, "f8"),
  /** IEEE 754 binary16. */
  F16(Dtype.F16, "f2"),
  /** The upper half of a binary32; NumPy does not have it. */
  BF16(Dtype.BF16, null),
  /** An integer of 8 bits. */
  I8("int8", 1, "i1"),
  /** An integer of 16 bits. */
  I16("int16", 2, "i2"),
  /** An integer of 32 bits. */
  I32("int32", 4, "i4"),
  /** An integer of 64 bits. */
  I64("int64", 8, "i8"),
  /** An integer of 8 bits, without sign. */
  U8("uint8", 1, "u1"),
  /** An integer of 16 bits, without sign. */
  U16("uint16", 2, "u2"),
  /** An integer of 32 bits, without sign. */
  U32("uint32", 4, "u4"),
  /** An integer of 64 bits, without sign. */
  U64("uint64", 8, "u8"),
  /** True or false in a byte; any but 0 is true, which is read as 1. */
  BOOL("bool", 1, "b1");

  private final String label;
  private final int bytes;
  private final Optional<String> numpy;
  private final Optional<Dtype> dtype;

  ElementType(Dtype dtype, String numpy) {
    this.label = dtype.label();
    this.bytes = dtype.bytes();
    this.numpy = Optional.ofNullable(numpy);
    this.dtype = Optional.of(dtype);
  }

  ElementType(String label, int bytes, String numpy) {
    this.label = label;
    this.bytes = bytes;
    this.numpy = Optional.of(numpy);
    this.dtype = Optional.empty();
  }

  /** Returns the type of this name, {@code float32} for instance. */
  public static ElementType named(String label) {
    return Arrays.stream(values())
        .filter(type -> type.label.equals(label))
        .findFirst()
        .orElseThrow(
            () ->
                new InputException(
                    "unknown type '%s'; expected one of %s"
                        .formatted(
                            InputException.shown(label),
                            Arrays.stream(values())
                                .map(ElementType::label)
                                .collect(Collectors.joining(", ")))));
  }

  /** Returns the stored form of a type. */
  static ElementType of(Dtype dtype) {
    return valueOf(dtype.name());
  }

  /** Returns the name, which is NumPy's where it has the type. */
  public String label() {
    return label;
  }

  /** Returns the size of an element in bytes. */
  public int bytes() {
    return bytes;
  }

  /** Returns what NumPy calls the type after the sign of its byte order, if it has it. */
  Optional<String> numpy() {
    return numpy;
  }

  /** Returns the type that activations are computed in, unless it has to be asked for. */
  Optional<Dtype> dtype() {
    return dtype;
  }

  /** Returns the element at a place as a float, rounded to nearest at most once. */
  float toFloat(ByteBuffer elements, int at) {
    if (this == I64) {
      return elements.getLong(at);
    }
    if (this == U64) {
      long bits = elements.getLong(at);
      // Half of it, with what is lost kept in the last bit, so that ties stay what they are.
      return bits >= 0 ? bits : (float) (bits >>> 1 | bits & 1) * 2;
    }
    return (float) toDouble(elements, at);
  }

  /** Returns the element at a place as a double, rounded to nearest if it has 64 bits. */
  double toDouble(ByteBuffer elements, int at) {
    return switch (this) {
      case F32 -> elements.getFloat(at);
      case F64 -> elements.getDouble(at);
      case F16 -> SmallFloats.widenFloat16(elements.getShort(at));
      case BF16 -> SmallFloats.widenBfloat16(elements.getShort(at));
      case I8 -> elements.get(at);
      case I16 -> elements.getShort(at);
      case I32 -> elements.getInt(at);
      case I64 -> elements.getLong(at);
      case U8 -> Byte.toUnsignedInt(elements.get(at));
      case U16 -> Short.toUnsignedInt(elements.getShort(at));
      case U32 -> Integer.toUnsignedLong(elements.getInt(at));
      case U64 -> {
        long bits = elements.getLong(at);
        yield bits >= 0 ? bits : (double) (bits >>> 1 | bits & 1) * 2;
      }
      case BOOL -> elements.get(at) == 0 ? 0 : 1;
    };
  }
}
