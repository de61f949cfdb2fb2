package dev.activations.cli.plot;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.Arrays;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.Test;

class CurveTest {
  /** Returns a function of arrays from one of numbers. */
  private static UnaryOperator<float[]> each(UnaryOperator<Float> function) {
    return x -> {
      float[] y = new float[x.length];
      for (int i = 0; i < x.length; i++) {
        y[i] = function.apply(x[i]);
      }
      return y;
    };
  }

  private static long gaps(Curve curve) {
    return Arrays.stream(curve.y()).filter(Double::isNaN).count();
  }

  @Test
  void aSmoothCurveIsItsGrid() {
    Curve curve = Curve.of(each(x -> x / 2), -1, 1, 400, List.of());
    assertEquals(401, curve.x().length);
    assertEquals(-1, curve.x()[0]);
    assertEquals(1, curve.x()[400]);
    assertEquals(-0.5, curve.y()[0]);
    assertEquals(0.5, curve.y()[400]);
    assertEquals(0, gaps(curve));
  }

  /** The jump is found to the float, and nothing stands between its two sides. */
  @Test
  void aJumpIsAGap() {
    float edge = 0.3f;
    Curve curve = Curve.of(each(x -> x > edge ? 1f : 0f), -1, 1, 100, List.of());
    assertEquals(1, gaps(curve));
    int gap = 0;
    while (!Double.isNaN(curve.y()[gap])) {
      gap++;
    }
    assertEquals(edge, curve.x()[gap - 1]);
    assertEquals(Math.nextUp(edge), curve.x()[gap + 1]);
    assertEquals(0, curve.y()[gap - 1]);
    assertEquals(1, curve.y()[gap + 1]);
  }

  /** However steep it is, what floats can resolve is no jump. */
  @Test
  void aSteepRiseIsNone() {
    Curve curve = Curve.of(each(x -> (float) Math.tanh(x * 1e4)), -1, 1, 100, List.of());
    assertEquals(0, gaps(curve));
    for (int i = 1; i < curve.y().length; i++) {
      assertTrue(Math.abs(curve.y()[i] - curve.y()[i - 1]) <= 2 / 200.0, "at " + curve.x()[i]);
    }
  }

  @Test
  void severalJumpsBetweenTwoPointsOfTheGridAreFound() {
    Curve curve =
        Curve.of(each(x -> x < 0.301f ? 0f : x < 0.302f ? 1f : 0.5f), -1, 1, 100, List.of());
    assertEquals(2, gaps(curve));
  }

  @Test
  void aMarkedPointMayStandAlone() {
    Curve curve = Curve.of(each(Math::signum), -1, 1, 99, List.of(-0f, 7f));
    assertEquals(2, gaps(curve));
    assertArrayEquals(new double[] {0}, curve.lonely().x());
    assertArrayEquals(new double[] {0}, curve.lonely().y());
  }

  @Test
  void whatIsNotFiniteIsNotDrawn() {
    Curve half = Curve.of(each(x -> (float) Math.log(x)), -1, 1, 10, List.of());
    assertTrue(half.isVisible());
    for (int i = 0; i < half.x().length; i++) {
      assertEquals(half.x()[i] > 0, Double.isFinite(half.y()[i]), "at " + half.x()[i]);
    }
    assertFalse(Curve.of(each(x -> Float.NaN), -1, 1, 10, List.of()).isVisible());
  }

  /** It would be refined for ever. */
  @Test
  void anOscillationEnds() {
    AtomicInteger calls = new AtomicInteger();
    Curve curve =
        Curve.of(
            each(
                x -> {
                  calls.incrementAndGet();
                  return (float) Math.sin(x * 1e7);
                }),
            0,
            1,
            100,
            List.of());
    assertTrue(curve.x().length <= 2 * 16 * 100 + 1, curve.x().length + " points");
    assertTrue(calls.get() <= 2 * 16 * 100 + 1, calls + " calls");
  }
}
