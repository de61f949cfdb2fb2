package dev.activations.verify;

import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;

/**
 * The rows of numbers on which the accuracy of a kind over an axis is measured, where 2^32 inputs
 * are not all there is: of 1 to 100,003 elements, and of every distribution that makes a sum hard.
 */
final class FiniteRows {
  private static final int[] LENGTHS = {1, 2, 3, 17, 128, 1000, 32_768, 100_003};
  private static final int SORTS = 8;

  /** The accuracy of the sum of a backward pass: a float has 24 bits, a pair of them 48. */
  private static final double SUM = 0x1p-46;

  private FiniteRows() {}

  /** Returns the same rows each time. */
  static List<float[]> all() {
    List<float[]> rows = new ArrayList<>();
    SplittableRandom random = new SplittableRandom(0xF1817E);
    for (int length : LENGTHS) {
      // Short rows hold few values, so more of them are tried.
      int repeats = Math.max(1, 2000 / length / SORTS);
      for (int repeat = 0; repeat < repeats; repeat++) {
        for (int sort = 0; sort < SORTS; sort++) {
          float[] row = new float[length];
          for (int i = 0; i < length; i++) {
            row[i] = value(sort, i, random.nextDouble());
          }
          rows.add(row);
        }
      }
    }
    return rows;
  }

  private static float value(int sort, int i, double u) {
    return switch (sort) {
      case 0 -> (float) (8 * u - 4);
      case 1 -> (float) (60 * u - 30);
      case 2 -> (float) (-100 * u);
      case 3 -> 1.2345f;
      // Terms that each vanish beside the first, and together do not.
      case 4 -> i == 0 ? 0 : (float) (-13.9 - 0.001 * u);
      case 5 -> i < 2 ? 3 : (float) (3 - 16.6 + 0.001 * u);
      case 6 -> (float) (1e4 + u);
      default -> i == 0 ? 0 : (float) (-85 - 20 * u);
    };
  }

  /** Returns the incoming gradient for a row of this length: uniform in [-1, 1]. */
  static float[] gradient(int length) {
    return Samples.uniform(length, 1);
  }

  /** Adds the results of a forward pass over one row. */
  static void measure(Accuracy accuracy, float[] actual, double[] truth) {
    for (int i = 0; i < actual.length; i++) {
      accuracy.add(i, actual[i], truth[i]);
    }
  }

  /**
   * Adds the results of a backward pass over one row, where {@code dy[i] - Σ dy[j]·y[j]} may cancel
   * more digits than the sum has: {@value #SUM} of y·max|dy| is allowed for that.
   */
  static void measureGradient(
      Accuracy accuracy, float[] y, float[] dy, float[] actual, double[] truth) {
    float largest = 0;
    for (float gradient : dy) {
      largest = Math.max(largest, Math.abs(gradient));
    }
    for (int i = 0; i < actual.length; i++) {
      double allowed = SUM * y[i] * largest;
      double nearest = Math.max(truth[i] - allowed, Math.min(truth[i] + allowed, actual[i]));
      accuracy.add(i, actual[i], nearest);
    }
  }
}
