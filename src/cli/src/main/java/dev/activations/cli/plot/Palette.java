package dev.activations.cli.plot;

import dev.activations.files.InputException;

/** The colours of curves. */
public final class Palette {
  /** Of Okabe and Ito, without yellow: told apart by the colour-blind, too. */
  private static final int[] COLORS = {
    0x0072B2, 0xD55E00, 0x009E73, 0xCC79A7, 0xE69F00, 0x56B4E9, 0x000000
  };

  private Palette() {}

  /** Returns a colour as 0xRRGGBB. */
  public static int color(int index) {
    return COLORS[index];
  }

  /** Returns how many colours there are. */
  public static int size() {
    return COLORS.length;
  }

  /**
   * Checks that each of so many activations has a colour.
   *
   * @throws InputException if there are more
   */
  public static void check(int activations) {
    if (activations > COLORS.length) {
      throw new InputException(
          "expected at most %d activations, as many as there are colours to tell apart, got %d"
              .formatted(COLORS.length, activations));
    }
  }
}
