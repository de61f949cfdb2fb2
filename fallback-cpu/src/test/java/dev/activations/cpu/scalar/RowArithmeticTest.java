package dev.activations.cpu.scalar;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.math.BigDecimal;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class RowArithmeticTest {
  private static final int LIMB = 1 << 22;

  private final SplittableRandom random = new SplittableRandom(11);

  @Test
  void limbsAreAPairToTheirLastUnit() {
    for (int i = 0; i < 100_000; i++) {
      Pair value = pair(i % 80);
      Limbs limbs = RowArithmetic.limbsOf(value);
      assertTrue(Math.abs(limbs.high()) <= LIMB, () -> "high of " + value);
      assertTrue(Math.abs(limbs.mid()) <= LIMB, () -> "mid of " + value);
      assertTrue(Math.abs(limbs.low()) <= LIMB, () -> "low of " + value);
      near(exact(value), exact(limbs.high(), limbs.mid(), limbs.low()), 0x1p-65);
    }
  }

  @ParameterizedTest
  @ValueSource(floats = {2, -2, Float.POSITIVE_INFINITY, Float.NaN})
  void whatIsNoTermHasNoLimbs(float hi) {
    assertEquals(new Limbs(0, 0, 0), RowArithmetic.limbsOf(new Pair(hi, 0.25f)));
  }

  @Test
  void aSumOfAnyLimbsIsTheirValueAsANormalisedPair() {
    for (int i = 0; i < 100_000; i++) {
      // Up to 2^32 terms of 2^22, and sums that are small because their limbs cancel.
      long high = i % 3 == 0 ? random.nextInt(-3, 4) : limb(i);
      long mid = limb(i / 54);
      long low = limb(i / 7);
      Pair sum = RowArithmetic.sumOfLimbs(high, mid, low);
      assertEquals(sum.hi(), sum.hi() + sum.lo());
      BigDecimal value = exact(high, mid, low);
      near(value, exact(sum), Math.abs(value.doubleValue()) * 0x1p-46);
    }
  }

  private long limb(int i) {
    long magnitude = 1L << i % 54;
    return random.nextLong(-magnitude, magnitude + 1);
  }

  @Test
  void exponentsAreDifferences() {
    for (int i = 0; i < 100_000; i++) {
      float m = (float) (random.nextDouble(-1, 1) * Math.scalb(1.0, i % 36 - 3));
      float x = (float) (m - random.nextDouble(100));
      Pair d = RowArithmetic.exponent(x, m);
      assertEquals(Math.rint(d.hi() * 65536.0), d.hi() * 65536.0, "the high part");
      assertTrue(Math.abs(d.lo()) < 0x1p-13f, "the low part");
      assertEquals((double) x - m, (double) d.hi() + d.lo(), 0x1p-38);
    }
  }

  @ParameterizedTest
  @ValueSource(floats = {0, 255.9f, -256, 3e9f, -3e9f, Float.MAX_VALUE, Float.POSITIVE_INFINITY})
  void whatHasVanishedIsClamped(float m) {
    for (float x : new float[] {Float.NEGATIVE_INFINITY, -Float.MAX_VALUE, Float.NaN}) {
      Pair d = RowArithmetic.exponent(x, m);
      assertEquals(-128, d.hi() + d.lo(), "%s - %s".formatted(x, m));
    }
    assertEquals(new Pair(0, 0), RowArithmetic.exponent(m, m));
    if (m > 1e9f) {
      assertEquals(new Pair(-128, 0), RowArithmetic.exponent(Math.nextDown(m), m));
    }
  }

  /** However many there are, and however small beside the largest. */
  @ParameterizedTest
  @ValueSource(floats = {0, -0.3f, -9.7f, -15.1f, -16.6f, -22, -30.1f})
  void aTermIsAccurateByItself(float x) {
    Limbs term = RowArithmetic.expTerm(RowArithmetic.exponent(x, 0));
    double value = exact(term.high(), term.mid(), term.low()).doubleValue();
    assertEquals(Math.exp(x), value, Math.exp(x) * 0x1p-26 + 0x1p-66);
  }

  private Pair pair(int exponent) {
    double sign = random.nextBoolean() ? 1 : -1;
    float hi = (float) (sign * Math.scalb(1 + random.nextDouble(), -exponent));
    hi = Math.abs(hi) < 2 ? hi : 1;
    return new Pair(hi, Math.ulp(hi) * (float) (random.nextDouble() - 0.5));
  }

  private static BigDecimal exact(Pair pair) {
    return new BigDecimal(pair.hi()).add(new BigDecimal(pair.lo()));
  }

  private static BigDecimal exact(long high, long mid, long low) {
    return new BigDecimal(high)
        .multiply(new BigDecimal(0x1p-21))
        .add(new BigDecimal(mid).multiply(new BigDecimal(0x1p-43)))
        .add(new BigDecimal(low).multiply(new BigDecimal(0x1p-65)));
  }

  private static void near(BigDecimal expected, BigDecimal actual, double off) {
    double error = expected.subtract(actual).abs().doubleValue();
    assertTrue(
        error <= off, () -> "expected %s within %s, got %s".formatted(expected, off, actual));
  }
}
