package dev.activations.verify;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.activations.api.Direction;
import dev.activations.api.Geometry;
import dev.activations.api.Kind;
import dev.activations.api.Op;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;

/** What the definition of a kind over an axis says of rows that are no ordinary numbers. */
class RowPolicyTest {
  private static final float INF = Float.POSITIVE_INFINITY;
  private static final float NAN = Float.NaN;

  /** The logarithms of 2, 4 and 1 + e^-20, rounded to float. */
  private static final float LN_2 = 0.6931472f;

  private static final float LN_4 = 1.3862944f;
  private static final float LN_1_AND_A_LITTLE = 2.0611537e-9f;

  private static Arguments row(Kind kind, float[] x, float... y) {
    return Arguments.of(kind, x, y);
  }

  private static float[] of(float... x) {
    return x;
  }

  static Stream<Arguments> rows() {
    return Stream.of(
        row(Kind.SOFTMAX, of(INF, 1, INF), 0.5f, 0, 0.5f),
        row(Kind.SOFTMAX, of(-INF, 0), 0, 1),
        row(Kind.SOFTMAX, of(-INF, -INF), NAN, NAN),
        row(Kind.SOFTMAX, of(7, 7, 7, 7), 0.25f, 0.25f, 0.25f, 0.25f),
        row(Kind.SOFTMAX, of(1e30f, 0, -1e30f), 1, 0, 0),
        row(Kind.SOFTMIN, of(-INF, 1, -INF), 0.5f, 0, 0.5f),
        row(Kind.SOFTMIN, of(INF, 0), 0, 1),
        row(Kind.SOFTMIN, of(INF, INF), NAN, NAN),
        row(Kind.SOFTMIN, of(7, 7, 7, 7), 0.25f, 0.25f, 0.25f, 0.25f),
        row(Kind.SOFTMIN, of(1e30f, 0, -1e30f), 0, 0, 1),
        row(Kind.LOG_SOFTMAX, of(INF, 1, INF), -LN_2, -INF, -LN_2),
        row(Kind.LOG_SOFTMAX, of(-INF, 0), -INF, -0f),
        row(Kind.LOG_SOFTMAX, of(-INF, -INF), NAN, NAN),
        row(Kind.LOG_SOFTMAX, of(7, 7, 7, 7), -LN_4, -LN_4, -LN_4, -LN_4),
        row(Kind.LOG_SOFTMAX, of(1e30f, 0, -1e30f), -0f, -1e30f, -2e30f),
        row(Kind.LOG_SOFTMAX, of(0, -20), -LN_1_AND_A_LITTLE, -20),
        row(Kind.LOG_SOFTMAX, of(Float.MAX_VALUE, -Float.MAX_VALUE), -0f, -INF),
        row(Kind.HARDMAX, of(1, 3, 3, 2), 0, 1, 0, 0),
        row(Kind.HARDMAX, of(-0f, 0), 1, 0),
        row(Kind.HARDMAX, of(1, INF, INF), 0, 1, 0),
        row(Kind.HARDMAX, of(-INF, -INF), 1, 0),
        row(Kind.HARDMAX, of(1e30f, 0, -1e30f), 1, 0, 0),
        row(Kind.SPARSEMAX, of(INF, 1, INF), 0.5f, 0, 0.5f),
        row(Kind.SPARSEMAX, of(-INF, 0), 0, 1),
        row(Kind.SPARSEMAX, of(-INF, -INF), NAN, NAN),
        row(Kind.SPARSEMAX, of(7, 7, 7, 7), 0.25f, 0.25f, 0.25f, 0.25f),
        row(Kind.SPARSEMAX, of(1e30f, 0, -1e30f), 1, 0, 0),
        row(Kind.SPARSEMAX, of(0.5f, 0, -0.25f), 0.75f, 0.25f, 0),
        row(Kind.ENTMAX15, of(INF, 1, INF), 0.5f, 0, 0.5f),
        row(Kind.ENTMAX15, of(-INF, 0), 0, 1),
        row(Kind.ENTMAX15, of(-INF, -INF), NAN, NAN),
        row(Kind.ENTMAX15, of(7, 7, 7, 7), 0.25f, 0.25f, 0.25f, 0.25f),
        row(Kind.ENTMAX15, of(1e30f, 0, -1e30f), 1, 0, 0),
        // With t = z - tau: 0.8² + 0.6² = 1, and the x lie 2·0.2 apart.
        row(Kind.ENTMAX15, of(2, 1.6f, 0), 0.64f, 0.36f, 0));
  }

