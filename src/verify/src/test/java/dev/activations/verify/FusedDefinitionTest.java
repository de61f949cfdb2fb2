package dev.activations.verify;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.activations.api.Activation;
import dev.activations.api.Direction;
import dev.activations.api.Kind;
import dev.activations.api.Op;
import dev.activations.verify.FusedDefinition.Values;
import java.math.BigDecimal;
import java.util.Arrays;
import java.util.Optional;
import java.util.SplittableRandom;
import java.util.function.Predicate;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** The definition of fused passes and sums against what they promise. */
class FusedDefinitionTest {
  private static final int COUNT = 1 << 16;

  @Test
  void eachStepIsRoundedOnceInTheOrderStated() {
    Op op = Op.of(Kind.RELU).withDropout(0.25, 5);
    float[] x = Samples.uniform(COUNT, 6);
    float[] dy = Samples.uniform(COUNT, 2);
    float scale = 4 / 3f;
    float[] y = FusedDefinition.run(op, Direction.FORWARD, x, dy, Values.NONE);
    float[] dx = FusedDefinition.run(op, Direction.BACKWARD, x, dy, Values.NONE);
    for (int i = 0; i < COUNT; i++) {
      boolean kept = y[i] != 0;
      float a = Math.max(0, x[i]);
      assertTrue(y[i] == 0 || y[i] == a * scale);
      assertTrue(dx[i] == 0 || dx[i] == dy[i] * scale && x[i] > 0);
      assertEquals(kept, x[i] > 0 && dx[i] != 0, "dropped in one pass only");
    }
  }

  @Test
  void float64DropsAndDrawsTheSameWithoutRoundingToFloat() {
    float[] x = Samples.uniform(COUNT, 6);
    double[] wide = Rows.widened(x);
    for (Op op :
        new Op[] {Op.of(Kind.RELU).withDropout(0.25, 5), Op.of(Kind.RRELU).withDropout(0.25, 5)}) {
      float[] narrow = FusedDefinition.run(op, Direction.FORWARD, x, x, Values.NONE);
      double[] y =
          FusedDefinition.run(op, Direction.FORWARD, wide, wide, FusedDefinition.Doubles.NONE);
      for (int i = 0; i < COUNT; i++) {
        assertEquals(narrow[i] == 0, y[i] == 0);
        // Bounds, their distance, slope, product, scale and what is scaled are rounded, each by
        // 2^-24.
        assertEquals(y[i], narrow[i], 8 * 0x1p-24 * Math.abs(y[i]));
        assertTrue(x[i] <= 0 || y[i] == 0 || y[i] == wide[i] * (4 / 3.0));
      }
    }
  }

  @Test
  void dropoutDropsItsShare() {
    float[] ones = new float[COUNT];
    Arrays.fill(ones, 1);
    for (double p : new double[] {0, 0.1, 0.5, 0.999}) {
      Op op = Op.of(Kind.LINEAR).withDropout(p, 12345);
      float[] y = FusedDefinition.run(op, Direction.FORWARD, ones, ones, Values.NONE);
      long dropped = count(y, v -> v == 0);
      // Five standard deviations of a binomial distribution.
      assertEquals(p * COUNT, dropped, 5 * Math.sqrt(COUNT * p * (1 - p)));
      assertEquals(COUNT - dropped, count(y, v -> v == (float) (1 / (1 - p))));
    }
  }

  @Test
  void aDroppedElementIsZeroWhateverItWas() {
    float[] x = {Float.NaN, Float.POSITIVE_INFINITY, Float.NEGATIVE_INFINITY, -1};
    Op op = Op.of(Kind.LINEAR).withDropout(1 - 0x1p-31, 1);
    for (Direction direction : new Direction[] {Direction.FORWARD, Direction.BACKWARD}) {
      assertArrayEquals(
          new float[4], FusedDefinition.run(op, direction, x, x, Values.NONE), direction.stem());
    }
  }

