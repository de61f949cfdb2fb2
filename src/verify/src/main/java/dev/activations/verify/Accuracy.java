package dev.activations.verify;

/**
 * The largest errors met so far, in {@link Ulp units in the last place} of the true value: one for
 * true values that are normal floats, one for those below. For one thread; {@link #merge} joins
 * what several have met.
 */
final class Accuracy {
  private double normal;
  private double subnormal;
  private int normalAt;
  private int subnormalAt;
  private long aboveOne;

  /**
   * Takes one result into account.
   *
   * @param at what identifies it: the bits of the input, or an index
   */
  void add(int at, float actual, double truth) {
    boolean otherNan = actual != actual && Float.floatToRawIntBits(actual) != Definition.NAN;
    double error = otherNan ? Double.POSITIVE_INFINITY : Ulp.between(actual, truth);
    if (error > 1) {
      aboveOne++;
    }
    if (Ulp.isSubnormal(truth)) {
      if (error > subnormal) {
        subnormal = error;
        subnormalAt = at;
      }
    } else if (error > normal) {
      normal = error;
      normalAt = at;
    }
  }

  void merge(Accuracy other) {
    aboveOne += other.aboveOne;
    if (other.normal > normal) {
      normal = other.normal;
      normalAt = other.normalAt;
    }
    if (other.subnormal > subnormal) {
      subnormal = other.subnormal;
      subnormalAt = other.subnormalAt;
    }
  }

  double normal() {
    return normal;
  }

  double subnormal() {
    return subnormal;
  }

  int normalAt() {
    return normalAt;
  }

  int subnormalAt() {
    return subnormalAt;
  }

  /** Returns how many results were more than one unit off. */
  long aboveOne() {
    return aboveOne;
  }

  double worst() {
    return Math.max(normal, subnormal);
  }

  int worstAt() {
    return subnormal > normal ? subnormalAt : normalAt;
  }
}
