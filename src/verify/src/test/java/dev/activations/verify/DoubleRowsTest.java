package dev.activations.verify;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.activations.api.Activation;
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

  static Stream<Activation> activations() {
    return Arrays.stream(Kind.values())
        .filter(kind -> kind.shape() == Kind.Shape.OVER_AXIS && kind.supports(Dtype.F64))
        .flatMap(kind -> Samples.activations(kind).stream());
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

  /** The mask, or the random numbers: the ends of their grid, where the noise is 0, and others. */
  private static double[] beside(Kind kind, int length) {
    if (!kind.isDrawn()) {
      return Rows.widened(Samples.mask(length));
    }
    double[] u = new SplittableRandom(length).doubles(length).toArray();
    double[] ends = {1 - 0x1p-24, 0x1p-24, Math.exp(-1)};
    System.arraycopy(ends, 0, u, 0, Math.min(length, ends.length));
    return Arrays.stream(u).map(each -> Math.floor(each * 0x1p23) * 0x1p-23 + 0x1p-24).toArray();
  }

  /** A row; with noise, one of which noise and temperature make about what the row is. */
  private static double[] input(Activation activation, double[] row, double[] beside) {
    double[] x = row.clone();
    if (activation.kind().isDrawn()) {
      double tau = activation.doubles()[0];
      Arrays.setAll(x, i -> row[i] * tau + Math.log(-Math.log(beside[i])));
    }
    return x;
  }

  private static double[] run(
      Activation activation, Direction direction, double[] first, double[] second) {
    double[] out = new double[first.length];
    new RowDefinition(activation, direction, Dtype.F64)
        .run(Geometry.rows(1, first.length), first, second, out);
    return out;
  }

  @ParameterizedTest
  @MethodSource("activations")
  void forwardIsWithinTheBound(Activation activation) {
    Kind kind = activation.kind();
    double worst = 0;
    for (double[] row : rows()) {
      double[] beside = beside(kind, row.length);
      double[] x = input(activation, row, beside);
      double[] y = run(activation, Direction.FORWARD, x, beside);
      BigDecimal[] truth = DoubleRowOracle.forward(activation, x, beside);
      worst = Math.max(worst, worst(y, truth, slack(kind, truth)));
    }
    assertWithin(kind, Direction.FORWARD, worst);
  }

  @ParameterizedTest
  @MethodSource("activations")
  void backwardIsWithinTheBound(Activation activation) {
    double worst = 0;
    for (double[] row : rows()) {
      double[] beside = beside(activation.kind(), row.length);
      double[] x = input(activation, row, beside);
      double[] y = run(activation, Direction.FORWARD, x, beside);
      double[] dy = gradient(x.length);
      double[] dx = run(activation, Direction.BACKWARD, y, dy);
      BigDecimal[] truth = DoubleRowOracle.backward(activation, y, dy);
      worst = Math.max(worst, worst(dx, truth, slack(activation, y, dy)));
    }
    assertWithin(activation.kind(), Direction.BACKWARD, worst);
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
  private static double[] slack(Activation activation, double[] y, double[] dy) {
    double largest = Arrays.stream(dy).map(Math::abs).max().orElseThrow();
    double sum = Math.abs(Arrays.stream(dy).sum());
    return Arrays.stream(y)
        .map(
            value ->
                switch (activation.kind()) {
                  case SOFTMAX, MASKED_SOFTMAX, SOFTMIN -> y.length * 0x1p-86 * value * largest;
                  case GUMBEL_SOFTMAX ->
                      y.length * 0x1p-86 * value * largest / activation.doubles()[0];
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
  void rowsWithNoiseAreAsOfSoftmax() {
    Op op = Op.of(Kind.GUMBEL_SOFTMAX).seeded(1);
    double inf = Double.POSITIVE_INFINITY;
    noisy(op, new double[] {inf, 1, inf}, 0.5, 0, 0.5);
    noisy(op, new double[] {-inf, -inf}, Double.NaN, Double.NaN);
    noisy(op, new double[] {-inf, 3}, 0, 1);
    noisy(op, new double[] {Double.NaN, 3}, Double.NaN, Double.NaN);
    noisy(op, new double[] {1e300, 0, -1e300}, 1, 0, 0);
    // Where doubles lie farther apart than tau, equal ones have equal shares.
    noisy(op, new double[] {1e300, 1e300}, 0.5, 0.5);
  }

  private static void noisy(Op op, double[] x, double... y) {
    assertArrayEquals(y, Definition.run(op, Direction.FORWARD, x, x));
  }

  @Test
  void theNoiseIsThatOfFloats() {
    Op op = Op.of(Kind.GUMBEL_SOFTMAX).seeded(3);
    float[] zeros = new float[100];
    float[] y = Definition.run(op, Direction.FORWARD, zeros, zeros);
    double[] wide = new double[zeros.length];
    wide = Definition.run(op, Direction.FORWARD, wide, wide);
    for (int i = 0; i < y.length; i++) {
      assertEquals(y[i], wide[i], Math.ulp(y[i]));
    }
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
