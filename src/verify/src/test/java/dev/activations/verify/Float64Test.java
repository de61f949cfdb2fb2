package dev.activations.verify;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.activations.api.Activation;
import dev.activations.api.Direction;
import dev.activations.api.Kind;
import dev.activations.api.SpecialPoint;
import dev.activations.verify.Float64.Errors;
import dev.activations.verify.Float64.Row;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.function.DoubleUnaryOperator;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

class Float64Test {
  private static final long NAN = 0x7FF8000000000000L;

  /** Samples that the everyday run judges, of many thousands: one takes milliseconds. */
  private static final int JUDGED = 40;

  private static final int JUDGED_WITH_OTHER_PARAMETERS = 10;

  @TempDir Path folder;

  static Stream<Arguments> functions() {
    return Float64.kinds().stream()
        .flatMap(
            kind ->
                Stream.of(Direction.FORWARD, Direction.DERIVATIVE)
                    .map(direction -> Arguments.of(kind, direction)));
  }

  @ParameterizedTest
  @MethodSource("functions")
  void thePublishedBoundHeldOnAllSamples(Kind kind, Direction direction) {
    Row row = carried(kind, direction);
    assertTrue(
        row.worst() <= kind.bound64(direction),
        () -> "measured %s, published %s".formatted(row.worst(), kind.bound64(direction)));
  }

  @ParameterizedTest
  @MethodSource("functions")
  void theTableIsOfTheFormulasAsTheyAre(Kind kind, Direction direction) {
    Row row = carried(kind, direction);
    assertEquals(
        Long.toHexString(Float64.digest(kind, direction)),
        Long.toHexString(row.digest()),
        () -> "the formula has changed; run " + command(kind));
    Errors errors =
        judged(Activation.of(kind), direction, new double[] {row.normalAt(), row.subnormalAt()});
    // The table has six digits after the point.
    assertEquals(row.normal(), errors.normal(), 1e-6);
    assertEquals(row.subnormal(), errors.subnormal(), 1e-6);
  }

  @ParameterizedTest
  @MethodSource("functions")
  void samplesOfEverySortAreWithinTheBound(Kind kind, Direction direction) {
    for (Activation activation : Samples.activations(kind)) {
      boolean asItComes = activation.equals(Activation.of(kind));
      int count = asItComes ? JUDGED : JUDGED_WITH_OTHER_PARAMETERS;
      double[] samples = DoubleSamples.of(activation, direction, count).toArray();
      Errors errors = judged(activation, direction, samples);
      assertTrue(
          errors.worst() <= kind.bound64(direction),
          () ->
              "%s %s: %s units in the last place at %s, above the bound of %s"
                  .formatted(
                      activation,
                      direction.stem(),
                      errors.worst(),
                      errors.worstAt(),
                      kind.bound64(direction)));
    }
  }

  /**
   * The table of points is in floats, and for parameters that are: rounded to one, the double is
   * that or, where a curve is steep in its parameters as that of laplace, some units beside it.
   */
  @ParameterizedTest
  @MethodSource("functions")
  void thePolicyHolds(Kind kind, Direction direction) {
    DoubleUnaryOperator function = Definition.ofDoubles(Activation.of(kind), direction);
    for (SpecialPoint point : kind.specialPoints()) {
      float expected = direction == Direction.FORWARD ? point.forward() : point.derivative();
      double value = function.applyAsDouble(point.x());
      boolean exact = expected == 0 || !Float.isFinite(expected);
      assertEquals(expected, (float) value, exact ? 0 : 8 * Math.ulp(expected), () -> at(point));
      assertEquals(
          Double.doubleToRawLongBits(expected) < 0,
          Double.doubleToRawLongBits(value) < 0,
          () -> "the sign " + at(point));
    }
    for (long bits : new long[] {NAN, 0x7FF0000000000001L, 0xFFFFFFFFFFFFFFFFL}) {
      double value = function.applyAsDouble(Double.longBitsToDouble(bits));
      assertEquals(NAN, Double.doubleToRawLongBits(value), "one NaN only");
    }
  }

  private static String at(SpecialPoint point) {
    return "at " + point.x();
  }

  private static Errors judged(Activation activation, Direction direction, double[] inputs) {
    return Float64.judge(activation, direction, inputs, () -> {});
  }

  private static Row carried(Kind kind, Direction direction) {
    return Float64Table.carried()
        .find(kind, direction)
        .orElseThrow(() -> new AssertionError("no row; run " + command(kind)));
  }

  private static String command(Kind kind) {
    return "ci/float64.sh %s --update".formatted(kind.stem());
  }

  @Test
  void samplesFindRootsAndTails() {
    double[] samples =
        DoubleSamples.of(Activation.of(Kind.SILU), Direction.DERIVATIVE, 1 << 16).toArray();
    // The root is -1.27846454276107379510..., by Lambert's W: -1 - W(1/e).
    double root = -1.2784645427610738;
    for (double x : List.of(root, Math.nextUp(root), Math.nextDown(root))) {
      assertTrue(Arrays.stream(samples).anyMatch(sample -> sample == x), () -> "sample " + x);
    }
    DoubleUnaryOperator function =
        Definition.ofDoubles(Activation.of(Kind.SILU), Direction.DERIVATIVE);
    long subnormal =
        Arrays.stream(samples)
            .map(function)
            .filter(value -> value != 0 && Math.abs(value) < Double.MIN_NORMAL)
            .count();
    assertTrue(subnormal > 8, "subnormal results: " + subnormal);
  }

  @Test
  void theBoundHoldsBesideTheRootsOfTheDerivativeOfSnake() {
    // Found by continued fractions: no double comes nearer to a root than the first, 2^-63·π.
    double[] nearest = {
      -0x1.6ac5b262ca1ffp848, -0x1.6c6cbc45dc8dep4, 0x1.504cac51f1eafp130, -0x1.e009c53148be1p990
    };
    Errors errors = judged(Activation.of(Kind.SNAKE), Direction.DERIVATIVE, nearest);
    assertTrue(
        errors.worst() <= Kind.SNAKE.bound64(Direction.DERIVATIVE),
        () -> "%s units at %s".formatted(errors.worst(), errors.worstAt()));
  }

  @Test
  void aWrongLastBitIsFound() {
    double x = 0.75;
    double truth =
        Oracle.ofDoubles(Activation.of(Kind.TANH), Direction.FORWARD).apply(x).doubleValue();
    double error =
        Ulp.between(
            truth + 3 * Math.ulp(truth),
            Oracle.ofDoubles(Activation.of(Kind.TANH), Direction.FORWARD).apply(x));
    assertEquals(3, error, 0.5);
  }

  @Test
  void theTableIsReadAsItWasWritten() throws IOException {
    Row row = new Row(Kind.GELU, Direction.FORWARD, -2, 3, 0.75, -0.5, 0.5, Double.MIN_VALUE);
    Path file = folder.resolve("table.csv");
    Float64Table table = Float64Table.carried();
    table.put(row);
    table.write(file);
    assertEquals(Optional.of(row), Float64Table.read(file).find(Kind.GELU, Direction.FORWARD));

    Files.writeString(file, "kind,digest\n");
    assertThrows(IllegalArgumentException.class, () -> Float64Table.read(file));
  }
}
