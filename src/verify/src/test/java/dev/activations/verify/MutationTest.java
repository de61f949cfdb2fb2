package dev.activations.verify;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.activations.api.Device;
import dev.activations.api.Direction;
import dev.activations.api.Half;
import dev.activations.api.Kind;
import dev.activations.api.Op;
import dev.activations.cpu.scalar.Gelu;
import dev.activations.spi.Slice;
import dev.activations.verify.FusedDefinition.Values;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.lang.invoke.MethodHandle;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.MethodType;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.TreeSet;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;

/** Proof that the suite can fail: each mistake, made on purpose, must turn it red. */
class MutationTest {
  @Test
  void withoutAMistakeTheSuiteIsGreen() {
    for (Kind kind :
        List.of(Kind.RELU, Kind.GELU, Kind.PRELU, Kind.RRELU, Kind.REGLU, Kind.MAXOUT)) {
      assertEquals(List.of(), failures(kind, new ToyDevice()));
    }
  }

  @Test
  void reluThatIsGelu() {
    assertRed(
        "relu forward: values",
        new ToyDevice() {
          @Override
          float[] compute(Op op, Direction direction, float[] saved, float[] dy) {
            Op wrong = op.formula() == Kind.RELU ? Op.of(Kind.GELU) : op;
            return super.compute(wrong, direction, saved, dy);
          }
        });
  }

  @Test
  void aPassThatWritesOneElementTooFar() {
    assertRed(
        "relu forward: sizes and slices",
        new ToyDevice() {
          @Override
          void store(float[] result, float[] memory, int offset) {
            super.store(result, memory, offset);
            memory[offset + result.length] = 0;
          }
        });
  }

  @Test
  void aPassThatStopsOneElementShort() {
    assertRed(
        "relu forward: sizes and slices",
        new ToyDevice() {
          @Override
          void store(float[] result, float[] memory, int offset) {
            super.store(Arrays.copyOf(result, result.length - 1), memory, offset);
          }
        });
  }

  @Test
  void aDeviceThatIgnoresWhereASliceBegins() {
    assertRed(
        "relu forward: sizes and slices",
        new ToyDevice() {
          @Override
          int offset(Slice slice) {
            return 0;
          }
        });
  }

  @Test
  void aNanOfAnotherPayload() {
    assertRed(
        "gelu forward: values",
        mapping(y -> Float.isNaN(y) ? Float.intBitsToFloat(0x7FC00001) : y));
  }

  @Test
  void aNanOfAnotherSign() {
    assertRed(
        "softmax forward: rows",
        mapping(y -> Float.isNaN(y) ? Float.intBitsToFloat(0xFFC00000) : y));
  }

  /** The last bit of one result, of each kind over an axis and each direction. */
  @Test
  void rowsOfWhichOneElementIsAnotherFloat() {
    List<Kind> kinds =
        Arrays.stream(Kind.values()).filter(kind -> kind.shape() == Kind.Shape.OVER_AXIS).toList();
    Device device =
        new ToyDevice() {
          @Override
          float[] compute(Op op, Direction direction, float[] saved, float[] dy) {
            float[] result = super.compute(op, direction, saved, dy);
            if (result.length > 0) {
              result[0] = Float.intBitsToFloat(Float.floatToRawIntBits(result[0]) ^ 1);
            }
            return result;
          }
        };
    List<String> failures = failures(kinds, device);
    for (Kind kind : kinds) {
      for (String check : List.of(" forward: rows", " backward: rows")) {
        assertTrue(failures.contains(kind.stem() + check), () -> "expected among " + failures);
      }
    }
  }

  @Test
  void flushedSubnormals() {
    assertRed(
        "gelu forward: values",
        mapping(y -> Math.abs(y) < Float.MIN_NORMAL ? Math.copySign(0f, y) : y));
  }

  @Test
  void aLostSignOfZero() {
    assertRed("gelu forward: special points", mapping(y -> y == 0 ? 0f : y));
  }

  @Test
  void aBackwardPassThatForgetsTheGradient() {
    assertRed(
        "gelu backward: values",
        new ToyDevice() {
          @Override
          float[] compute(Op op, Direction direction, float[] saved, float[] dy) {
            boolean pointwise = op.formula() != Kind.SOFTMAX && direction == Direction.BACKWARD;
            return super.compute(op, pointwise ? Direction.DERIVATIVE : direction, saved, dy);
          }
        });
  }

