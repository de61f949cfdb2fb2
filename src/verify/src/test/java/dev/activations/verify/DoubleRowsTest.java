package dev.activations.verify;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.activations.api.Direction;
import dev.activations.api.Dtype;
import dev.activations.api.Geometry;
import dev.activations.api.Kind;
import dev.activations.api.Op;
import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.SplittableRandom;
import java.util.stream.Stream;
import org.apfloat.Apfloat;
import org.apfloat.ApfloatMath;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** The float64 definitions over an axis, against true values of some rows of every sort. */
class DoubleRowsTest {
  private static final int[] LENGTHS = {1, 2, 3, 17, 128};
  private static final int SORTS = 9;

  static Stream<Kind> kinds() {
    return Arrays.stream(Kind.values())
        .filter(kind -> kind.shape() == Kind.Shape.OVER_AXIS && kind.supports(Dtype.F64));
  }

  private static List<double[]> rows() {
    List<double[]> rows = new ArrayList<>();
    SplittableRandom random = new SplittableRandom(0xF1817E);
    for (int length : LENGTHS) {
      for (int sort = 0; sort < SORTS; sort++) {
        // Short rows hold few values, so more of them are tried.
        for (int repeat = 0; repeat < Math.max(1, 6 / length); repeat++) {
          double[] row = new double[length];
          for (int i = 0; i < length; i++) {
            row[i] = value(sort, i, random.nextDouble());
          }
          rows.add(row);
        }
      }
    }
    return rows;
  }

  private static double value(int sort, int i, double u) {
    return switch (sort) {
      case 0 -> 8 * u - 4;
      case 1 -> 60 * u - 30;
      case 2 -> -800 * u;
      case 3 -> 1.2345;
      // Terms that each vanish beside the first, and together do not.
      case 4 -> i == 0 ? 0 : -35 - 0.001 * u;
      case 5 -> i < 2 ? 3 : 3 - 38 + 0.001 * u;
      case 6 -> 1e12 + u;
      case 7 -> i == 0 ? 0 : -690 - 60 * u;
      default -> u / 8;
    };
  }

  private static double[] gradient(int length) {
    SplittableRandom random = new SplittableRandom(length);
    return random.doubles(length, -1, 1).toArray();
  }

  private static double[] mask(int length) {
    return Rows.widened(Samples.mask(length));
  }

  @ParameterizedTest
  @MethodSource("kinds")
  void forwardIsWithinTheBound(Kind kind) {
    double worst = 0;
    for (double[] x : rows()) {
      double[] mask = mask(x.length);
      double[] y = Definition.run(Op.of(kind), Direction.FORWARD, x, mask);
      BigDecimal[] truth = DoubleRowOracle.forward(kind, x, mask);
      worst = Math.max(worst, worst(y, truth, slack(kind, truth)));
    }
    assertWithin(kind, Direction.FORWARD, worst);
  }

  @ParameterizedTest
  @MethodSource("kinds")
  void backwardIsWithinTheBound(Kind kind) {
    double worst = 0;
    for (double[] x : rows()) {
      double[] y = Definition.run(Op.of(kind), Direction.FORWARD, x, mask(x.length));
      double[] dy = gradient(x.length);
      double[] dx = Definition.run(Op.of(kind), Direction.BACKWARD, y, dy);
      BigDecimal[] truth = DoubleRowOracle.backward(kind, y, dy);
      worst = Math.max(worst, worst(dx, truth, slack(kind, y, dy)));
    }
    assertWithin(kind, Direction.BACKWARD, worst);
  }

  private static void assertWithin(Kind kind, Direction direction, double worst) {
    assertTrue(
        worst <= kind.bound64(direction),
        () ->
            "%s %s: %s units in the last place, above the bound of %s"
                .formatted(kind.stem(), direction.stem(), worst, kind.bound64(direction)));
  }

  /** What {@link Kind#bound64} adds to a forward pass. */
  private static double[] slack(Kind kind, BigDecimal[] truth) {
    return Arrays.stream(truth)
        .mapToDouble(
            y ->
                switch (kind) {
                  case SPARSEMAX -> 0x1p-86;
                  // Where the truth is 0 the square of what is left is.
                  case ENTMAX15 -> {
                    double tau = truth.length * 0x1p-88;
                    yield tau * (Math.sqrt(y.doubleValue()) + tau);
                  }
                  default -> 0;
                })
        .toArray();
  }

  /** The same of a backward pass. */
  private static double[] slack(Kind kind, double[] y, double[] dy) {
    double largest = Arrays.stream(dy).map(Math::abs).max().orElseThrow();
    double sum = Math.abs(Arrays.stream(dy).sum());
    return Arrays.stream(y)
        .map(
            value ->
                switch (kind) {
                  case SOFTMAX, MASKED_SOFTMAX, SOFTMIN -> y.length * 0x1p-86 * value * largest;
                  case LOG_SOFTMAX ->
                      0x1p-56 * Math.exp(value) * sum + y.length * 0x1p-86 * largest;
                  case SPARSEMAX -> 0x1p-86 * largest;
                  case ENTMAX15 -> (y.length * 0x1p-86 + 0x1p-67) * Math.sqrt(value) * largest;
                  default -> 0;
                })
        .toArray();
  }

  private static double worst(double[] actual, BigDecimal[] truth, double[] slack) {
    double worst = 0;
    for (int i = 0; i < actual.length; i++) {
      Apfloat target = apfloat(truth[i]);
      Apfloat value = apfloat(new BigDecimal(actual[i]));
      Apfloat room = apfloat(new BigDecimal(slack[i]));
      Apfloat nearest =
          ApfloatMath.max(target.subtract(room), ApfloatMath.min(target.add(room), value));
      worst = Math.max(worst, Ulp.between(actual[i], nearest));
    }
    return worst;
  }

  private static Apfloat apfloat(BigDecimal value) {
    return new Apfloat(value, Apfloat.INFINITE);
  }

  @Test
  void whatIsMaskedOutIsZeroWhateverItIs() {
    double inf = Double.POSITIVE_INFINITY;
    Op masked = Op.of(Kind.MASKED_SOFTMAX).over(Geometry.rows(3, 2));
    double[] x = {Double.NaN, 1, inf, Double.NaN, -inf, 2};
    double[] mask = {0, Double.NaN, -0.0, 0, 1, 0};
    double[] y = {0, 1, 0, 0, Double.NaN, 0};
    assertArrayEquals(y, Definition.run(masked, Direction.FORWARD, x, mask));
    double[] dy = {Double.NaN, 3, inf, Double.NaN, 1, inf};
    double[] dx = {0, 0, 0, 0, Double.NaN, 0};
    assertArrayEquals(dx, Definition.run(masked, Direction.BACKWARD, y, dy));
  }

  @Test
  void theOracleKnowsExponentialsAndLogarithms() {
    BigDecimal tolerance = new BigDecimal("1e-50");
    BigDecimal e = new BigDecimal("2.71828182845904523536028747135266249775724709369995957");
    assertTrue(
        DoubleRowOracle.exp(BigDecimal.ONE).subtract(e).abs().compareTo(tolerance) < 0, "e^1");
    assertTrue(
        DoubleRowOracle.logOnePlus(e.subtract(BigDecimal.ONE))
                .subtract(BigDecimal.ONE)
                .abs()
                .compareTo(tolerance)
            < 0,
        "log e");
    assertEquals(1e-300, DoubleRowOracle.logOnePlus(new BigDecimal(1e-300)).doubleValue());
  }
}
