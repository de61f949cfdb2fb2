package dev.activations.verify;

import dev.activations.api.Direction;
import dev.activations.api.Formula;
import dev.activations.api.Geometry;
import dev.activations.api.Kind;
import java.util.Arrays;
import java.util.List;
import java.util.SplittableRandom;
import java.util.stream.Stream;

/**
 * Rows for a kind over an axis, of every sort that has gone wrong somewhere: each row of a geometry
 * has another one.
 *
 * @param geometry the rows
 * @param first the sort of the first row
 */
record Rows(Geometry geometry, int first) {
  private static final int SORTS = 14;

  /** Short ones, of every sort. */
  static final Rows MANY = new Rows(new Geometry(SORTS, 33, 17), 0);

  /** Few and many rows, short and long, contiguous and not, and none at all. */
  private static List<Rows> all() {
    return List.of(
        new Rows(new Geometry(SORTS, 1, 1), 0),
        new Rows(new Geometry(2 * SORTS, 2, 1), 0),
        new Rows(new Geometry(3, 7, 2 * SORTS), 0),
        new Rows(new Geometry(5, 1, 4), 0),
        new Rows(new Geometry(SORTS, 33, 17), 0),
        new Rows(new Geometry(SORTS, 255, 1), 0),
        new Rows(new Geometry(1, 257, SORTS), 0),
        new Rows(new Geometry(2 * SORTS, 1021, 1), 0),
        new Rows(new Geometry(SORTS, 2053, 2), 0),
        new Rows(new Geometry(2003, 3, 1), 0),
        new Rows(new Geometry(1, 1_000_003, 1), 0),
        new Rows(new Geometry(1, 1_000_003, 1), 8),
        new Rows(new Geometry(1, 300_007, 3), 2),
        new Rows(new Geometry(4, 0, 3), 0),
        new Rows(new Geometry(0, 5, 3), 0));
  }

  /**
   * The rows that a kind is tried on. All kinds walk long rows in the same way, so that softmax
   * alone is taken through the longest of every sort.
   */
  static List<Rows> of(Formula kind) {
    return kind == Kind.SOFTMAX
        ? all()
        : Stream.concat(
                all().stream().filter(rows -> rows.geometry.axis() < 10_000),
                Stream.of(new Rows(new Geometry(1, 10_007, 3), 2)))
            .toList();
  }

  /** What a pass reads beside: the gradient of a backward pass, or the mask of a forward pass. */
  float[] beside(Direction direction) {
    return direction == Direction.FORWARD ? mask() : gradient();
  }

  /** Masks: half a row, all of it, the first element, and none; by every sort of number. */
  private float[] mask() {
    float[] values = new float[(int) geometry.count()];
    SplittableRandom random = new SplittableRandom(geometry.hashCode() / 2);
    fill(values, (row, i) -> mask(row, i, random.nextDouble()));
    return values;
  }

  private static float mask(int row, int i, double u) {
    return switch (row % 5) {
      case 0, 1 -> u < 0.5 ? 0 : 1;
      case 2 -> u < 0.3 ? Float.NaN : u < 0.6 ? Float.MIN_VALUE : (float) -u;
      case 3 -> i == 0 ? -0f : Float.POSITIVE_INFINITY;
      default -> u < 0.5 ? -0f : 0;
    };
  }

  /** The inputs of a forward pass. */
  float[] values() {
    float[] values = new float[(int) geometry.count()];
    SplittableRandom random = new SplittableRandom(geometry.hashCode());
    fill(values, (row, i) -> value(row, i, random.nextDouble()));
    return values;
  }

  /** The incoming gradients of a backward pass: of all magnitudes, and in some rows no numbers. */
  private float[] gradient() {
    float[] values = new float[(int) geometry.count()];
    SplittableRandom random = new SplittableRandom(~geometry.hashCode());
    fill(values, (row, i) -> gradient(row, i, random.nextDouble() * 2 - 1));
    return values;
  }

  /**
   * Returns numbers as far out in the range of doubles as floats are in theirs, with bits that no
   * float has. What is equal stays equal.
   */
  static double[] widened(float[] values) {
    double[] wide = new double[values.length];
    Arrays.setAll(wide, i -> values[i] * scale(Math.abs(values[i])) * (1 + 0x1p-30 / 3));
    return wide;
  }

  private static double scale(float magnitude) {
    if (magnitude < Float.MIN_NORMAL) {
      return 0x1p-896;
    }
    if (magnitude > 0x1p100f) {
      return 0x1p896;
    }
    // e^-110 is no float, and e^-770 no double.
    return magnitude > 64 ? 7 : 1;
  }

  private float value(int row, int i, double u) {
    return switch ((first + row) % SORTS) {
      case 0 -> (float) (8 * u - 4);
      case 1 -> (float) (200 * u - 100);
      case 2 -> 1.2345f;
      case 3 -> i == 0 ? 0 : -13.9f;
      case 4 -> (float) (-100 * u);
      case 5 -> u < 0.5 || i == 0 ? Float.POSITIVE_INFINITY : (float) u;
      case 6 -> Float.NEGATIVE_INFINITY;
      case 7 -> i == 1 ? Float.intBitsToFloat(0xFFABCDEF) : (float) u;
      // Masked out, as attention does.
      case 8 -> u < 0.5 ? Float.NEGATIVE_INFINITY : (float) (20 * u);
      case 9 -> u < 0.3 ? Float.MAX_VALUE : -Float.MAX_VALUE;
      case 10 -> (float) (u * Float.MIN_NORMAL);
      // Where e^(x - max) leaves the normal floats, and where it leaves all.
      case 11 -> i == 0 ? 0 : (float) (-80 - 30 * u);
      case 12 -> i == 0 ? Float.NEGATIVE_INFINITY : -0f;
      default -> i == 0 ? Float.NaN : Float.POSITIVE_INFINITY;
    };
  }

  private float gradient(int row, int i, double u) {
    return switch (row % 9) {
      case 0, 1, 2 -> (float) u;
      case 3 -> 1;
      case 4 -> (float) (u * 1e38);
      case 5 -> (float) (u * 1e-40);
      case 6 -> i == 0 ? 1e20f : (float) u;
      case 7 -> i == 0 ? Float.POSITIVE_INFINITY : (float) u;
      default -> i == 0 ? Float.intBitsToFloat(0x7F800001) : (float) u;
    };
  }

  @FunctionalInterface
  private interface Element {
    float at(int row, int i);
  }

  private void fill(float[] values, Element element) {
    int axis = (int) geometry.axis();
    int inner = (int) geometry.inner();
    for (int at = 0; at < values.length; at++) {
      int row = at / (axis * inner) * inner + at % inner;
      values[at] = element.at(row, at / inner % axis);
    }
  }
}
