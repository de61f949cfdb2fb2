package dev.activations.verify;

import java.math.BigDecimal;
import java.math.BigInteger;
import org.apfloat.Apfloat;
import org.apfloat.ApfloatMath;

/**
 * The measure of all errors here: units in the last place of the <em>true</em> value.
 *
 * <p>For a true value t with 2^e ≤ |t| &lt; 2^(e+1) a unit is 2^(e-23), and 2^-149 where t is
 * subnormal or zero. A correctly rounded result is at most half a unit off. An infinite result
 * stands for ±2^128, the first value that is too large for a float, and so does any true value
 * beyond it: an overflow that had to be costs nothing. For doubles it is the same with 2^(e-52),
 * 2^-1074 and 2^1024.
 */
public final class Ulp {
  private static final double OVERFLOW = 0x1p128;
  private static final Apfloat DOUBLE_OVERFLOW =
      new Apfloat(BigInteger.ONE.shiftLeft(Double.MAX_EXPONENT + 1));
  private static final Apfloat DOUBLE_NORMAL = exact(Double.MIN_NORMAL);

  /** Digits of a distance. */
  private static final long DIGITS = 20;

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

  /**
   * Returns how many units of a double a result is away from the true value.
   *
   * @param actual the result
   * @param truth the true value, to more digits than a double has
   * @return zero or more; infinite if the result is NaN, or if the true value is not zero and the
   *     result has the other sign, be it that of a zero
   */
  public static double between(double actual, Apfloat truth) {
    boolean negative = Double.doubleToRawLongBits(actual) < 0;
    if (actual != actual || truth.signum() != 0 && negative != truth.signum() < 0) {
      return Double.POSITIVE_INFINITY;
    }
    Apfloat magnitude = ApfloatMath.min(ApfloatMath.abs(truth), DOUBLE_OVERFLOW);
    Apfloat value = Double.isInfinite(actual) ? DOUBLE_OVERFLOW : exact(Math.abs(actual));
    Apfloat distance = ApfloatMath.abs(value.subtract(magnitude));
    // Apfloat divides to as many digits as its arguments have, and these may be exact.
    return distance.signum() == 0
        ? 0
        : distance.precision(DIGITS).divide(exact(unit(magnitude))).doubleValue();
  }

  /** The unit in the last place of the largest double that a number from 0 to 2^1024 reaches. */
  private static double unit(Apfloat magnitude) {
    // Apfloat's conversion may be a unit off.
    double reached = Math.min(Math.nextUp(magnitude.doubleValue()), Double.MAX_VALUE);
    while (magnitude.compareTo(exact(reached)) < 0) {
      reached = Math.nextDown(reached);
    }
    return Math.ulp(reached);
  }

  private static Apfloat exact(double value) {
    return new Apfloat(new BigDecimal(value), Apfloat.INFINITE);
  }

  /** Returns whether a true value is so small that doubles around it are subnormal. */
  static boolean isSubnormalDouble(Apfloat truth) {
    return ApfloatMath.abs(truth).compareTo(DOUBLE_NORMAL) < 0;
  }

  /** Returns whether a true value is so small that floats around it are subnormal. */
  public static boolean isSubnormal(double truth) {
    return Math.abs(truth) < Float.MIN_NORMAL;
  }

  private static double clamp(double value) {
    return Math.max(-OVERFLOW, Math.min(OVERFLOW, value));
  }
}