  @Test
  void aGateInTheOtherHalf() {
    assertRed(
        "reglu forward: axes",
        new ToyDevice() {
          @Override
          float[] compute(Op op, Direction direction, float[] saved, float[] dy) {
            return super.compute(op.gatedBy(Half.SECOND), direction, saved, dy);
          }
        });
  }

  @Test
  void gradientsOfGateAndValueThatAreSwapped() {
    assertRed(
        "glu backward: gate and value apart",
        new ToyDevice() {
          @Override
          float[] compute(Op op, Direction direction, float[] saved, float[] dy) {
            float[] result = super.compute(op, direction, saved, dy);
            int half = result.length / 2;
            return direction == Direction.FORWARD
                ? result
                : Samples.join(
                    Arrays.copyOfRange(result, half, result.length), Arrays.copyOf(result, half));
          }
        });
  }

  @Test
  void aMaximumThatDropsNan() {
    assertRed("maxout forward: values", mapping(y -> Float.isNaN(y) ? 1 : y));
  }

  @Test
  void anRreluThatForgetsItsSlopeOnTheWayBack() {
    assertRed(
        "rrelu backward: fused",
        new ToyDevice() {
          @Override
          float[] fused(Op op, Direction direction, float[] x, float[] dy, Values values) {
            boolean forgets = op.drawsSlopes() && direction == Direction.BACKWARD;
            return forgets
                ? compute(Op.of(op.activation()), direction, x, dy)
                : super.fused(op, direction, x, dy, values);
          }
        });
  }

  @Test
  void dropoutThatStartsAnewInEachPiece() {
    assertRed(
        "relu forward: fused",
        new ToyDevice() {
          @Override
          float[] fused(Op op, Direction direction, float[] x, float[] dy, Values values) {
            return super.fused(op.startingAt(0), direction, x, dy, values);
          }
        });
  }

  @Test
  void aBiasOfTheNextChannel() {
    assertRed(
        "relu backward: fused",
        new ToyDevice() {
          @Override
          float[] fused(Op op, Direction direction, float[] x, float[] dy, Values values) {
            float[] bias = values.bias().clone();
            System.arraycopy(values.bias(), 1, bias, 0, bias.length - 1);
            return super.fused(
                op, direction, x, dy, new Values(bias, values.weight(), values.residual()));
          }
        });
  }

  @Test
  void sumsInTheOrderOfTheElements() {
    Device device =
        new ToyDevice() {
          @Override
          float[] sums(float[] x, Optional<float[]> dy, int channels, int inner) {
            float[] sums = new float[channels];
            for (int i = 0; i < x.length; i++) {
              float term = dy.isEmpty() ? x[i] : x[i] > 0 ? 0 : x[i] * dy.get()[i];
              sums[i / inner % channels] += term;
            }
            return sums;
          }
        };
    List<String> failures = failures(Kind.PRELU, device);
    assertTrue(failures.contains("sums over channels"), failures.toString());
    assertTrue(failures.contains("gradients of biases and weights"), failures.toString());
  }

  @Test
  void aDeviceThatThrows() {
    assertRed(
        "gelu forward: host buffers",
        new ToyDevice() {
          @Override
          float[] compute(Op op, Direction direction, float[] saved, float[] dy) {
            throw new IllegalStateException("on purpose");
          }
        });
  }

