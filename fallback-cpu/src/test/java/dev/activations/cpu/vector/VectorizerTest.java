package dev.activations.cpu.vector;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.activations.cpu.scalar.Kinks;
import dev.activations.cpu.scalar.RowArithmetic;
import dev.activations.cpu.vector.Vectorizer.Named;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

class VectorizerTest {
  private static final int LANES = Vectorizer.lanes();
  private static final float[] NO_FLOATS = {};
  private static final int[] NO_INTS = {};

  private static final float[] CORNERS = {
    0.0f,
    -0.0f,
    1.0f,
    -1.0f,
    0.5f,
    2.0f,
    -3.0f,
    Float.MIN_VALUE,
    -Float.MIN_VALUE,
    Float.MIN_NORMAL,
    Float.MAX_VALUE,
    -Float.MAX_VALUE,
    Float.POSITIVE_INFINITY,
    Float.NEGATIVE_INFINITY,
    Float.NaN,
    16777215.5f,
    -8388607.5f,
    2147483520.0f,
    -2147483520.0f,
    0.99999994f
  };

  /** Every pair of corners, and numbers of all magnitudes. */
  private static final float[][] INPUTS = inputs();

  private static float[][] inputs() {
    int pairs = CORNERS.length * CORNERS.length;
    int count = (pairs + 4096) / LANES * LANES;
    float[][] inputs = new float[2][count];
    Random random = new Random(7);
    for (int i = 0; i < count; i++) {
      inputs[0][i] = i < pairs ? CORNERS[i / CORNERS.length] : anything(random);
      inputs[1][i] = i < pairs ? CORNERS[i % CORNERS.length] : anything(random);
    }
    return inputs;
  }

  private static float anything(Random random) {
    float any = Float.intBitsToFloat(random.nextInt());
    return random.nextBoolean() ? (float) random.nextGaussian() : any == any ? any : Float.NaN;
  }

  static Stream<String> formulas() {
    List<String> others =
        List.of(
            "uniforms",
            "sums",
            "divide",
            "library",
            "loop",
            "doubles",
            "compared",
            "longArm",
            "flagged");
    return Arrays.stream(Samples.class.getDeclaredMethods())
        .filter(method -> !method.isSynthetic())
        .map(Method::getName)
        .filter(name -> !others.contains(name))
        .sorted();
  }

  @ParameterizedTest
  @MethodSource("formulas")
  void theLoopHasTheBitsOfTheFormula(String name) {
    VectorLoop<float[]> loop = Vectorizer.map(new Named(Samples.class, name), 2).overArrays();
    float[] out = new float[INPUTS[0].length];
    run(loop, INPUTS[0], INPUTS[1], out);
    for (int i = 0; i < out.length; i++) {
      assertSameBits(call(name, INPUTS[0][i], INPUTS[1][i]), out[i], INPUTS[0][i], INPUTS[1][i]);
    }
  }

  @Test
  void argumentsThatAreNoStreamsAreUniformsRecordsIncluded() {
    VectorLoop<float[]> loop = Vectorizer.map(new Named(Samples.class, "uniforms"), 1).overArrays();
    float[] x = Arrays.copyOf(INPUTS[0], LANES);
    float[] out = new float[LANES];
    float[] uniforms = {3, 5, 7};
    loop.run(x, 0, x, 0, out, 0, LANES, uniforms, NO_FLOATS, NO_INTS);
    for (int i = 0; i < LANES; i++) {
      float expected = Samples.uniforms(x[i], 3, new Samples.Two(5, 7));
      assertSameBits(expected, out[i], x[i], 0);
    }
  }

  @Test
  void aChainFeedsOneFormulaToTheOther() {
    VectorLoop<float[]> loop =
        Vectorizer.chain(
                new Named(Samples.class, "subtract"),
                new Named(Samples.class, "uniforms"),
                Optional.empty())
            .overArrays();
    float[] x = {1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15, 16};
    float[] y = new float[16];
    Arrays.fill(y, 0.25f);
    float[] out = new float[16];
    loop.run(x, 0, y, 0, out, 0, 16, new float[] {3, 5, 7}, NO_FLOATS, NO_INTS);
    for (int i = 0; i < 16; i++) {
      assertEquals(Samples.uniforms(x[i], 3, new Samples.Two(5, 7)) - 0.25f, out[i]);
    }
  }

