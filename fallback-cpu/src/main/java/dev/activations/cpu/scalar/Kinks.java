package dev.activations.cpu.scalar;

/** Where another library's derivative holds at a kink in place of the formula's. */
public final class Kinks {
  private Kinks() {}

  /**
   * The slope at x: the derivative there, but at two points other ones. A point that is not used is
   * NaN, which equals nothing.
   */
  public static float settle(
      float derivative, float x, float kink0, float slope0, float kink1, float slope1) {
    float settled0 = x == kink0 ? slope0 : derivative;
    return x == kink1 ? slope1 : settled0;
  }

  /** The same for doubles. */
  public static double settle(
      double derivative, double x, double kink0, double slope0, double kink1, double slope1) {
    double settled0 = x == kink0 ? slope0 : derivative;
    return x == kink1 ? slope1 : settled0;
  }
}
