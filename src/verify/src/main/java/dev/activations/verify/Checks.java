package dev.activations.verify;

import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;

/** Runs checks one after the other and keeps what they say. */
final class Checks {
  private static final int SHOWN = 3;

  private final List<Check> done = new ArrayList<>();
  private final Consumer<Check> listener;
  private long compared;

  Checks(Consumer<Check> listener) {
    this.listener = listener;
  }

  /** What a check does; it passes when it reports no problem and throws nothing. */
  @FunctionalInterface
  interface Body {
    void run(Notes notes);
  }

  void check(String name, Body body) {
    Notes notes = new Notes();
    try {
      body.run(notes);
    } catch (RuntimeException e) {
      // A device that throws fails this check; the others still have something to say.
      notes.problem("threw " + e);
    }
    Check check = new Check(name, notes.problems == 0, notes.detail());
    done.add(check);
    compared += notes.compared;
    listener.accept(check);
  }

  /** Returns how many values all checks have compared. */
  long compared() {
    return compared;
  }

  List<Check> done() {
    return List.copyOf(done);
  }

  /** What a check has seen. */
  static final class Notes {
    private final List<String> shown = new ArrayList<>();
    private long problems;
    private long compared;
    private String remark = "";

    void problem(String text) {
      problems++;
      if (shown.size() < SHOWN) {
        shown.add(text);
      }
    }

    void compared(long count) {
      compared += count;
    }

    /** Says what was seen where there is more to say than how much. */
    void remark(String text) {
      remark = text;
    }

    /**
     * Compares bits.
     *
     * @param where which run this is, for the message
     * @param inputs what the values were computed from, or an array of length zero
     */
    void compare(String where, float[] inputs, float[] expected, float[] actual) {
      compared += expected.length;
      int wrong = 0;
      int first = -1;
      for (int i = 0; i < expected.length; i++) {
        if (Float.floatToRawIntBits(expected[i]) != Float.floatToRawIntBits(actual[i])) {
          first = wrong++ == 0 ? i : first;
        }
      }
      if (wrong > 0) {
        problem(
            "%s: %d of %d values differ, first at [%d]%s: expected %s, got %s"
                .formatted(
                    where,
                    wrong,
                    expected.length,
                    first,
                    inputs.length == 0 ? "" : ", input " + text(inputs[first]),
                    text(expected[first]),
                    text(actual[first])));
      }
    }

    /** Compares bits, as above, of elements of any type. */
    void compare(String where, Values inputs, Values expected, Values actual) {
      compared += expected.count();
      int wrong = 0;
      int first = -1;
      for (int i = 0; i < expected.count(); i++) {
        if (expected.bits()[i] != actual.bits()[i]) {
          first = wrong++ == 0 ? i : first;
        }
      }
      if (wrong > 0) {
        problem(
            "%s: %d of %d values differ, first at [%d]%s: expected %s, got %s"
                .formatted(
                    where,
                    wrong,
                    expected.count(),
                    first,
                    first < inputs.count() ? ", input " + inputs.text(first) : "",
                    expected.text(first),
                    actual.text(first)));
      }
    }

    private String detail() {
      if (problems == 0) {
        return remark.isEmpty() ? "%,d values".formatted(compared) : remark;
      }
      String more = problems > shown.size() ? "; and %d more".formatted(problems - SHOWN) : "";
      return String.join("; ", shown) + more;
    }

    static String text(float value) {
      return "%s (0x%08x)".formatted(value, Float.floatToRawIntBits(value));
    }
  }
}