  @Test
  void whatSettlesTheResultHasUniformsOfItsOwn() {
    VectorLoop<float[]> loop =
        Vectorizer.map(
                new Named(Samples.class, "uniforms"), Optional.of(new Named(Kinks.class, "settle")))
            .overArrays();
    float[] x = {1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15, 16};
    float[] out = new float[16];
    float[] uniforms = {3, 5, 7, 2, -20, Float.NaN, -30};
    loop.run(x, 0, x, 0, out, 0, 16, uniforms, NO_FLOATS, NO_INTS);
    for (int i = 0; i < 16; i++) {
      assertEquals(x[i] == 2 ? -20 : Samples.uniforms(x[i], 3, new Samples.Two(5, 7)), out[i]);
    }
  }

  @Test
  void readsAndWritesFromWhereItIsTold() {
    VectorLoop<float[]> loop = Vectorizer.map(new Named(Samples.class, "subtract"), 2).overArrays();
    int count = 3 * LANES;
    float[] first = new float[count + 5];
    float[] second = new float[count + 7];
    float[] out = new float[count + 9];
    for (int i = 0; i < count; i++) {
      first[5 + i] = i;
      second[3 + i] = 2 * i;
    }
    Arrays.fill(out, 99);
    loop.run(first, 5, second, 3, out, 4, count, NO_FLOATS, NO_FLOATS, NO_INTS);
    for (int i = 0; i < out.length; i++) {
      assertEquals(i < 4 || i >= 4 + count ? 99 : -(i - 4), out[i]);
    }
    // In place.
    loop.run(first, 5, second, 3, second, 3, count, NO_FLOATS, NO_FLOATS, NO_INTS);
    for (int i = 0; i < count; i++) {
      assertEquals(-i, second[3 + i]);
    }
  }

  @Test
  void vectorsOfWhichNoLaneNeedsALongArmJumpOverIt() {
    VectorLoop<float[]> loop = Vectorizer.map(new Named(Samples.class, "longArms"), 2).overArrays();
    float[] x = new float[6 * LANES];
    float[] y = new float[6 * LANES];
    for (int i = 0; i < x.length; i++) {
      // No lane beyond 8, all, one; and the same again.
      x[i] = new float[] {1, 100, i % LANES == 3 ? -50 : 2}[i / LANES % 3];
      y[i] = i - 70;
    }
    float[] out = new float[x.length];
    run(loop, x, y, out);
    for (int i = 0; i < x.length; i++) {
      assertSameBits(Samples.longArms(x[i], y[i]), out[i], x[i], y[i]);
    }
  }

  @Test
  void refusesElementsBeyondAnArray() {
    VectorLoop<float[]> loop = Vectorizer.map(new Named(Samples.class, "negate"), 1).overArrays();
    float[] x = new float[2 * LANES - 1];
    float[] out = new float[2 * LANES];
    assertThrows(IndexOutOfBoundsException.class, () -> run(loop, x, x, out));
  }

  @Test
  void foldsEachLaneOfTwoStreams() {
    VectorLoop<float[]> loop = Vectorizer.fold(new Named(Samples.class, "subtract")).overArrays();
    float[] x = new float[6 * LANES];
    for (int i = 0; i < x.length; i++) {
      x[i] = i;
    }
    float[] state = new float[2 * LANES];
    Arrays.fill(state, 1000);
    loop.run(x, 0, x, 3 * LANES, null, 0, 3 * LANES, NO_FLOATS, state, NO_INTS);
    for (int i = 0; i < LANES; i++) {
      assertEquals(1000 - 3 * i - 3 * LANES, state[i]);
      assertEquals(1000 - 3 * i - 12 * LANES, state[LANES + i]);
    }
  }

  @Test
  void foldsTheLanesOfBothStreamsTogether() {
    VectorLoop<float[]> loop =
        Vectorizer.foldBoth(new Named(RowArithmetic.class, "magnitude")).overArrays();
    float[] x = new float[3 * LANES];
    float[] y = new float[3 * LANES];
    y[LANES + 1] = -7;
    x[2 * LANES + 2] = Float.POSITIVE_INFINITY;
    float[] state = new float[LANES];
    Arrays.fill(state, 3);
    loop.run(x, 0, y, 0, null, 0, 3 * LANES, NO_FLOATS, state, NO_INTS);
    for (int i = 0; i < LANES; i++) {
      assertEquals(i == 1 ? 7 : i == 2 ? Float.NaN : 3, state[i]);
    }
  }

