package dev.activations.api;

import java.util.ArrayList;
import java.util.Map;
import java.util.NavigableMap;
import java.util.TreeMap;
import java.util.function.Predicate;

/**
 * Which elements of a piece of memory hold the output of a formula where its input was, so that a
 * backward pass that needs the input must not read them. What is written there afterwards, and what
 * the formula reads from there to write elsewhere, is an input again.
 *
 * <p>Runs of elements, by their first: a run costs the same whatever its length, and neighbours of
 * one formula are one run.
 */
final class LostInputs {
  private final NavigableMap<Long, Run> runs = new TreeMap<>();

  /** Elements before {@code end} that the formula has overwritten. */
  private record Run(long end, Formula formula) {}

  /** The formula has overwritten its input in these elements. */
  void lose(long from, long end, Formula formula) {
    write(from, end);
    if (from == end) {
      return;
    }
    long first = from;
    long last = end;
    Map.Entry<Long, Run> before = runs.lowerEntry(from);
    if (before != null && before.getValue().equals(new Run(from, formula))) {
      first = before.getKey();
    }
    Run after = runs.get(end);
    if (after != null && after.formula().equals(formula)) {
      runs.remove(end);
      last = after.end();
    }
    runs.put(first, new Run(last, formula));
  }

  /** Something else was written into these elements. */
  void write(long from, long end) {
    forget(from, end, formula -> true);
  }

  /** The formula has taken these elements as its input and left them there. */
  void read(long from, long end, Formula reader) {
    forget(from, end, reader::equals);
  }

  /** Returns whether some of these elements were the formula's input and are no more. */
  boolean contains(long from, long end, Formula formula) {
    return touching(from, end).values().stream().anyMatch(run -> run.formula().equals(formula));
  }

  /** Returns the number of runs, which is what this costs. */
  int runs() {
    return runs.size();
  }

  private void forget(long from, long end, Predicate<Formula> which) {
    for (Map.Entry<Long, Run> entry : new ArrayList<>(touching(from, end).entrySet())) {
      long first = entry.getKey();
      Run run = entry.getValue();
      if (which.test(run.formula())) {
        runs.remove(first);
        if (first < from) {
          runs.put(first, new Run(from, run.formula()));
        }
        if (end < run.end()) {
          runs.put(end, run);
        }
      }
    }
  }

  private NavigableMap<Long, Run> touching(long from, long end) {
    Map.Entry<Long, Run> before = runs.lowerEntry(from);
    boolean reaches = from < end && before != null && before.getValue().end() > from;
    return runs.subMap(reaches ? before.getKey() : from, true, end, false);
  }
}
