package dev.activations;

/**
 * Tells from its times when a processor works at full speed. Java compiles its loops while they
 * run, which makes them a thousand times as fast, in steps and within a few seconds. Not safe for
 * use by several threads.
 */
final class WarmUp {
  /** By how much a pass must be faster, or slower, for one of the two not to be at full speed. */
  private static final double MUCH = 1.5;

  /** Seconds an element that only loops take which Java has compiled, but not all of those. */
  private static final double COMPILED = 25e-9;

  /** After how many times as long the processor is taken for slow. */
  private static final double PATIENCE = 10;

  private final double start;
  private double fastest = Double.POSITIVE_INFINITY;
  private double spent;
  private double inAll;

  /**
   * A warm-up that has not begun.
   *
   * @param start the seconds of work at full speed after which it is over
   */
  WarmUp(double start) {
    this.start = start;
  }

  /** Takes note of a pass. What is much faster than all before begins anew. */
  void add(double seconds, long count) {
    double element = seconds / count;
    if (element * MUCH < fastest) {
      spent = 0;
    } else if (element < fastest * MUCH) {
      spent += seconds;
    }
    fastest = Math.min(fastest, element);
    inAll += seconds;
  }

  /** Returns the seconds of work at what seems to be full speed. */
  double spent() {
    return spent;
  }

  /** Returns whether the warm-up is over. */
  boolean isOver() {
    return spent >= start && fastest < COMPILED || inAll >= PATIENCE * start;
  }
}
