package dev.activations.cli.bench;

import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.activations.cli.bench.Crossover.Row;
import dev.activations.cli.bench.Crossover.Time;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class CrossoverTest {

  /** Sizes 1, 2 and so on, with the times of the two devices. */
  private static Optional<Long> pays(double... times) {
    List<Row> rows = new ArrayList<>();
    for (int i = 0; i < times.length; i += 2) {
      rows.add(new Row(1 + i / 2, List.of(new Time(9, times[i]), new Time(0, times[i + 1]))));
    }
    return new Crossover(List.of("cpu:vector", "cuda:0"), rows).pays().map(Row::count);
  }

  @Test
  void paysFromTheSizeOnFromWhichItAlwaysDoes() {
    assertEquals(Optional.of(3L), pays(1, 2, 2, 2, 3, 2, 4, 2));
    assertEquals(Optional.of(4L), pays(1, 2, 3, 2, 2, 3, 4, 2));
    assertEquals(Optional.of(1L), pays(2, 1));
    assertEquals(Optional.empty(), pays(2, 1, 1, 2));
    assertEquals(Optional.empty(), pays());
  }
}