  @ParameterizedTest
  @MethodSource("rows")
  void forward(Kind kind, float[] x, float[] y) {
    assertArrayEquals(y, Definition.run(Op.of(kind), Direction.FORWARD, x, x));
  }

  @Test
  void whatIsMaskedOutIsZeroAndTakesNoPart() {
    masked(of(1, 5, 1, NAN), of(1, 0, 7, -0f), of(0.5f, 0, 0.5f, 0));
    masked(of(3, INF, -INF), of(NAN, 0, 1e-40f), of(1, 0, 0));
    masked(of(INF, 2, INF), of(1, 1, 0), of(1, 0, 0));
  }

  @Test
  void aRowThatIsMaskedOutIsZero() {
    masked(of(1, NAN, INF), of(0, -0f, 0), of(0, 0, 0));
  }

  @Test
  void whatIsLetInIsAsOfSoftmax() {
    masked(of(NAN, 1, 2), of(1, 1, 0), of(NAN, NAN, 0));
    masked(of(-INF, -INF, 2), of(1, 1, 0), of(NAN, NAN, 0));
    float[] x = {0.3f, -2, 7, 1e-3f};
    assertArrayEquals(
        Definition.run(Op.of(Kind.SOFTMAX), Direction.FORWARD, x, x),
        Definition.run(Op.of(Kind.MASKED_SOFTMAX), Direction.FORWARD, x, of(1, 1, 1, 1)));
  }

  private static void masked(float[] x, float[] mask, float[] y) {
    assertArrayEquals(y, Definition.run(Op.of(Kind.MASKED_SOFTMAX), Direction.FORWARD, x, mask));
  }

  @Test
  void gradientsWhereTheOutputIsZeroAreZeroWhateverComesIn() {
    Op op = Op.of(Kind.MASKED_SOFTMAX);
    float[] y = {0.5f, 0, 0.5f, 0};
    assertArrayEquals(
        of(-0.5f, 0, 0.5f, 0), Definition.run(op, Direction.BACKWARD, y, of(1, NAN, 3, -INF)));
    assertArrayEquals(
        of(NAN, 0, NAN, 0), Definition.run(op, Direction.BACKWARD, y, of(1, 2, INF, 4)));
  }

  @Test
  void rowsWithNoiseAreAsOfSoftmax() {
    Op op = Op.of(Kind.GUMBEL_SOFTMAX).seeded(1);
    gumbel(op, of(INF, 1, INF), of(0.5f, 0, 0.5f));
    gumbel(op, of(-INF, -INF), of(NAN, NAN));
    gumbel(op, of(-INF, 3), of(0, 1));
    gumbel(op, of(1e30f, 0, -1e30f), of(1, 0, 0));
    // Where floats lie farther apart than tau, equal ones have equal shares.
    gumbel(op, of(1e30f, 1e30f), of(0.5f, 0.5f));
  }

  private static void gumbel(Op op, float[] x, float[] y) {
    assertArrayEquals(y, Definition.run(op, Direction.FORWARD, x, x));
  }

  /** The noise is part of the difference, however large what all elements have in common. */
  @Test
  void whatIsAddedToAllElementsChangesNothing() {
    Op op = Op.of(Kind.GUMBEL_SOFTMAX).seeded(7);
    float[] zeros = new float[100];
    float[] y = Definition.run(op, Direction.FORWARD, zeros, zeros);
    for (float shift : of(-100, 4096, 8e6f, -8e6f)) {
      float[] x = new float[zeros.length];
      Arrays.fill(x, shift);
      assertArrayEquals(y, Definition.run(op, Direction.FORWARD, x, x), 1e-7f);
    }
  }

