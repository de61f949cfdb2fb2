package dev.activations.verify;

/**
 * The errors of a function over all its inputs, in {@link Ulp units in the last place}.
 *
 * @param normal the largest error where the true value is a normal float
 * @param normalAt the bits of the input where it occurs; over an axis the place in the rows
 * @param subnormal the largest error where the true value is smaller
 * @param subnormalAt where that occurs
 * @param aboveOne how many results are more than one unit off
 */
public record Measurement(
    double normal, int normalAt, double subnormal, int subnormalAt, long aboveOne) {

  /** Returns the largest error. */
  public double worst() {
    return Math.max(normal, subnormal);
  }
}
