package dev.activations.verify;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.math.BigDecimal;
import org.apfloat.Apfloat;
import org.apfloat.ApfloatMath;
import org.junit.jupiter.api.Test;

class UlpTest {
  @Test
  void aUnitIsThatOfTheTrueValue() {
    assertEquals(0, Ulp.between(1, 1));
    assertEquals(1, Ulp.between(1 + 0x1p-23f, 1));
    // Below a power of two a unit is half as large.
    assertEquals(1, Ulp.between(1, 1 - 0x1p-24));
    assertEquals(0.5, Ulp.between(-3, -3 - 0x1p-23));
  }

  @Test
  void subnormalsHaveOneUnit() {
    assertEquals(1, Ulp.between(Float.MIN_VALUE, 0));
    assertEquals(0.25, Ulp.between(0, 0x1p-151));
    assertEquals(2, Ulp.between(Float.MIN_NORMAL, Float.MIN_NORMAL - 0x1p-148));
  }

  @Test
  void anInfinityStandsForTheFirstValueThatIsTooLarge() {
    assertEquals(0, Ulp.between(Float.POSITIVE_INFINITY, 1e300));
    assertEquals(0, Ulp.between(Float.NEGATIVE_INFINITY, Double.NEGATIVE_INFINITY));
    assertEquals(0.25, Ulp.between(Float.POSITIVE_INFINITY, 0x1p128 - 0x1p102));
    assertEquals(0x1p23, Ulp.between(Float.POSITIVE_INFINITY, 0x1p127));
    assertEquals(0.5, Ulp.between(Float.MAX_VALUE, 1e300));
  }

  @Test
  void signsAndNanMustAgree() {
    assertEquals(Double.POSITIVE_INFINITY, Ulp.between(0f, -0x1p-160));
    assertEquals(0x1p-11, Ulp.between(-0f, -0x1p-160));
    assertEquals(0, Ulp.between(-0f, 0));
    assertEquals(0, Ulp.between(Float.NaN, Double.NaN));
    assertEquals(Double.POSITIVE_INFINITY, Ulp.between(Float.NaN, 1));
    assertEquals(Double.POSITIVE_INFINITY, Ulp.between(1, Double.NaN));
  }

  @Test
  void doublesHaveSmallerUnits() {
    assertEquals(0, Ulp.between(1.0, number("1")));
    assertEquals(1, Ulp.between(1 + 0x1p-52, number("1")), 1e-15);
    // Below a power of two a unit is half as large, however near.
    assertEquals(
        1, Ulp.between(1 - 0x1p-53, number("0.9999999999999999999999999999999999")), 1e-12);
    assertEquals(0.25, Ulp.between(0.0, power(-1076)), 1e-15);
    // Apfloat's conversion to a double is a unit off here.
    assertEquals(
        0.5,
        Ulp.between(
            0x1.0000000000001p-625,
            number("1").divide(new Apfloat(new BigDecimal(0x1.fffffffffffffp624), 400))),
        1e-12);
    assertEquals(2, Ulp.between(Double.MIN_NORMAL, power(-1022).subtract(power(-1073))), 1e-15);
    assertEquals(0, Ulp.between(Double.POSITIVE_INFINITY, number("1e400")));
    assertEquals(0.5, Ulp.between(Double.POSITIVE_INFINITY, power(1024).subtract(power(970))));
    assertEquals(1, Ulp.between(-Double.MAX_VALUE, number("-1e400")));
    assertEquals(Double.POSITIVE_INFINITY, Ulp.between(0.0, number("-1e-400")));
    assertEquals(Double.POSITIVE_INFINITY, Ulp.between(Double.NaN, number("1")));
  }

  private static Apfloat number(String text) {
    return new Apfloat(text, 40);
  }

  private static Apfloat power(int exponent) {
    return ApfloatMath.pow(new Apfloat(2, 400), exponent);
  }
}
