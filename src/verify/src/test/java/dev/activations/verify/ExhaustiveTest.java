package dev.activations.verify;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.activations.api.Activation;
import dev.activations.api.Device;
import dev.activations.api.Direction;
import dev.activations.api.Kind;
import dev.activations.api.Op;
import dev.activations.verify.Exhaustive.Result;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Optional;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

class ExhaustiveTest {
  @TempDir Path folder;

  static Stream<Arguments> functions() {
    return Arrays.stream(Kind.values())
        .flatMap(
            kind ->
                Exhaustive.directions(kind).stream()
                    .map(direction -> Arguments.of(kind, direction)));
  }

  @ParameterizedTest
  @MethodSource("functions")
  void thePublishedBoundHoldsOnAllInputs(Kind kind, Direction direction) {
    Measurement errors = carried(kind, direction).measurement().orElseThrow();
    assertTrue(
        errors.worst() <= kind.bound(direction),
        () -> "measured %s, published %s".formatted(errors.worst(), kind.bound(direction)));
    if (kind.bound(direction) <= 1) {
      assertEquals(0, errors.aboveOne());
    }
  }

  @ParameterizedTest
  @MethodSource("functions")
  void theTableIsOfTheFormulasAsTheyAre(Kind kind, Direction direction) {
    assertEquals(
        Long.toHexString(Exhaustive.sample(kind, direction)),
        Long.toHexString(carried(kind, direction).sample()),
        () -> "the formula has changed; run " + command(kind, direction));
  }

  private static Result carried(Kind kind, Direction direction) {
    return ExhaustiveTable.carried()
        .find(kind, direction)
        .orElseThrow(() -> new AssertionError("no row; run " + command(kind, direction)));
  }

  private static String command(Kind kind, Direction direction) {
    return "ci/exhaustive.sh %s %s --measure --update".formatted(kind.stem(), direction.stem());
  }

  @Test
  void aDigestKnowsNoOrderButEveryBit() {
    Digest there = new Digest();
    Digest back = new Digest();
    Digest other = new Digest();
    for (int i = 0; i < 1000; i++) {
      there.add(i, 7 * i);
      back.add(999 - i, 7 * (999 - i));
      other.add(i, i == 500 ? 7 * i ^ 1 : 7 * i);
    }
    assertEquals(there.value(), back.value());
    assertNotEquals(there.value(), other.value());
  }

  @Test
  void everyInputOfEveryChunkCounts() {
    Definition.Function gelu = Definition.of(Activation.of(Kind.GELU), Direction.FORWARD);
    Digest expected = new Digest();
    for (int bits = 0; bits < 5 * Exhaustive.CHUNK; bits++) {
      expected.add(bits, Float.floatToRawIntBits(gelu.at(Float.intBitsToFloat(bits))));
    }
    assertEquals(expected.value(), firstChunks(new ToyDevice()).digest());
  }

  @Test
  void theLargestErrorIsFoundWhereItIs() {
    int wrong = 3 * Exhaustive.CHUNK + 12_345;
    ToyDevice device =
        new ToyDevice() {
          @Override
          float[] compute(Op op, Direction direction, float[] saved, float[] dy) {
            float[] result = super.compute(op, direction, saved, dy);
            for (int i = 0; i < result.length; i++) {
              if (Float.floatToRawIntBits(saved[i]) == wrong) {
                result[i] += 3 * Float.MIN_VALUE;
              }
            }
            return result;
          }
        };
    Measurement errors = firstChunks(device).measurement().orElseThrow();
    assertEquals(wrong, errors.subnormalAt());
    assertEquals(3, errors.subnormal(), 0.5);
    assertEquals(1, errors.aboveOne());
    assertEquals(0, errors.normal());
    assertNotEquals(firstChunks(new ToyDevice()).digest(), firstChunks(device).digest());
  }

  private static Result firstChunks(Device device) {
    return Exhaustive.run(device, Kind.GELU, Direction.FORWARD, true, share -> {}, 5);
  }

  @Test
  void softmaxRunsOnAnyDevice() {
    for (Direction direction : Exhaustive.directions(Kind.SOFTMAX)) {
      Result result = Exhaustive.run(new ToyDevice(), Kind.SOFTMAX, direction, false, share -> {});
      assertEquals(result.sample(), result.digest());
    }
  }

  @Test
  void directionsThatHaveNoDigestAreRefused() {
    assertThrows(
        IllegalArgumentException.class,
        () -> Exhaustive.run(new ToyDevice(), Kind.GELU, Direction.BACKWARD, false, share -> {}));
  }

  @Test
  void theTableIsReadAsItWasWritten() throws IOException {
    Result row =
        new Result(
            Kind.GELU,
            Direction.FORWARD,
            -2,
            3,
            Optional.of(new Measurement(0.75, 0xC0490FDB, 0.5, 1, 0)));
    Path file = folder.resolve("table.csv");
    ExhaustiveTable table = ExhaustiveTable.carried();
    table.put(row);
    table.write(file);
    assertEquals(Optional.of(row), ExhaustiveTable.read(file).find(Kind.GELU, Direction.FORWARD));

    Files.writeString(file, "kind,digest\n");
    assertThrows(IllegalArgumentException.class, () -> ExhaustiveTable.read(file));
  }
}
