package dev.activations;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.junit.jupiter.api.Test;

class WarmUpTest {
  private static final long COUNT = 10_000_000;

  private final WarmUp warmUp = new WarmUp(1);

  private void pass(int times, double nanoseconds) {
    for (int i = 0; i < times; i++) {
      warmUp.add(COUNT * nanoseconds / 1e9, COUNT);
    }
  }

  @Test
  void isOverAfterASecondAtFullSpeed() {
    pass(100, 1);
    assertFalse(warmUp.isOver());
    assertEquals(0.99, warmUp.spent(), 1e-9);
    pass(1, 1);
    assertTrue(warmUp.isOver());
  }

  @Test
  void eachStepBeginsAnew() {
    pass(5, 20);
    pass(50, 2);
    assertEquals(0.98, warmUp.spent(), 1e-9);
    pass(1, 1);
    assertEquals(0, warmUp.spent());
    assertFalse(warmUp.isOver());
  }

  @Test
  void whatIsSlowAgainDoesNotCount() {
    pass(51, 2);
    pass(10, 20);
    assertEquals(1, warmUp.spent(), 1e-9);
    WarmUp another = new WarmUp(1);
    another.add(1e-3, 1_000_000);
    another.add(5, 1_000_000);
    assertFalse(another.isOver());
  }

  @Test
  void whatStaysSlowIsSlow() {
    pass(5, 100);
    assertFalse(warmUp.isOver(), "not compiled");
    pass(5, 100);
    assertTrue(warmUp.isOver());
  }

  @Test
  void nothingIsWaitedForWhereNothingIsAskedFor() {
    assertTrue(new WarmUp(0).isOver());
  }
}
