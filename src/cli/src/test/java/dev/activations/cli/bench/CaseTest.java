package dev.activations.cli.bench;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.activations.api.Activation;
import dev.activations.api.Device;
import dev.activations.api.Direction;
import dev.activations.api.Dtype;
import dev.activations.api.Finding;
import dev.activations.api.Kind;
import dev.activations.api.Session;
import java.util.Arrays;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

class CaseTest {

  private static Case of(String activation, Direction direction, Dtype dtype, long elements) {
    return new Case(Activation.parse(activation), direction, dtype, Place.DEVICE, elements);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = ';',
      value = {
        "relu; FORWARD; F32; 1000; 4000 4000",
        "relu; DERIVATIVE; F64; 1000; 8000 8000",
        "gelu; BACKWARD; F32; 1000; 4000 4000 4000",
        "gelu; BACKWARD; BF16; 1000; 2000 2000 2000",
        "softmax; FORWARD; F32; 100; 400 400",
        "softmax; BACKWARD; F32; 4000; 12288 12288 12288",
        "swiglu; FORWARD; F16; 2048; 4096 2048",
        "swiglu; BACKWARD; F16; 2048; 4096 2048 4096",
        "swiglu; FORWARD; F32; 1; 8 4",
        "maxout(pieces=3); FORWARD; F32; 3000; 8184 2728",
        "crelu; FORWARD; F32; 1024; 4096 8192",
        "masked_softmax; FORWARD; F32; 1024; 4096 4096 4096",
      })
  void countsWhatMustBeReadAndWritten(
      String activation, Direction direction, Dtype dtype, long elements, String bytes) {
    long[] expected = Arrays.stream(bytes.split(" ")).mapToLong(Long::parseLong).toArray();
    Case it = of(activation, direction, dtype, elements);
    assertEquals(Arrays.toString(expected), Arrays.toString(it.bytes().toArray()));
  }

  @ParameterizedTest
  @EnumSource
  void aCopyMovesTheBytesOfAForwardPass(Dtype dtype) {
    assertEquals(
        of("relu", Direction.FORWARD, dtype, 1000).bytes().sum(),
        Case.copy(dtype, Place.DEVICE, 1000).bytes().sum());
  }

  @ParameterizedTest
  @EnumSource
  void everyKindHasItsPasses(Kind kind) {
    for (Direction direction : Plan.DIRECTIONS) {
      if (kind.supports(direction)) {
        assertTrue(of(kind.stem(), direction, Dtype.F32, 1).bytes().sum() >= 2 * Float.BYTES);
      }
    }
  }

  @Test
  void parametersStandInTheNameWhereTheyAreNotTheDefault() {
    assertEquals("silu", of("swish", Direction.FORWARD, Dtype.F32, 1).name());
    assertEquals("silu(beta=2.0)", of("silu(beta=2)", Direction.FORWARD, Dtype.F32, 1).name());
  }

  /** A device without float64. */
  private static final class Single implements Device {
    static final Finding OBSTACLE =
        Finding.unusable("test", "test:0", "old", "It has no doubles.", "Take float32.");

    @Override
    public Optional<Finding> obstacle(Dtype dtype) {
      return dtype == Dtype.F64 ? Optional.of(OBSTACLE) : Optional.empty();
    }

    @Override
    public String id() {
      return OBSTACLE.id();
    }

    @Override
    public String backend() {
      return OBSTACLE.backend();
    }

    @Override
    public String name() {
      return OBSTACLE.name();
    }

    @Override
    public Type type() {
      return Type.GPU;
    }

    @Override
    public Map<String, String> properties() {
      return Map.of();
    }

    @Override
    public Optional<String> caveat() {
      return Optional.empty();
    }

    @Override
    public Session open() {
      throw new AssertionError("nothing is to run");
    }
  }

  @Test
  void whatADeviceCannotRunHasAReason() {
    Device device = new Single();
    assertEquals(
        Optional.of("It has no doubles."),
        of("relu", Direction.FORWARD, Dtype.F64, 1).obstacle(device));
    assertEquals(Optional.empty(), of("relu", Direction.FORWARD, Dtype.F16, 1).obstacle(device));
    assertEquals(
        Optional.of("it has no derivative pass"),
        of("swiglu", Direction.DERIVATIVE, Dtype.F32, 1).obstacle(device));
  }
}
