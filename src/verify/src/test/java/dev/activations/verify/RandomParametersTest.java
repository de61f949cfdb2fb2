package dev.activations.verify;

import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.activations.api.Activation;
import dev.activations.api.Direction;
import dev.activations.api.Kind;
import dev.activations.api.Parameter;
import java.util.Arrays;
import java.util.List;
import java.util.SplittableRandom;
import java.util.function.DoubleUnaryOperator;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** The published bounds are those of every parameter, not of the default alone. */
class RandomParametersTest {
  private static final int SETS = 400;
  private static final int INPUTS = 250;

  /** There the oracle takes a millisecond for each value. */
  private static final int ROOTS = 20;

  static Stream<Arguments> functions() {
    return Arrays.stream(Kind.values())
        .filter(kind -> kind.shape() == Kind.Shape.POINTWISE && !kind.parameters().isEmpty())
        .flatMap(
            kind ->
                Stream.of(Direction.FORWARD, Direction.DERIVATIVE)
                    .map(direction -> Arguments.of(kind, direction)));
  }

  @ParameterizedTest
  @MethodSource("functions")
  void theBoundHoldsForAnyParameters(Kind kind, Direction direction) {
    SplittableRandom random = new SplittableRandom(kind.stem().hashCode() + direction.ordinal());
    for (int set = 0; set < SETS; set++) {
      Activation activation = activation(kind, random);
      Verifier verifier = new Verifier(activation, direction);
      for (int i = 0; i < INPUTS; i++) {
        verifier.check(input(activation.floats(), random));
      }
    }
  }

  @Test
  void theBoundHoldsBesideTheRootsOfXielu() {
    SplittableRandom random = new SplittableRandom(1);
    for (int set = 0; set < ROOTS; set++) {
      double beta = Math.scalb(1 + random.nextDouble(), random.nextInt(-16, 15));
      double alpha = Math.min(0x1p16, beta * (1 + Math.scalb(1.0, random.nextInt(-10, 10))));
      Activation activation = Activation.of(Kind.XIELU, 1, alpha, beta);
      for (Direction direction : List.of(Direction.FORWARD, Direction.DERIVATIVE)) {
        Verifier verifier = new Verifier(activation, direction);
        float root = root(FastOracle.of(activation, direction));
        for (int i = -8; i <= 8; i++) {
          verifier.check(Float.intBitsToFloat(Float.floatToRawIntBits(root) + i));
        }
      }
    }
  }

  @Test
  void theBoundHoldsBesideTheRootsOfTheDerivativeOfSnake() {
    // Found by reducing lattices: products that come within 2^-50 of a root.
    float[][] products = {
      {0x1.ef7beap-28f, 0x1.ef51fcp121f},
      {0x1.1d9752p21f, -0x1.0a862cp-1f},
      {0x1.427072p10f, 0x1.b6fd7p-8f},
      {0x1.be1b36p28f, 0x1.c008e8p127f}
    };
    for (float[] product : products) {
      Activation activation = Activation.of(Kind.SNAKE, product[0]);
      new Verifier(activation, Direction.DERIVATIVE).check(product[1]);
    }
  }

  /** Where a function first has another sign than far on the left. */
  private static float root(DoubleUnaryOperator function) {
    double sign = Math.signum(function.applyAsDouble(-0x1p30));
    int left = Float.floatToRawIntBits(-0x1p30f);
    int right = Float.floatToRawIntBits(-Float.MIN_VALUE);
    while (left - right > 1) {
      int middle = right + (left - right) / 2;
      boolean before = function.applyAsDouble(Float.intBitsToFloat(middle)) * sign > 0;
      left = before ? middle : left;
      right = before ? right : middle;
    }
    return Float.intBitsToFloat(right);
  }

  private record Verifier(
      Activation activation,
      Direction direction,
      Definition.Function function,
      DoubleUnaryOperator truth) {

    Verifier(Activation activation, Direction direction) {
      this(
          activation,
          direction,
          Definition.of(activation, direction),
          FastOracle.of(activation, direction));
    }

    void check(float x) {
      float value = function.at(x);
      double expected = truth.applyAsDouble(x);
      double error = Ulp.between(value, expected);
      assertTrue(
          error <= activation.kind().bound(direction) || Math.abs(value - expected) <= cancelled(x),
          () ->
              "%s %s at %s (%08x): %s units off; got %s, true value %s"
                  .formatted(
                      activation,
                      direction.stem(),
                      x,
                      Float.floatToRawIntBits(x),
                      error,
                      value,
                      expected));
    }

    /** What {@link Kind#bound} adds for xielu, whose terms may cancel. */
    private double cancelled(float x) {
      if (activation.kind() != Kind.XIELU) {
        return 0;
      }
      double term = direction == Direction.FORWARD ? Math.abs(x) : 1;
      return activation.parameter("beta") * term * 0x1p-50;
    }
  }

  /** Every second one from all of each domain, the others from where models have them. */
  private static Activation activation(Kind kind, SplittableRandom random) {
    boolean everywhere = random.nextBoolean();
    double[] values =
        kind.parameters().stream()
            .mapToDouble(parameter -> value(parameter, everywhere, random))
            .toArray();
    if (kind == Kind.HARD_TANH) {
      Arrays.sort(values);
    }
    return Activation.of(kind, values);
  }

  /** Of random size: all exponents are equally likely. */
  private static double value(Parameter parameter, boolean everywhere, SplittableRandom random) {
    int low = Math.max(-149, Math.getExponent(parameter.min()));
    int high = Math.min(127, Math.getExponent(parameter.max()));
    double size =
        parameter.min() <= 0
            ? magnitude(everywhere ? -149 : -6, everywhere ? high : Math.min(high, 6), random)
            : magnitude(everywhere ? low : Math.max(low, -6), everywhere ? high : 6, random);
    double signed = parameter.min() < 0 && random.nextBoolean() ? -size : size;
    return (float) Math.max(parameter.min(), Math.min(parameter.max(), signed));
  }

  private static double magnitude(int low, int high, SplittableRandom random) {
    return Math.scalb(1 + random.nextDouble(), random.nextInt(low, high + 1));
  }

  /** Any float, one where data lives, or one to which the parameters give a scale. */
  private static float input(float[] parameters, SplittableRandom random) {
    float any = Float.intBitsToFloat(random.nextInt());
    double middle = 40 * random.nextDouble() - 20;
    float p = parameters[random.nextInt(parameters.length)];
    float q = parameters[random.nextInt(parameters.length)];
    List<Double> inputs =
        List.of((double) any, middle, p * middle, middle / p, p + q * middle, p / q * middle);
    return inputs.get(random.nextInt(inputs.size())).floatValue();
  }
}
