package dev.activations.cli.bench;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.util.List;
import org.junit.jupiter.api.Test;

class TimesTest {
  private static final Times ODD = new Times(List.of(5.0, 1.0, 2.0, 4.0, 3.0, 90.0, 6.0));

  @Test
  void medianAndSpreadDoNotSeeAnOutlier() {
    assertEquals(4, ODD.median());
    assertEquals((6 - 2) / 2.0 / 4, ODD.spread());
    assertEquals(2.5, new Times(List.of(3.0, 1.0, 2.0, 9.0)).median());
  }

  @Test
  void quantilesGoFromTheLeastToTheMost() {
    assertEquals(1, ODD.quantile(0));
    assertEquals(90, ODD.quantile(1));
    assertEquals(5.6, ODD.quantile(0.7), 1e-12);
    assertEquals(7, new Times(List.of(7.0)).quantile(0.3));
  }

  @Test
  void timesOfTwoGoesAddUp() {
    assertEquals(
        new Times(List.of(2.0, 1.0, 3.0)),
        new Times(List.of(2.0)).and(new Times(List.of(1.0, 3.0))));
  }

  @Test
  void whatIsNoTimeIsRefused() {
    for (List<Double> wrong :
        List.of(List.<Double>of(), List.of(1.0, 0.0), List.of(-1.0), List.of(Double.NaN))) {
      assertThrows(IllegalArgumentException.class, () -> new Times(wrong), wrong.toString());
    }
  }
}