  @Test
  void otherSeedsAndElementsDrawOtherNumbers() {
    float[] ones = new float[256];
    Arrays.fill(ones, 1);
    Op op = Op.of(Kind.LINEAR);
    float[] first = draw(op.withDropout(0.5, 1), ones);
    assertFalse(Arrays.equals(first, draw(op.withDropout(0.5, 2), ones)));
    assertFalse(Arrays.equals(first, draw(op.withDropout(0.5, 1L << 32 | 1), ones)));
    assertFalse(Arrays.equals(first, draw(op.withDropout(0.5, 1).startingAt(1L << 32), ones)));
    float[] later = draw(op.withDropout(0.5, 1).startingAt(100), ones);
    assertArrayEquals(Arrays.copyOfRange(first, 100, 256), Arrays.copyOf(later, 156));
  }

  private static float[] draw(Op op, float[] x) {
    return FusedDefinition.run(op, Direction.FORWARD, x, x, Values.NONE);
  }

  @Test
  void rreluAppliesTheSlopeThatItDrewOnTheWayBackToo() {
    Op op = Op.of(Kind.RRELU).seeded(77);
    float[] minus = new float[COUNT];
    float[] ones = new float[COUNT];
    Arrays.fill(minus, -1);
    Arrays.fill(ones, 1);
    float[] y = FusedDefinition.run(op, Direction.FORWARD, minus, ones, Values.NONE);
    float[] dx = FusedDefinition.run(op, Direction.BACKWARD, minus, ones, Values.NONE);
    double sum = 0;
    for (int i = 0; i < COUNT; i++) {
      assertEquals(-y[i], dx[i]);
      assertTrue(dx[i] >= 1 / 8f && dx[i] <= 1 / 3f);
      sum += dx[i];
    }
    // Five standard deviations of the mean of uniform numbers.
    double width = 1 / 3.0 - 1 / 8.0;
    assertEquals(11 / 48.0, sum / COUNT, 5 * width / Math.sqrt(12.0 * COUNT));
    assertArrayEquals(ones, FusedDefinition.run(op, Direction.BACKWARD, ones, ones, Values.NONE));
  }

  /** 1 ULP of the exact sum, and max|term|·n·2^-53. */
  @Test
  void sumsAreAsAccurateAsPublished() {
    SplittableRandom random = new SplittableRandom(3);
    for (int n : new int[] {1, 2, 3, 10, 1000, 100_003}) {
      for (float scale : new float[] {1, 1e-44f, 1e-38f, 1e38f}) {
        float[] x = new float[n];
        float[] dy = new float[n];
        for (int i = 0; i < n; i++) {
          x[i] = (float) (random.nextDouble() * 2 - 1) * scale;
          dy[i] = (float) (random.nextDouble() * 2 - 1);
        }
        checkSum(x, Optional.empty());
        checkSum(x, Optional.of(dy));
        float[] negated = x.clone();
        for (int i = 0; i < n; i++) {
          negated[i] = -x[i];
        }
        assertEquals(0, FusedDefinition.sums(Samples.join(x, negated), 1, 1)[0]);
      }
    }
  }

  private static void checkSum(float[] x, Optional<float[]> dy) {
    float actual = FusedDefinition.sums(x, dy, 1, 1)[0];
    double[] terms = Definition.widened(x);
    Optional<double[]> factors = dy.map(Definition::widened);
    BigDecimal sum = sum(terms, factors);
    if (sum.abs().compareTo(new BigDecimal(Float.MAX_VALUE)) > 0) {
      assertEquals(sum.signum() * Float.POSITIVE_INFINITY, actual);
    } else {
      double allowed = Math.ulp(sum.floatValue()) + lost(terms, factors, 0x1p-53, 0x1p-149);
      checkError(sum, actual, allowed);
    }
  }

  /** 1 ULP of the exact sum, and max|term|·n·2^-87. */
  @Test
  void sumsOfDoublesAreAsAccurateAsPublished() {
    SplittableRandom random = new SplittableRandom(4);
    for (int n : new int[] {1, 2, 3, 10, 1000}) {
      for (double scale : new double[] {1, 0x1p-1074, 1e-320, 1e-308, 1e308}) {
        double[] x = random.doubles(n, -1, 1).map(u -> u * scale).toArray();
        double[] dy = random.doubles(n, -1, 1).toArray();
        checkSum(x, Optional.empty());
        checkSum(x, Optional.of(dy));
        double[] cancelling = Arrays.copyOf(x, 2 * n + 1);
        for (int i = 0; i < n; i++) {
          cancelling[n + i] = -x[i];
        }
        assertEquals(0, FusedDefinition.sums(cancelling, Optional.empty(), 1, 1)[0]);
        cancelling[2 * n] = 1e-20 * scale;
        checkSum(cancelling, Optional.empty());
      }
    }
  }

