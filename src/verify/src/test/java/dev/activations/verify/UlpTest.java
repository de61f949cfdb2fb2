package dev.activations.verify;

import static org.junit.jupiter.api.Assertions.assertEquals;

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
}
