package dev.activations.verify;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.activations.api.Activation;
import dev.activations.api.Direction;
import dev.activations.api.Kind;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.SplittableRandom;
import java.util.function.DoubleUnaryOperator;
import java.util.stream.Stream;
import org.apfloat.Apfloat;
import org.apfloat.ApfloatMath;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;

class OracleTest {
  /** The promise of the fast oracle, in units in the last place of a float. */
  private static final double PROMISE = 1e-3;

  static Stream<Arguments> functions() {
    return Arrays.stream(Kind.values())
        .filter(kind -> kind.shape() == Kind.Shape.POINTWISE)
        .flatMap(
            kind ->
                Stream.of(Direction.values())
                    .filter(direction -> direction != Direction.BACKWARD)
                    .filter(kind::supports)
                    .map(direction -> Arguments.of(kind, direction)));
  }

  @ParameterizedTest
  @MethodSource("functions")
  void theFastOracleIsTheOracleAtTheScaleOfAFloat(Kind kind, Direction direction) {
    for (Activation activation : Samples.activations(kind)) {
      if (!activation.supports(direction)) {
        continue;
      }
      DoubleUnaryOperator slow = Oracle.of(activation, direction);
      DoubleUnaryOperator fast = FastOracle.of(activation, direction);
      for (float x : inputs()) {
        double truth = slow.applyAsDouble(x);
        double value = fast.applyAsDouble(x);
        int exponent = Math.max(Math.getExponent(truth), Float.MIN_EXPONENT);
        double units = Math.abs(value - truth) / Math.scalb(1.0, exponent - 23);
        boolean both = Math.abs(truth) >= 0x1p128 && Math.abs(value) >= 0x1p128;
        boolean neither = Double.isNaN(truth) && Double.isNaN(value);
        assertTrue(
            both ? truth > 0 == value > 0 : neither || units <= PROMISE,
            () ->
                "%s %s at %s: fast %s, true %s, %s units apart"
                    .formatted(activation, direction, x, value, truth, units));
      }
    }
  }

  /** Tails, the neighbourhoods of the roots, and all of the middle. */
  private static List<Float> inputs() {
    SplittableRandom random = new SplittableRandom(1);
    List<Float> inputs = new ArrayList<>();
    for (float root :
        new float[] {
          -0.7517915f, -1.2784645f, -1.1924312f, -0.7511543f, -0.7524614f, -0.9808292f, -2.4324842f
        }) {
      inputs.add(root);
      inputs.add(root + (float) (random.nextDouble() * 0.125 - 0.0625));
      inputs.add(root + (float) (random.nextDouble() * 0.002 - 0.001));
    }
    for (int i = 0; i < 20; i++) {
      inputs.add((float) (random.nextDouble() * 40 - 20));
      float any = Float.intBitsToFloat(random.nextInt());
      inputs.add(Float.isNaN(any) ? -0f : any);
    }
    inputs.addAll(
        List.of(
            0f,
            0.5f,
            1f,
            -1f,
            Math.nextDown(1f),
            Math.nextUp(-1f),
            3f,
            -3f,
            -86f,
            -100f,
            -104f,
            1e-3f,
            Float.MIN_VALUE,
            -1e-10f,
            -1e30f,
            Float.NEGATIVE_INFINITY,
            Float.POSITIVE_INFINITY));
    return inputs;
  }

  @Test
  void publishedValues() {
    // Abramowitz and Stegun, tables 4.4, 4.5 and 26.1.
    assertEquals(0.8413447460685429, ofGelu(1), 1e-15);
    assertEquals(-0.15865525393145705, ofGelu(-1), 1e-15);
    assertEquals(0.7310585786300049, of(Kind.SIGMOID, Direction.FORWARD, 1), 1e-15);
    assertEquals(0.7615941559557649, of(Kind.TANH, Direction.FORWARD, 1), 1e-15);
    // The value that a mish with a binary logarithm misses.
    assertEquals(0.8650983882673103, of(Kind.MISH, Direction.FORWARD, 1), 1e-15);
    assertEquals(Math.log(2), of(Kind.SOFTPLUS, Direction.FORWARD, 0), 1e-15);
  }

  @Test
  void publishedDigits() {
    // The normal distribution, the logistic function and tanh at 1.
    assertDigits("0.8413447460685429485852325456320379224779", Kind.GELU, 1);
    assertDigits("0.7310585786300048792511592418218362743651", Kind.SIGMOID, 1);
    assertDigits("0.7615941559557648881194582826047935904128", Kind.TANH, 1);
  }

  private static void assertDigits(String digits, Kind kind, double x) {
    Apfloat value = Oracle.ofDoubles(Activation.of(kind), Direction.FORWARD).apply(x);
    Apfloat distance = ApfloatMath.abs(value.subtract(new Apfloat(digits, 60)));
    assertTrue(distance.compareTo(new Apfloat("1e-37")) < 0, () -> kind + " " + value);
  }

  @Test
  void theDerivativeIsTheLimitOfDifferences() {
    double h = 0x1p-20;
    for (Kind kind : Kind.values()) {
      if (kind.shape() != Kind.Shape.POINTWISE) {
        continue;
      }
      for (float x : new float[] {-5.25f, -1.125f, -0.625f, 0.75f, 2.5f}) {
        double difference =
            (of(kind, Direction.FORWARD, x + h) - of(kind, Direction.FORWARD, x - h)) / (2 * h);
        // The error of a central difference is h²/6 times the third derivative, and 2^-53/h.
        assertEquals(difference, of(kind, Direction.DERIVATIVE, x), 4e-9, kind + " at " + x);
      }
    }
  }

  @ParameterizedTest
  @EnumSource
  void theDerivativeFromTheOutputIsTheDerivative(Kind kind) {
    if (kind.fromOutput().isPresent()) {
      DoubleUnaryOperator fromOutput =
          Oracle.of(Activation.of(kind), Direction.BACKWARD_FROM_OUTPUT);
      for (float x : new float[] {-5.25f, -1.125f, -0.625f, 0, 0.75f, 2.5f}) {
        double y = of(kind, Direction.FORWARD, x);
        // The output is rounded to a double.
        assertEquals(
            of(kind, Direction.DERIVATIVE, x), fromOutput.applyAsDouble(y), 3e-16, "at " + x);
      }
    }
  }

  @Test
  void softmaxOfThreeIsThreeShares() {
    double[] shares = Oracle.softmax(new float[] {1, 2, 3});
    assertEquals(0.09003057317038046, shares[0], 1e-15);
    assertEquals(0.24472847105479767, shares[1], 1e-15);
    assertEquals(0.6652409557748219, shares[2], 1e-15);
    double[] gradient = Oracle.softmaxBackward(new float[] {0.25f, 0.75f}, new float[] {1, 0});
    assertEquals(0.1875, gradient[0]);
    assertEquals(-0.1875, gradient[1]);
  }

  private static double ofGelu(double x) {
    return of(Kind.GELU, Direction.FORWARD, x);
  }

  private static double of(Kind kind, Direction direction, double x) {
    return Oracle.of(Activation.of(kind), direction).applyAsDouble(x);
  }
}
