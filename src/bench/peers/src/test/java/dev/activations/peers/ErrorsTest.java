package dev.activations.peers;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.activations.api.Direction;
import dev.activations.api.Kind;
import java.nio.FloatBuffer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Errors of this library, which are bounded, and of a wrong one. */
class ErrorsTest {
  @ParameterizedTest
  @CsvSource({"GELU,FORWARD", "SIGMOID,BACKWARD", "SOFTMAX,FORWARD", "SOFTMAX,BACKWARD"})
  void thisLibraryIsWithinOneUnit(Kind kind, Direction direction) {
    try (Peer ours = new Ours(1)) {
      Errors errors = Errors.of(ours, kind, direction);
      assertTrue(errors.everywhere() <= 1 && errors.middle() <= 1, errors::toString);
    }
  }

  @Test
  void aWrongConstantIsSeen() {
    // The slope's neighbour is one unit away.
    Errors errors = Errors.of(new Leak(Math.nextUp(0.01f)), Kind.LEAKY_RELU, Direction.BACKWARD);
    assertEquals(new Errors(1, 1), errors);
  }

  @Test
  void aTailFlushedToZeroIsSeenOnlyEverywhere() {
    Errors errors = Errors.of(new Flushed(), Kind.SIGMOID, Direction.FORWARD);
    assertTrue(errors.everywhere() > 0x1p23 && errors.middle() <= 1, errors::toString);
  }

  /** The derivative of a leaky rectifier. */
  private record Leak(float slope) implements Peer {
    @Override
    public Runnable pass(
        Kind kind, Direction direction, FloatBuffer x, FloatBuffer dy, FloatBuffer out) {
      return () -> {
        for (int i = 0; i < x.capacity(); i++) {
          out.put(i, x.get(i) > 0 ? 1 : slope);
        }
      };
    }

    @Override
    public void close() {}
  }

  /** A sigmoid that is 0 below -80. */
  private record Flushed() implements Peer {
    @Override
    public Runnable pass(
        Kind kind, Direction direction, FloatBuffer x, FloatBuffer dy, FloatBuffer out) {
      return () -> {
        for (int i = 0; i < x.capacity(); i++) {
          out.put(i, x.get(i) < -80 ? 0 : (float) (1 / (1 + Math.exp(-x.get(i)))));
        }
      };
    }

    @Override
    public void close() {}
  }
}
