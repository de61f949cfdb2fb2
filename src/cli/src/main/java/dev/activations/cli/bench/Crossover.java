package dev.activations.cli.bench;

import java.util.List;
import java.util.Locale;
import java.util.Optional;

/**
 * What passes over the host's data take on several devices, by size.
 *
 * @param devices the ids of the devices; data is at home on the first
 * @param rows from the smallest size to the largest
 */
record Crossover(List<String> devices, List<Row> rows) {

  /**
   * What passes of one size take.
   *
   * @param count the elements
   * @param times one for each device
   */
  record Row(long count, List<Time> times) {
    int fastest() {
      int fastest = 0;
      for (int i = 1; i < times.size(); i++) {
        fastest = times.get(i).measured() < times.get(fastest).measured() ? i : fastest;
      }
      return fastest;
    }
  }

  /**
   * A time in seconds.
   *
   * @param predicted by the dispatcher
   * @param measured here
   */
  record Time(double predicted, double measured) {
    @Override
    public String toString() {
      return String.format(Locale.ROOT, "%.3f (%.3f)", 1e3 * measured, 1e3 * predicted);
    }
  }

  /** Returns the first row from which on another device than the first is always the fastest. */
  Optional<Row> pays() {
    Optional<Row> first = Optional.empty();
    for (Row row : rows) {
      first = row.fastest() == 0 ? Optional.empty() : first.or(() -> Optional.of(row));
    }
    return first;
  }
}
