package dev.activations.cpu;

import java.util.function.LongSupplier;

/**
 * Runs the scalar loop until the vector loop has been compiled. Until then each operation on a
 * vector allocates, and an element takes a thousand times as long; afterwards it takes a few
 * nanoseconds. Both give the same bits, so that they can be mixed at will.
 *
 * <p>Calls try the vector loop on a few elements, which is what makes HotSpot compile it, and take
 * the time. Trials never take more time than the scalar loop has, so that warming at most doubles
 * what a call costs. One fast trial ends the trials. So does much time spent on slow ones: this
 * machine, or this virtual machine, has no fast vectors.
 *
 * @param <A> the arrays of its spans; see {@link Storage}
 */
final class WarmingLoop<A> implements Loop<A> {
  /** Elements in a trial: enough vectors to be counted as a loop, few enough not to be noticed. */
  private static final int TRIAL = 256;

  /** Nanoseconds an element that only compiled code reaches: measured are 0.1 to 10, and 100 up. */
  private static final long FAST = 25;

  /**
   * The call itself takes its time; a trial is not expected to take less than for these elements.
   */
  private static final int LEAST = 32;

  /** Nanoseconds of slow trials before the vector loop is given up; measured are up to 2e9. */
  private static final long PATIENCE = 10_000_000_000L;

  private final Loop<A> scalar;
  private final Loop<A> vector;
  private final LongSupplier nanoseconds;
  private volatile boolean compiled;
  private volatile boolean givenUp;
  private long onTrials;
  private long onScalar;

  WarmingLoop(Loop<A> scalar, Loop<A> vector) {
    this(scalar, vector, System::nanoTime);
  }

  /** A loop with a clock of its own. */
  WarmingLoop(Loop<A> scalar, Loop<A> vector, LongSupplier nanoseconds) {
    this.scalar = scalar;
    this.vector = vector;
    this.nanoseconds = nanoseconds;
  }

  @Override
  public void run(Span<A> span) {
    if (compiled) {
      vector.run(span);
    } else if (givenUp) {
      scalar.run(span);
    } else {
      int all = span.count;
      if (onTrials <= onScalar) {
        span.count = Math.min(all, TRIAL);
        attempt(span);
        span.advance(all - span.count);
      }
      long start = nanoseconds.getAsLong();
      scalar.run(span);
      onScalar += nanoseconds.getAsLong() - start;
    }
  }

  private void attempt(Span<A> span) {
    long start = nanoseconds.getAsLong();
    vector.run(span);
    long taken = nanoseconds.getAsLong() - start;
    if (taken < FAST * Math.max(LEAST, span.count)) {
      compiled = true;
    } else {
      vector.rehearse(span);
      // Threads may lose a few additions to each other, which does no harm.
      onTrials += nanoseconds.getAsLong() - start;
      givenUp = onTrials > PATIENCE;
    }
  }
}