  /**
   * The last bit of a coefficient, flipped in the compiled class. Every second of those from 1/16
   * to 32: the last bit of a smaller one changes one result in many thousands, which is for the
   * exhaustive run to find, and that of a larger one changes none. Nor does that of a rough one,
   * written with few bits because it only weighs a rounding error, of log2(e)/2, which only chooses
   * an integer, or of 14.6, where the tail of the derivative begins.
   */
  @TestFactory
  Stream<DynamicTest> aFlippedBitOfACoefficient() {
    byte[] original = bytesOf(Gelu.class);
    List<Integer> places = new ArrayList<>();
    for (float constant : new TreeSet<>(Edges.constants(Gelu.class).floats())) {
      boolean rough = (Float.floatToRawIntBits(constant) & 0xFFF) == 0;
      boolean chooses = constant == 0x1.715476p-1f || constant == 14.6f;
      if (rough || chooses || Math.abs(constant) < 0x1p-4f || Math.abs(constant) > 32) {
        continue;
      }
      byte[] entry = ByteBuffer.allocate(5).put((byte) 4).putFloat(constant).array();
      for (int at = 0; at + entry.length <= original.length; at++) {
        if (Arrays.equals(entry, 0, 5, original, at, at + 5)) {
          places.add(at + 4);
        }
      }
    }
    assertTrue(places.size() > 4, "constants found: " + places.size());
    return Stream.iterate(0, i -> i < places.size(), i -> i + 2)
        .map(places::get)
        .map(
            at ->
                DynamicTest.dynamicTest(
                    "byte " + at + " " + ByteBuffer.wrap(original).getFloat(at - 3),
                    () -> {
                      byte[] mutant = original.clone();
                      mutant[at] ^= 1;
                      List<Check> failures =
                          Check.failures(
                              Conformance.run(
                                      new MutantGelu(mutant),
                                      Scope.quick(List.of(Kind.GELU)),
                                      Conformance.Listener.NONE)
                                  .checks());
                      assertFalse(
                          failures.isEmpty(),
                          "survived: " + ByteBuffer.wrap(mutant).getFloat(at - 3));
                    }));
  }

  private static Device mapping(Definition.Function afterwards) {
    return new ToyDevice() {
      @Override
      float[] compute(Op op, Direction direction, float[] saved, float[] dy) {
        float[] result = super.compute(op, direction, saved, dy);
        for (int i = 0; i < result.length; i++) {
          result[i] = afterwards.at(result[i]);
        }
        return result;
      }
    };
  }

  private static void assertRed(String check, Device device) {
    Kind kind = Kind.named(check.substring(0, check.indexOf(' ')));
    List<String> failures = failures(kind, device);
    assertTrue(failures.contains(check), () -> "expected " + check + " among " + failures);
  }

  private static List<String> failures(Kind kind, Device device) {
    return failures(List.of(kind), device);
  }

  private static List<String> failures(List<Kind> kinds, Device device) {
    return Check.failures(
            Conformance.run(device, Scope.quick(List.copyOf(kinds)), Conformance.Listener.NONE)
                .checks())
        .stream()
        .map(Check::name)
        .toList();
  }

  private static byte[] bytesOf(Class<?> type) {
    try (InputStream in = type.getResourceAsStream(type.getSimpleName() + ".class")) {
      return in.readAllBytes();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** A device whose gelu comes from other bytes. */
  private static final class MutantGelu extends ToyDevice {
    private final MethodHandle forward;
    private final MethodHandle derivative;

    MutantGelu(byte[] bytes) throws ReflectiveOperationException {
      Class<?> gelu = new MutantLoader(bytes).loadClass(Gelu.class.getName());
      MethodType type = MethodType.methodType(float.class, float.class);
      MethodHandles.Lookup lookup = MethodHandles.publicLookup();
      forward = lookup.findStatic(gelu, "forward", type);
      derivative = lookup.findStatic(gelu, "derivative", type);
    }

    @Override
    float[] compute(Op op, Direction direction, float[] saved, float[] dy) {
      MethodHandle function = direction == Direction.FORWARD ? forward : derivative;
      float[] result = new float[saved.length];
      try {
        for (int i = 0; i < result.length; i++) {
          float value = (float) function.invokeExact(saved[i]);
          result[i] = direction == Direction.BACKWARD ? dy[i] * value : value;
          result[i] = Float.isNaN(result[i]) ? Float.NaN : result[i];
        }
      } catch (Throwable e) {
        throw new AssertionError(e);
      }
      return result;
    }
  }

  /** Defines one class from its own bytes, the rest as the parent does. */
  private static final class MutantLoader extends ClassLoader {
    private final byte[] bytes;

    MutantLoader(byte[] bytes) {
      super(Gelu.class.getClassLoader());
      this.bytes = bytes;
    }

    @Override
    protected Class<?> loadClass(String name, boolean resolve) throws ClassNotFoundException {
      if (!name.equals(Gelu.class.getName())) {
        return super.loadClass(name, resolve);
      }
      Class<?> loaded = findLoadedClass(name);
      return loaded != null ? loaded : defineClass(name, bytes, 0, bytes.length);
    }
  }
}
