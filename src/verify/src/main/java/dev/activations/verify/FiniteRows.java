package dev.activations.verify;

import dev.activations.api.Activation;
import dev.activations.api.Direction;
import dev.activations.api.Op;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;

/**
 * The rows of numbers on which the accuracy of a kind over an axis is measured, where 2^32 inputs
 * are not all there is: of 1 to 30,011 elements, and of every distribution that makes a sum hard.
 */
final class FiniteRows {
  private static final int[] LENGTHS = {1, 2, 3, 17, 128, 1000, 30_011};
  private static final int SORTS = 8;

  private FiniteRows() {}

  /** Returns the same rows each time. */
  private static List<float[]> all() {
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
  private static float[] gradient(int length) {
    return Samples.uniform(length, 1);
  }

  /** Computes one row. */
  @FunctionalInterface
  interface Computer {
    /** Returns the result of a pass; {@code beside} is its mask or its gradient, if it has one. */
    float[] run(Direction direction, float[] saved, float[] beside);
  }

  /** Measures a pass of an op over all rows, and returns the number of elements. */
  static int measure(Op op, Computer computer, Direction direction, Accuracy accuracy) {
    Activation activation = op.activation();
    int place = 0;
    for (float[] row : all()) {
      float[] beside =
          op.drawsNoise() ? FusedDefinition.draws(op, row.length) : Samples.mask(row.length);
      float[] y = computer.run(Direction.FORWARD, row, beside);
      if (direction == Direction.FORWARD) {
        double[] truth = RowOracle.forward(activation, row, beside);
        add(accuracy, place, y, truth, RowOracle.slack(activation.kind(), truth));
      } else {
        float[] dy = gradient(row.length);
        add(
            accuracy,
            place,
            computer.run(direction, y, dy),
            RowOracle.backward(activation, y, dy),
            RowOracle.slack(activation, y, dy));
      }
      place += row.length;
    }
    return place;
  }

  /** Adds errors beyond what is allowed for where differences cancel. */
  private static void add(
      Accuracy accuracy, int place, float[] actual, double[] truth, double[] slack) {
    for (int i = 0; i < actual.length; i++) {
      double nearest = Math.max(truth[i] - slack[i], Math.min(truth[i] + slack[i], actual[i]));
      accuracy.add(place + i, actual[i], nearest);
    }
  }
}
