package dev.activations.cpu.scalar;

import static dev.activations.cpu.scalar.Arithmetic.quiet;
import static dev.activations.cpu.scalar.DoubleArithmetic.quiet;

/** What a pass does beside its formula: bias, residual, dropout and slopes that are drawn. */
public final class Fusing {
  private Fusing() {}

  /** a + b, rounded once. */
  public static float add(float a, float b) {
    float r = a + b;
    return quiet(r, r);
  }

  /** a + b, rounded once. */
  public static double add(double a, double b) {
    double r = a + b;
    return quiet(r, r);
  }

  /**
   * What dropout makes of a value: scale·value, or 0 where the upper 31 bits of the element's first
   * random word are below the threshold.
   */
  public static float drop(float value, Words random, int threshold, float scale) {
    float kept = value * scale;
    return (random.first() >>> 1) < threshold ? 0.0f : quiet(kept, kept);
  }

  /** The same of doubles. */
  public static double drop(double value, Words random, int threshold, double scale) {
    double kept = value * scale;
    return (random.first() >>> 1) < threshold ? 0.0 : quiet(kept, kept);
  }

  /** A slope between two, from the element's second random word. */
  public static float slope(Words random, float lower, float upper) {
    return Math.fma(upper - lower, Threefry.unit(random.second()), lower);
  }

  /** The same of doubles. */
  public static double slope(Words random, double lower, double upper) {
    return Math.fma(upper - lower, (double) Threefry.unit(random.second()), lower);
  }

  /**
   * The random words of an element.
   *
   * @param place the element's place in its run, below 2^24
   * @param seedLow the lower word of the seed
   * @param seedHigh the higher word of the seed
   * @param firstLow the lower word of the index of the run's first element
   * @param firstHigh the higher word of that index
   */
  public static Words random(
      float place, Halves seedLow, Halves seedHigh, Halves firstLow, Halves firstHigh) {
    return random(
        (int) place,
        new Words(Halves.word(seedLow), Halves.word(seedHigh)),
        new Words(Halves.word(firstLow), Halves.word(firstHigh)));
  }

  private static Words random(int place, Words seed, Words first) {
    int low = first.first() + place;
    // Unsigned: the sum is below what was added where it has left the word.
    boolean carry = (low ^ 0x80000000) < (first.first() ^ 0x80000000);
    int high = first.second() + (carry ? 1 : 0);
    return Threefry.random(seed, new Words(low, high));
  }

  /** The same of doubles, which hold whole words, as signed integers. */
  private static Words random(
      double place, double seedLow, double seedHigh, double firstLow, double firstHigh) {
    return random(
        (int) place,
        new Words((int) seedLow, (int) seedHigh),
        new Words((int) firstLow, (int) firstHigh));
  }

  /** {@link #drop} for the element at a place. */
  public static float dropAt(
      float value,
      float place,
      Halves seedLow,
      Halves seedHigh,
      Halves firstLow,
      Halves firstHigh,
      Halves threshold,
      float scale) {
    Words random = random(place, seedLow, seedHigh, firstLow, firstHigh);
    return drop(value, random, Halves.word(threshold), scale);
  }

  /** {@link #drop} for the element at a place; the words are signed integers. */
  public static double dropAt(
      double value,
      double place,
      double seedLow,
      double seedHigh,
      double firstLow,
      double firstHigh,
      double threshold,
      double scale) {
    Words random = random(place, seedLow, seedHigh, firstLow, firstHigh);
    return drop(value, random, (int) threshold, scale);
  }

  /** The random number of the element at a place: from its second word, in (0, 1). */
  public static float unitAt(
      float place, Halves seedLow, Halves seedHigh, Halves firstLow, Halves firstHigh) {
    return Threefry.unit(random(place, seedLow, seedHigh, firstLow, firstHigh).second());
  }

  /** The same number as a double; the words are signed integers. */
  public static double unitAt(
      double place, double seedLow, double seedHigh, double firstLow, double firstHigh) {
    return (double) Threefry.unit(random(place, seedLow, seedHigh, firstLow, firstHigh).second());
  }

  /** {@link #slope} for the element at a place. */
  public static float slopeAt(
      float place,
      Halves seedLow,
      Halves seedHigh,
      Halves firstLow,
      Halves firstHigh,
      float lower,
      float upper) {
    return slope(random(place, seedLow, seedHigh, firstLow, firstHigh), lower, upper);
  }

  /** {@link #slope} for the element at a place; the words are signed integers. */
  public static double slopeAt(
      double place,
      double seedLow,
      double seedHigh,
      double firstLow,
      double firstHigh,
      double lower,
      double upper) {
    return slope(random(place, seedLow, seedHigh, firstLow, firstHigh), lower, upper);
  }
}