  private static void checkSum(double[] x, Optional<double[]> dy) {
    double actual = FusedDefinition.sums(x, dy, 1, 1)[0];
    BigDecimal sum = sum(x, dy);
    if (sum.abs().compareTo(new BigDecimal(Double.MAX_VALUE)) > 0) {
      assertEquals(sum.signum() * Double.POSITIVE_INFINITY, actual);
    } else {
      double allowed = Math.ulp(sum.doubleValue()) + lost(x, dy, 0x1p-87, 0x1p-1074);
      checkError(sum, actual, allowed);
    }
  }

  private static BigDecimal sum(double[] x, Optional<double[]> dy) {
    BigDecimal sum = BigDecimal.ZERO;
    for (int i = 0; i < x.length; i++) {
      if (dy.isEmpty()) {
        sum = sum.add(new BigDecimal(x[i]));
      } else if (x[i] < 0) {
        sum = sum.add(new BigDecimal(x[i]).multiply(new BigDecimal(dy.get()[i])));
      }
    }
    return sum;
  }

  /**
   * What a sum may lose beyond its rounding.
   *
   * @param unit the share of the largest term that each may lose
   * @param smallest products of a weight's terms lose what lies below the subnormals
   */
  private static double lost(double[] x, Optional<double[]> dy, double unit, double smallest) {
    double largest = 0;
    for (int i = 0; i < x.length; i++) {
      double term = dy.isEmpty() ? x[i] : x[i] < 0 ? x[i] * dy.get()[i] : 0;
      largest = Math.max(largest, Math.abs(term));
    }
    return x.length * (largest * unit + (dy.isPresent() ? smallest : 0));
  }

  private static void checkError(BigDecimal sum, double actual, double allowed) {
    double error = sum.subtract(new BigDecimal(actual)).abs().doubleValue();
    assertTrue(error <= allowed, () -> "%s of %s, allowed %s".formatted(error, actual, allowed));
  }

  @Test
  void whatIsNoNumberMakesTheSumNone() {
    float inf = Float.POSITIVE_INFINITY;
    assertArrayEquals(
        new float[] {Float.NaN, Float.NaN, 3, Float.NaN},
        FusedDefinition.sums(new float[] {1, inf, 1, -inf, Float.NaN, 1, 2, inf}, 4, 1));
    // Terms of the other piece do not count, whatever they are.
    assertEquals(
        -6,
        FusedDefinition.weightGradient(
            new float[] {-2, 5, inf}, new float[] {3, Float.NaN, 0}, 1, 1)[0]);
    double[] wide = {1, inf, 1, -inf, Double.NaN, 1, 2, inf};
    assertArrayEquals(
        new double[] {Double.NaN, Double.NaN, 3, Double.NaN},
        FusedDefinition.sums(wide, Optional.empty(), 4, 1));
  }

  static Stream<Activation> activations() {
    return Arrays.stream(Kind.values())
        .filter(kind -> kind.shape() == Kind.Shape.POINTWISE)
        .flatMap(kind -> Samples.activations(kind).stream());
  }

  /** The table says of each activation whether its derivative can be told from its output. */
  @ParameterizedTest
  @MethodSource("activations")
  void survivesInPlaceOrDoesNot(Activation activation) {
    Definition.Function function = Definition.of(activation, Direction.FORWARD);
    Definition.Function derivative = Definition.of(activation, Direction.DERIVATIVE);
    boolean survives = true;
    for (float x :
        Samples.join(
            Samples.patterns(),
            Edges.of(activation),
            Samples.bits(1 << 14),
            Samples.uniform(1 << 14, 20))) {
      survives &=
          Float.floatToRawIntBits(derivative.at(function.at(x)))
              == Float.floatToRawIntBits(derivative.at(x));
    }
    assertEquals(survives, activation.survivesInPlace(), activation.toString());
  }

  private static long count(float[] values, Predicate<Float> condition) {
    long count = 0;
    for (float value : values) {
      count += condition.test(value) ? 1 : 0;
    }
    return count;
  }
}