  /** By the Gumbel-max trick the largest is where softmax says, as often as it says. */
  @Test
  void theLargestIsDrawnAsOftenAsSoftmaxSays() {
    int rows = 20_000;
    float[] one = {0, 1, -1, 0.5f};
    float[] x = Samples.cycle(one, rows * one.length);
    Op op = Op.of(Kind.GUMBEL_SOFTMAX).seeded(42).over(Geometry.rows(rows, one.length));
    float[] y = Definition.run(op, Direction.FORWARD, x, x);
    Op hardmax = Op.of(Kind.HARDMAX).over(Geometry.rows(rows, one.length));
    float[] hard = Definition.run(hardmax, Direction.FORWARD, y, y);
    float[] shares = Definition.run(Op.of(Kind.SOFTMAX), Direction.FORWARD, one, one);
    for (int i = 0; i < one.length; i++) {
      float drawn = 0;
      for (int row = 0; row < rows; row++) {
        drawn += hard[row * one.length + i];
      }
      // Three standard deviations of a share of a half.
      assertEquals(shares[i], drawn / rows, 3 * 0.5 / Math.sqrt(rows));
    }
  }

  /** Rounded to floats, doubles are that or beside it. */
  @ParameterizedTest
  @MethodSource("rows")
  void forwardOfDoubles(Kind kind, float[] x, float[] y) {
    double[] wide = new double[x.length];
    Arrays.setAll(wide, i -> x[i]);
    double[] values = Definition.run(Op.of(kind), Direction.FORWARD, wide, wide);
    for (int i = 0; i < y.length; i++) {
      float unit = Float.isFinite(y[i]) && y[i] != 0 ? Math.ulp(y[i]) : 0;
      assertEquals(y[i], (float) values[i], unit);
      assertEquals(Math.copySign(1, y[i]), Math.copySign(1, values[i]), "the sign of " + y[i]);
      if (values[i] != values[i]) {
        assertEquals(0x7FF8000000000000L, Double.doubleToRawLongBits(values[i]), "one NaN only");
      }
    }
  }

  static Stream<Kind> kinds() {
    return Arrays.stream(Kind.values()).filter(kind -> kind.shape() == Kind.Shape.OVER_AXIS);
  }

  @ParameterizedTest
  @MethodSource("kinds")
  void aNanAnywhereMakesTheRowNan(Kind kind) {
    for (float[] x : List.of(of(NAN, 1, 2), of(1, NAN, INF), of(-INF, 2, NAN))) {
      assertArrayEquals(
          of(NAN, NAN, NAN), Definition.run(Samples.op(kind), Direction.FORWARD, x, x));
    }
  }

  @ParameterizedTest
  @EnumSource(
      names = {"SOFTMAX", "GUMBEL_SOFTMAX", "SOFTMIN", "LOG_SOFTMAX", "SPARSEMAX", "ENTMAX15"})
  void whatIsNoNumberMakesTheRowOfGradientsNan(Kind kind) {
    float[] x = {1, 2, -3};
    float[] y = Definition.run(Samples.op(kind), Direction.FORWARD, x, x);
    for (float[] dy : List.of(of(NAN, 1, 2), of(1, 2, INF), of(-INF, 2, 3))) {
      assertArrayEquals(of(NAN, NAN, NAN), Definition.run(Op.of(kind), Direction.BACKWARD, y, dy));
    }
    assertArrayEquals(
        of(NAN, NAN, NAN),
        Definition.run(Op.of(kind), Direction.BACKWARD, of(0.5f, NAN, 0), of(1, 2, 3)));
  }

  @ParameterizedTest
  @EnumSource(names = {"SOFTMAX", "SOFTMIN", "LOG_SOFTMAX", "SPARSEMAX", "ENTMAX15"})
  void whatIsNoNumberMakesTheRowOfDoublesNan(Kind kind) {
    double[] nan = {NAN, NAN, NAN};
    double[] x = {1, 2, -3};
    double[] y = Definition.run(Op.of(kind), Direction.FORWARD, x, x);
    for (double[] wrong : List.of(new double[] {NAN, 1, 2}, new double[] {1, 2, INF})) {
      assertArrayEquals(nan, Definition.run(Op.of(kind), Direction.BACKWARD, y, wrong));
    }
    double[] lost = {-INF, 2, NAN};
    assertArrayEquals(nan, Definition.run(Op.of(kind), Direction.FORWARD, lost, lost));
  }

  @ParameterizedTest
  @EnumSource(names = "HARDMAX")
  void theGradientOfADecisionIsZero(Kind kind) {
    assertArrayEquals(
        of(0, -0f, NAN, NAN),
        Definition.run(Op.of(kind), Direction.BACKWARD, of(1, 0, 0, NAN), of(2, -3, INF, 1)));
  }
}
