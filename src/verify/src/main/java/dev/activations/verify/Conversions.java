package dev.activations.verify;

import dev.activations.api.DeviceBuffer;
import dev.activations.api.Dtype;
import dev.activations.api.Session;
import dev.activations.verify.Checks.Notes;
import java.util.Arrays;
import java.util.List;

/**
 * What conversions between float32 and a type of 16 bits are to give: what an element is, from its
 * exponent and mantissa; and what a float is rounded to, by search among all elements. Shares no
 * formula with the library.
 *
 * @param dtype the type
 * @param mantissa how many bits the mantissa has
 * @param nan the one NaN
 */
record Conversions(Dtype dtype, int mantissa, int nan) {
  static final List<Conversions> ALL =
      List.of(new Conversions(Dtype.F16, 10, 0x7E00), new Conversions(Dtype.BF16, 7, 0x7FC0));

  private static final int SIGN = 0x8000;

  /** Holds a device against these values. */
  static void check(Session session, Notes notes) {
    for (Conversions type : ALL) {
      Values all = Values.all(type.dtype);
      float[] floats = type.inputs();
      Values inputs = Values.of(Dtype.F32, floats);
      try (DeviceBuffer elements = all.upload(session);
          DeviceBuffer widened = session.allocate(Dtype.F32, all.count());
          DeviceBuffer numbers = inputs.upload(session);
          DeviceBuffer narrowed = session.allocate(type.dtype, inputs.count());
          DeviceBuffer uploaded = session.upload(type.dtype, floats)) {
        session.convert(elements, widened);
        session.convert(numbers, narrowed);
        String name = type.dtype.label();
        Values rounded = type.narrowed(floats);
        notes.compare(name + " to float32", all, type.widened(), Values.download(session, widened));
        notes.compare(
            name + " downloaded as floats",
            all,
            type.widened(),
            Values.of(Dtype.F32, session.download(elements)));
        notes.compare(name + " from float32", inputs, rounded, Values.download(session, narrowed));
        notes.compare(
            name + " of uploaded floats", inputs, rounded, Values.download(session, uploaded));
      }
    }
  }

  /** All elements of the type, as float32. */
  Values widened() {
    long[] bits = new long[1 << Short.SIZE];
    for (int i = 0; i < bits.length; i++) {
      int magnitude = i & ~SIGN;
      float value =
          magnitude < infinity()
              ? (float) value(magnitude)
              : magnitude == infinity() ? Float.POSITIVE_INFINITY : Float.NaN;
      boolean negative = i >= SIGN && value == value;
      bits[i] = Integer.toUnsignedLong(Float.floatToRawIntBits(negative ? -value : value));
    }
    return new Values(Dtype.F32, bits);
  }

  /** What floats are rounded to. */
  Values narrowed(float... floats) {
    double[] values = new double[infinity() + 1];
    Arrays.setAll(values, this::value);
    long[] bits = new long[floats.length];
    for (int i = 0; i < bits.length; i++) {
      int sign = Float.floatToRawIntBits(floats[i]) < 0 ? SIGN : 0;
      bits[i] = floats[i] == floats[i] ? nearest(values, Math.abs(floats[i])) | sign : nan;
    }
    return new Values(dtype, bits);
  }

  /** Where roundings change, their neighbours, and numbers of all kinds. */
  float[] inputs() {
    float[] edges = new float[2 * 6 * infinity()];
    int at = 0;
    for (int i = 0; i < infinity(); i++) {
      float value = (float) value(i);
      float middle = (float) ((value(i) + value(i + 1)) / 2);
      for (float each : new float[] {value, middle}) {
        for (float near : new float[] {each, Math.nextUp(each), Math.nextDown(each)}) {
          edges[at++] = near;
          edges[at++] = -near;
        }
      }
    }
    return Samples.join(
        edges, Samples.patterns(), Samples.bits(1 << 16), Samples.uniform(1 << 14, 10));
  }

  private static int nearest(double[] values, double magnitude) {
    int found = Arrays.binarySearch(values, magnitude);
    if (found >= 0) {
      return found;
    }
    int above = ~found;
    if (above == values.length) {
      return values.length - 1;
    }
    double up = values[above] - magnitude;
    double down = magnitude - values[above - 1];
    return up < down || up == down && above % 2 == 0 ? above : above - 1;
  }

  /** The bits of infinity. */
  private int infinity() {
    return (SIGN - 1) >> mantissa << mantissa;
  }

  /** What bits without a sign mean; for those of infinity, what they would mean if it were none. */
  private double value(int bits) {
    int exponent = bits >> mantissa;
    int rest = bits & ((1 << mantissa) - 1);
    int bias = (1 << (14 - mantissa)) - 1;
    return exponent == 0
        ? Math.scalb((double) rest, 1 - bias - mantissa)
        : Math.scalb((double) (rest + (1 << mantissa)), exponent - bias - mantissa);
  }
}
