package dev.activations.cpu.scalar;

import static org.junit.jupiter.api.Assertions.assertEquals;

import org.junit.jupiter.api.Test;

class ThreefryTest {
  /** The known answers of Random123, file kat_vectors, threefry2x32 with 20 rounds. */
  @Test
  void givesThePublishedAnswers() {
    assertEquals(
        new Words(0x6b200159, 0x99ba4efe), Threefry.random(new Words(0, 0), new Words(0, 0)));
    assertEquals(
        new Words(0x1cb996fc, 0xbb002be7), Threefry.random(new Words(-1, -1), new Words(-1, -1)));
    assertEquals(
        new Words(0xc4923a9c, 0x483df7a0),
        Threefry.random(new Words(0x13198a2e, 0x03707344), new Words(0x243f6a88, 0x85a308d3)));
  }

  @Test
  void unitLiesInsideZeroAndOneAndIsSymmetric() {
    assertEquals(0x1p-24f, Threefry.unit(0));
    assertEquals(0x1p-24f, Threefry.unit(0x1FF));
    assertEquals(1 - 0x1p-24f, Threefry.unit(-1));
    assertEquals(0.5f + 0x1p-24f, Threefry.unit(0x80000000));
    assertEquals(0.5f - 0x1p-24f, Threefry.unit(0x7FFFFFFF));
  }

  @Test
  void wordsOfALong() {
    assertEquals(new Words(0x89ABCDEF, 0x01234567), Words.of(0x0123456789ABCDEFL));
    assertEquals(new Words(-1, -1), Words.of(-1));
  }
}
