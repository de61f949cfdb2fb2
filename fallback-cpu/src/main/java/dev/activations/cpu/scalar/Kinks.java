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
}
