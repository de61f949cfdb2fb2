package dev.activations.api;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;

class LostInputsTest {
  private static final int SIZE = 40;
  private static final Formula[] FORMULAS = {Kind.GELU, Kind.SILU, Kind.MISH};

  /** Against one entry for each element, in any order of events. */
  @Test
  void remembersEachElement() {
    SplittableRandom random = new SplittableRandom(1);
    for (int round = 0; round < 300; round++) {
      LostInputs lost = new LostInputs();
      Formula[] expected = new Formula[SIZE];
      for (int event = 0; event < 60; event++) {
        int from = random.nextInt(SIZE + 1);
        int end = from + random.nextInt(SIZE + 1 - from);
        Formula formula = FORMULAS[random.nextInt(FORMULAS.length)];
        int what = random.nextInt(3);
        switch (what) {
          case 0 -> lost.lose(from, end, formula);
          case 1 -> lost.write(from, end);
          default -> lost.read(from, end, formula);
        }
        for (int i = from; i < end; i++) {
          boolean keeps = what == 2 && expected[i] != formula;
          expected[i] = what == 0 ? formula : keeps ? expected[i] : null;
        }
        int first = random.nextInt(SIZE);
        int last = first + random.nextInt(SIZE + 1 - first);
        for (Formula asked : FORMULAS) {
          boolean some = false;
          for (int i = first; i < last; i++) {
            some |= expected[i] == asked;
          }
          assertEquals(some, lost.contains(first, last, asked));
        }
      }
    }
  }

  @Test
  void neighboursOfOneFormulaAreOneRun() {
    LostInputs lost = new LostInputs();
    for (int i = 0; i < 1000; i += 2) {
      lost.lose(i, i + 1, Kind.GELU);
    }
    assertEquals(500, lost.runs());
    for (int i = 1; i < 1000; i += 2) {
      lost.lose(i, i + 1, Kind.GELU);
    }
    assertEquals(1, lost.runs());
  }
}
