package dev.activations.cpu;

import java.util.function.LongSupplier;

/**
 * Finds out whether {@link Math#fma} is an instruction. Where it is not, Java computes it with big
 * decimals: some 100 microseconds instead of a nanosecond.
 */
final class FusedMultiplyAdd {
  private static final int ROUNDS = 5;
  private static final int CALLS = 64;

  /** Nanoseconds a call that lie far from both, even in the interpreter. */
  private static final long LIMIT = 1000;

  private FusedMultiplyAdd() {}

  /** Returns whether it is fast here; measured once, within milliseconds. */
  static boolean isFast() {
    return Measured.FAST;
  }

  /** Returns whether it is fast by this clock. */
  static boolean isFast(LongSupplier nanoseconds) {
    float sum = 0;
    long best = Long.MAX_VALUE;
    for (int round = 0; round < ROUNDS; round++) {
      long start = nanoseconds.getAsLong();
      for (int i = 0; i < CALLS; i++) {
        sum = Math.fma(sum, 0.7f, i + 0.1f);
      }
      // The best round: another process may have interrupted the others.
      best = Math.min(best, nanoseconds.getAsLong() - start);
    }
    // The sum is a number; asking keeps the compiler from leaving out the calls.
    return sum == sum && best < LIMIT * CALLS;
  }

  private static final class Measured {
    static final boolean FAST = isFast(System::nanoTime);
  }
}
