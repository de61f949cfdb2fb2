package dev.activations.cpu.scalar;

import static dev.activations.cpu.scalar.Arithmetic.quiet;

/**
 * Elements of 16 bits: float16 is IEEE 754's binary16, bfloat16 the upper half of a float. They are
 * storage only; arithmetic is in float32. Integers and exact operations on floats, so that every
 * device gets the same bits: values too small for the type's normal numbers become subnormal, too
 * large ones infinite, all is rounded to nearest, ties to even, and there is one NaN of each type.
 */
public final class SmallFloats {
  private SmallFloats() {}

  /** The float that a float16 is. */
  public static float widenFloat16(short bits) {
    int magnitude = bits & 0x7FFF;
    // In the place of a float's bits it is too small by the difference of the biases, 112.
    float value = Float.intBitsToFloat(magnitude << 13) * 0x1p112f;
    float special = Float.intBitsToFloat(magnitude == 0x7C00 ? 0x7F800000 : 0x7FC00000);
    float r = magnitude < 0x7C00 ? value : special;
    int sign = magnitude > 0x7C00 ? 0 : (bits & 0x8000) << 16;
    return Float.intBitsToFloat(Float.floatToRawIntBits(r) | sign);
  }

  /** The float16 that is nearest to a float. */
  public static short narrowFloat16(float x) {
    int magnitude = Float.floatToRawIntBits(x) & 0x7FFFFFFF;
    // Half a unit less one bit, and that bit where the last one kept is odd; then the biases
    // differ.
    int normal = ((magnitude + 0xFFF + ((magnitude >> 13) & 1)) >> 13) - (112 << 10);
    // The last bit of a float from 0.5 on is that of a subnormal, so that adding 0.5 rounds to it.
    int subnormal = Float.floatToRawIntBits(Float.intBitsToFloat(magnitude) + 0.5f) - 0x3F000000;
    int r = magnitude < 0x38800000 ? subnormal : normal;
    // From 65520 on.
    r = magnitude < 0x477FF000 ? r : 0x7C00;
    r |= (Float.floatToRawIntBits(x) >> 16) & 0x8000;
    return (short) (x == x ? r : 0x7E00);
  }

  /** The float that a bfloat16 is. */
  public static float widenBfloat16(short bits) {
    float x = Float.intBitsToFloat(bits << 16);
    return quiet(x, x);
  }

  /** The bfloat16 that is nearest to a float. */
  public static short narrowBfloat16(float x) {
    int bits = Float.floatToRawIntBits(x);
    int r = (bits + 0x7FFF + ((bits >> 16) & 1)) >> 16;
    return (short) (x == x ? r : 0x7FC0);
  }
}
