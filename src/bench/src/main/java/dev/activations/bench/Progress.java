package dev.activations.bench;

import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.DoubleConsumer;

/** Tells on the standard error how far a long run has come. */
final class Progress {
  private Progress() {}

  /** Prints each further hundredth, on one line of a terminal. */
  static DoubleConsumer of(String name) {
    AtomicInteger printed = new AtomicInteger(-1);
    return share -> {
      int percent = (int) (100 * share);
      if (printed.getAndAccumulate(percent, Math::max) < percent) {
        System.err.printf("\r%s: %d %%%s", name, percent, percent == 100 ? "\n" : "");
      }
    };
  }
}