  @Test
  void addsIntegersWithoutOverflow() {
    VectorLoop<float[]> loop = Vectorizer.sum(new Named(Samples.class, "sums"), 2).overArrays();
    int count = Vectorizer.ADDITIONS * LANES;
    float[] x = new float[count];
    float[] y = new float[count];
    Random random = new Random(3);
    for (int i = 0; i < count; i++) {
      // One lane takes the largest that is allowed each time.
      x[i] = i % LANES == 0 ? 0x1p22f : random.nextInt(1 << 23) - (1 << 22);
      y[i] = Float.intBitsToFloat(i % LANES == 0 ? 0x7F7FFFFF : random.nextInt() & ~0x00800000);
    }
    int[] state = new int[3 * LANES];
    loop.run(x, 0, y, 0, null, 0, count, NO_FLOATS, NO_FLOATS, state);
    for (int lane = 0; lane < LANES; lane++) {
      long high = 0;
      long mid = 0;
      long low = 0;
      for (int i = lane; i < count; i += LANES) {
        high += Samples.sums(x[i], y[i]).high();
        mid += Samples.sums(x[i], y[i]).mid();
        low += Samples.sums(x[i], y[i]).low();
      }
      assertEquals(high, state[lane]);
      assertEquals(mid, state[LANES + lane]);
      assertEquals(low, state[2 * LANES + lane]);
    }
  }

  @Test
  void theCastFromIntegerOperationsHasTheBitsOfTheCast() {
    Graph graph = new Graph();
    Node cast =
        graph.convert(Operation.FROM_BITS, Node.Type.FLOAT, graph.truncate(graph.stream(0)));
    VectorLoop<float[]> loop =
        new Vectorized("cast", graph, Optional.of(cast), List.of()).overArrays();
    float[] x = INPUTS[0].clone();
    for (int i = 0; i < x.length; i++) {
      x[i] = Math.abs(x[i]) < 0x1p31f ? x[i] : i * 1000.25f;
    }
    float[] out = new float[x.length];
    run(loop, x, x, out);
    for (int i = 0; i < x.length; i++) {
      assertEquals((int) x[i], Float.floatToRawIntBits(out[i]), "the cast of " + x[i]);
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"divide", "library", "loop", "doubles", "compared"})
  void refusesWhatTheDialectHasNot(String name) {
    Named formula = new Named(Samples.class, name);
    UnsupportedOperationException e =
        assertThrows(UnsupportedOperationException.class, () -> Vectorizer.map(formula, 2));
    assertTrue(e.getMessage().contains(name + "("), e.getMessage());
  }

  @Test
  void namesAMethodThatIsNotThere() {
    Named formula = new Named(Samples.class, "absent");
    IllegalArgumentException e =
        assertThrows(IllegalArgumentException.class, () -> Vectorizer.map(formula, 2));
    assertTrue(e.getMessage().contains("absent"), e.getMessage());
  }

  @Test
  void refusesCodeThatHotSpotWouldNotCompile() {
    Graph graph = new Graph();
    Node sum = graph.stream(0);
    for (int i = 0; i < 1000; i++) {
      sum = graph.arithmetic(Operation.ADD, graph.stream(1), sum);
    }
    Vectorized result = new Vectorized("long", graph, Optional.of(sum), List.of());
    UnsupportedOperationException e =
        assertThrows(UnsupportedOperationException.class, result::overArrays);
    assertTrue(e.getMessage().contains("8000"), e.getMessage());
  }

  @Test
  void needsMoreThan256Locals() {
    Graph graph = new Graph();
    Node sum = graph.stream(0);
    for (int i = 0; i < 300; i++) {
      sum = graph.arithmetic(Operation.ADD, graph.stream(1), sum);
    }
    VectorLoop<float[]> loop =
        new Vectorized("wide", graph, Optional.of(sum), List.of()).overArrays();
    float[] x = new float[LANES];
    float[] y = new float[LANES];
    Arrays.fill(y, 2);
    run(loop, x, y, x);
    assertEquals(600, x[LANES - 1]);
  }

  private static void run(VectorLoop<float[]> loop, float[] first, float[] second, float[] out) {
    loop.run(first, 0, second, 0, out, 0, out.length, NO_FLOATS, NO_FLOATS, NO_INTS);
  }

  private static float call(String name, float x, float y) {
    try {
      return (float)
          Samples.class.getDeclaredMethod(name, float.class, float.class).invoke(null, x, y);
    } catch (NoSuchMethodException | IllegalAccessException | InvocationTargetException e) {
      throw new AssertionError(e);
    }
  }

  /** Any NaN is as good as another here: that formulas end in one NaN is their own business. */
  private static void assertSameBits(float expected, float actual, float x, float y) {
    assertEquals(
        Float.floatToIntBits(expected),
        Float.floatToIntBits(actual),
        () -> "expected %a, got %a at %a, %a".formatted(expected, actual, x, y));
  }
}
