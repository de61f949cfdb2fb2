package dev.activations.verify;

/**
 * The measure of all errors here: units in the last place of the <em>true</em> value.
 *
 * <p>For a true value t with 2^e ≤ |t| &lt; 2^(e+1) a unit is 2^(e-23), and 2^-149 where t is
 * subnormal or zero. A correctly rounded result is at most half a unit off. An infinite result
 * stands for ±2^128, the first value that is too large for a float, and so does any true value
 * beyond it: an overflow that had to be costs nothing.
 */
public final class Ulp {
  private static final double OVERFLOW = 0x1p128;

  private Ulp() {}

  /**
   * Returns how many units a result is away from the true value.
   *
   * @param actual the result
   * @param truth the true value, rounded to double at most (2^-29 units); NaN where there is none
   * @return zero or more; infinite if one of the two is NaN and the other is not, or if the true
   *     value is not zero and the result has the other sign, be it that of a zero
   */
  public static double between(float actual, double truth) {
    if (actual != actual || truth != truth) {
      return actual != actual && truth != truth ? 0 : Double.POSITIVE_INFINITY;
    }
    if (truth != 0 && Float.floatToRawIntBits(actual) < 0 != truth < 0) {
      return Double.POSITIVE_INFINITY;
    }
    double value = clamp(actual);
    double target = clamp(truth);
    int exponent = Math.max(Math.getExponent(target), Float.MIN_EXPONENT);
    // 2^(23 - exponent), put together: Math.scalb is too slow for four thousand million calls.
    double unitsPerOne = Double.longBitsToDouble((long) (1023 + 23 - exponent) << 52);
    return Math.abs(value - target) * unitsPerOne;
  }

  /** Returns whether a true value is so small that floats around it are subnormal. */
  public static boolean isSubnormal(double truth) {
    return Math.abs(truth) < Float.MIN_NORMAL;
  }

  private static double clamp(double value) {
    return Math.max(-OVERFLOW, Math.min(OVERFLOW, value));
  }
}
