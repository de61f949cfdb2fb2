// Elements of 16 bits: float16 is IEEE 754's binary16, bfloat16 the upper half of a float. They are
// storage only; arithmetic is in float32. Integers and exact operations on floats, so that every
// device gets the same bits: values too small for the type's normal numbers become subnormal, too
// large ones infinite, all is rounded to nearest, ties to even, and there is one NaN of each type.

// The float that a float16 is.
INLINE float widen_float16(ushort bits) {
  uint magnitude = bits & 0x7FFFu;
  // In the place of a float's bits it is too small by the difference of the biases, 112.
  float value = as_float(magnitude << 13) * 0x1p112f;
  float special = as_float(magnitude == 0x7C00u ? 0x7F800000u : 0x7FC00000u);
  float r = magnitude < 0x7C00u ? value : special;
  uint sign = magnitude > 0x7C00u ? 0u : (bits & 0x8000u) << 16;
  return as_float(as_uint(r) | sign);
}

// The float16 that is nearest to a float.
INLINE ushort narrow_float16(float x) {
  uint magnitude = as_uint(x) & 0x7FFFFFFFu;
  // Half a unit less one bit, and that bit where the last one kept is odd; then the biases differ.
  uint normal = ((magnitude + 0xFFFu + ((magnitude >> 13) & 1u)) >> 13) - (112u << 10);
  // The last bit of a float from 0.5 on is that of a subnormal, so that adding 0.5 rounds to it.
  uint subnormal = as_uint(as_float(magnitude) + 0.5f) - 0x3F000000u;
  uint r = magnitude < 0x38800000u ? subnormal : normal;
  // From 65520 on.
  r = magnitude < 0x477FF000u ? r : 0x7C00u;
  r |= (as_uint(x) >> 16) & 0x8000u;
  return (ushort)(x == x ? r : 0x7E00u);
}

// The float that a bfloat16 is.
INLINE float widen_bfloat16(ushort bits) {
  float x = as_float((uint)bits << 16);
  return quiet(x, x);
}

// The bfloat16 that is nearest to a float.
INLINE ushort narrow_bfloat16(float x) {
  uint bits = as_uint(x);
  uint r = (bits + 0x7FFFu + ((bits >> 16) & 1u)) >> 16;
  return (ushort)(x == x ? r : 0x7FC0u);
}
