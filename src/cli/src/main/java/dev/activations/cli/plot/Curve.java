package dev.activations.cli.plot;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.NavigableMap;
import java.util.TreeMap;
import java.util.function.UnaryOperator;
import java.util.stream.DoubleStream;

/**
 * A function over a range, as the points of a line. The line has gaps, points whose y is NaN: where
 * the function is not finite, and where it jumps.
 *
 * @param x ascending
 * @param y the values there
 */
record Curve(double[] x, double[] y) {
  /** A change of this share of the curve's height is seen. */
  private static final double VISIBLE = 1 / 200.0;

  /** How often the grid may be refined on average: a function that oscillates has no end. */
  private static final int REFINEMENTS = 16;

  /**
   * Draws a function. Wherever it changes visibly between two neighbouring points, more points are
   * put between them, until it does not, or until no float is left between them: that is a jump.
   *
   * @param function returns f(x) for each x
   * @param intervals how many to divide the range into
   * @param marks points that must be among those of the line, where they are in the range
   */
  static Curve of(
      UnaryOperator<float[]> function, float from, float to, int intervals, List<Float> marks) {
    NavigableMap<Float, Float> points = new TreeMap<>();
    List<Float> grid = new ArrayList<>();
    for (int i = 0; i <= intervals; i++) {
      grid.add((float) (from + ((double) to - from) * i / intervals));
    }
    marks.stream().filter(mark -> mark >= from && mark <= to).forEach(grid::add);
    add(points, function, grid);
    double visible = VISIBLE * height(points);
    List<Float> between;
    do {
      between = between(points, visible);
      add(points, function, between);
    } while (!between.isEmpty() && points.size() <= REFINEMENTS * intervals);
    return line(points, visible);
  }

  private static void add(
      Map<Float, Float> points, UnaryOperator<float[]> function, List<Float> more) {
    float[] x = new float[more.size()];
    for (int i = 0; i < x.length; i++) {
      x[i] = more.get(i) + 0f; // One zero: -0 becomes 0.
    }
    float[] y = function.apply(x);
    for (int i = 0; i < x.length; i++) {
      points.put(x[i], y[i]);
    }
  }

  /** Returns the middle of each interval that a visible change is in. */
  private static List<Float> between(NavigableMap<Float, Float> points, double visible) {
    List<Float> middles = new ArrayList<>();
    Map.Entry<Float, Float> last = null;
    for (Map.Entry<Float, Float> point : points.entrySet()) {
      if (last != null && Math.abs((double) point.getValue() - last.getValue()) > visible) {
        float middle = middle(last.getKey(), point.getKey());
        if (middle != last.getKey() && middle != point.getKey()) {
          middles.add(middle);
        }
      }
      last = point;
    }
    return middles;
  }

  /** Returns the float that has as many floats on its left as on its right, give or take one. */
  private static float middle(float a, float b) {
    long rank = Math.floorDiv((long) rank(a) + rank(b), 2);
    return Float.intBitsToFloat((int) (rank < 0 ? Integer.MIN_VALUE - rank : rank));
  }

  private static int rank(float x) {
    int bits = Float.floatToIntBits(x);
    return bits < 0 ? Integer.MIN_VALUE - bits : bits;
  }

  private static double height(NavigableMap<Float, Float> points) {
    double[] finite =
        points.values().stream().filter(Float::isFinite).mapToDouble(Float::doubleValue).toArray();
    return DoubleStream.of(finite).max().orElse(0) - DoubleStream.of(finite).min().orElse(0);
  }

  private static Curve line(NavigableMap<Float, Float> points, double visible) {
    List<double[]> line = new ArrayList<>();
    Map.Entry<Float, Float> last = null;
    for (Map.Entry<Float, Float> point : points.entrySet()) {
      float x = point.getKey();
      float y = point.getValue();
      if (last != null
          && Math.nextUp(last.getKey()) == x
          && Math.abs((double) y - last.getValue()) > visible) {
        line.add(new double[] {x, Double.NaN});
      }
      line.add(new double[] {x, Float.isFinite(y) ? y : Double.NaN});
      last = point;
    }
    return new Curve(
        line.stream().mapToDouble(point -> point[0]).toArray(),
        line.stream().mapToDouble(point -> point[1]).toArray());
  }

  /** Returns whether there is anything to draw. */
  boolean isVisible() {
    return DoubleStream.of(y).anyMatch(Double::isFinite);
  }

  /** Returns the points that stand alone, with a gap on either side: no line shows them. */
  Curve lonely() {
    List<double[]> lonely = new ArrayList<>();
    for (int i = 0; i < x.length; i++) {
      boolean gapBefore = i == 0 || Double.isNaN(y[i - 1]);
      boolean gapAfter = i == x.length - 1 || Double.isNaN(y[i + 1]);
      if (gapBefore && gapAfter && !Double.isNaN(y[i])) {
        lonely.add(new double[] {x[i], y[i]});
      }
    }
    return new Curve(
        lonely.stream().mapToDouble(point -> point[0]).toArray(),
        lonely.stream().mapToDouble(point -> point[1]).toArray());
  }
}
