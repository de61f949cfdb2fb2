package dev.activations.cpu;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;

class WarmingLoopTest {
  private static final int COUNT = 1000;

  private final AtomicLong clock = new AtomicLong();
  private long nanosecondsAnElement = 1000;
  private long nanosecondsOfScalar = 1000;
  private int scalarElements;
  private int vectorElements;
  private int rehearsals;

  private final WarmingLoop<float[]> loop =
      new WarmingLoop<>(
          span -> {
            scalarElements += span.count;
            clock.addAndGet(span.count * nanosecondsOfScalar);
            mark(span, 1);
          },
          new Loop<>() {
            @Override
            public void run(Span<float[]> span) {
              vectorElements += span.count;
              clock.addAndGet(span.count * nanosecondsAnElement);
              mark(span, 2);
            }

            @Override
            public void rehearse(Span<float[]> span) {
              rehearsals++;
            }
          },
          clock::get);

  private static void mark(Span<float[]> span, float by) {
    for (int i = 0; i < span.count; i++) {
      span.out[span.outAt + i] += by;
    }
  }

  private float[] run(int count) {
    scalarElements = 0;
    vectorElements = 0;
    Span<float[]> span = new Span<>();
    span.out = new float[count];
    span.count = count;
    loop.run(span);
    return span.out;
  }

  @Test
  void triesAFewElementsUntilTheyAreFast() {
    float[] out = run(COUNT);
    assertEquals(256, vectorElements);
    assertEquals(COUNT - 256, scalarElements);
    float[] expected = new float[COUNT];
    for (int i = 0; i < COUNT; i++) {
      expected[i] = i < 256 ? 2 : 1;
    }
    assertArrayEquals(expected, out, "each element is computed once");

    nanosecondsAnElement = 2;
    run(COUNT);
    assertEquals(256, vectorElements);
    // From now on it does not matter how long it takes.
    nanosecondsAnElement = 1000;
    run(COUNT);
    assertEquals(COUNT, vectorElements);
    assertEquals(0, scalarElements);
  }

  @Test
  void rehearsesWhileTrialsAreSlow() {
    run(COUNT);
    assertEquals(1, rehearsals);
    nanosecondsAnElement = 2;
    run(COUNT);
    run(COUNT);
    assertEquals(1, rehearsals, "a compiled loop needs none");
  }

  @Test
  void smallCallsWarmTheLoopToo() {
    run(40);
    assertEquals(40, vectorElements);
    nanosecondsAnElement = 2;
    run(40);
    assertEquals(40, scalarElements, "it is the scalar loop's turn");
    run(40);
    run(COUNT);
    assertEquals(COUNT, vectorElements);
  }

  @Test
  void trialsTakeNoMoreTimeThanTheScalarLoop() {
    nanosecondsOfScalar = 10;
    int trials = 0;
    int calls = 1000;
    for (int i = 0; i < calls; i++) {
      run(COUNT);
      trials += vectorElements / 256;
    }
    // 256,000 ns for a trial, 10,000 ns for the rest of a call: one call in about 26.
    assertEquals(calls / 26, trials, 3);
  }

  @Test
  void givesUpWhereVectorsStaySlow() {
    nanosecondsAnElement = 1_000_000;
    nanosecondsOfScalar = 1_000_000;
    for (int i = 0; i < 100; i++) {
      run(COUNT);
    }
    assertEquals(0, vectorElements);
    assertEquals(COUNT, scalarElements);
  }
}
