package dev.activations.verify;

import dev.activations.api.Activation;
import dev.activations.api.Direction;
import dev.activations.api.Geometry;
import dev.activations.api.Half;
import dev.activations.api.Kind;
import dev.activations.api.Op;
import dev.activations.cpu.scalar.Crelu;
import dev.activations.cpu.scalar.Maxout;
import java.util.function.DoubleUnaryOperator;
import java.util.stream.IntStream;

/**
 * What the library defines a pass over pieces of an axis to be, the halves of a gate included. A
 * product of two floats is exact in double, so that both types are one text: what rounds, and the
 * functions of gates, are those of the type.
 */
final class PieceDefinition {
  private final Op op;
  private final Direction direction;
  private final boolean floats;
  private final Geometry rows;
  private final double[] saved;
  private final double[] dy;
  private final double[] out;

  private PieceDefinition(Op op, Direction direction, boolean floats, double[] saved, double[] dy) {
    this.op = op;
    this.direction = direction;
    this.floats = floats;
    this.saved = saved;
    this.dy = dy;
    rows = op.rows(saved.length);
    Geometry results = op.results(saved.length);
    out = new double[direction == Direction.BACKWARD ? saved.length : (int) results.count()];
  }

  static float[] run(Op op, Direction direction, float[] saved, float[] dy) {
    double[] out = run(op, direction, true, doubles(saved), doubles(dy));
    float[] rounded = new float[out.length];
    for (int i = 0; i < out.length; i++) {
      rounded[i] = Definition.quiet((float) out[i]);
    }
    return rounded;
  }

  static double[] run(Op op, Direction direction, double[] saved, double[] dy) {
    return run(op, direction, false, saved, dy);
  }

  private static double[] doubles(float[] floats) {
    return IntStream.range(0, floats.length).mapToDouble(i -> floats[i]).toArray();
  }

  private static double[] run(
      Op op, Direction direction, boolean floats, double[] saved, double[] dy) {
    PieceDefinition pass = new PieceDefinition(op, direction, floats, saved, dy);
    switch (op.activation().kind()) {
      case MAXOUT -> pass.maxout();
      case CRELU -> pass.crelu();
      default -> pass.gated();
    }
    return pass.out;
  }

  /** What to do with each element of a piece. */
  private interface Element {
    /**
     * Computes one element.
     *
     * @param first its place in the first piece of the array that has several
     * @param alone its place in the array that is one piece
     */
    void at(int first, int alone);
  }

  private int width(int pieces) {
    return (int) (rows.axis() / pieces * rows.inner());
  }

  /** Walks through the elements of a piece, where so many take turns in runs of a width. */
  private void forEach(int pieces, int width, Element element) {
    for (int outer = 0; outer < rows.outer(); outer++) {
      for (int i = 0; i < width; i++) {
        element.at(outer * pieces * width + i, outer * width + i);
      }
    }
  }

  private void gated() {
    Kind kind = op.activation().kind();
    Class<?> definition = Edges.definition(kind);
    DoubleUnaryOperator function = function(definition, "forward");
    DoubleUnaryOperator derivative = function(definition, "derivative");
    boolean own = kind.hasFormula();
    DoubleUnaryOperator factor = own ? function(definition, "value") : v -> v;
    DoubleUnaryOperator slope = own ? function(definition, "valueDerivative") : v -> 1;
    int width = width(2);
    int gate = op.gate() == Half.FIRST ? 0 : width;
    int value = width - gate;
    forEach(
        2,
        width,
        (first, alone) -> {
          double g = saved[first + gate];
          double v = saved[first + value];
          double f = function.applyAsDouble(g);
          double factored = factor.applyAsDouble(v);
          if (direction == Direction.FORWARD) {
            out[alone] = product(f, factored);
          } else {
            out[first + gate] = product(product(dy[alone], factored), derivative.applyAsDouble(g));
            out[first + value] = product(product(dy[alone], f), slope.applyAsDouble(v));
          }
        });
  }

  /** A method of a definition for the type, with the parameters in place. */
  private DoubleUnaryOperator function(Class<?> definition, String name) {
    Activation activation = op.activation();
    if (!floats) {
      return Definition.ofDoubles(definition, name, activation.doubles());
    }
    Definition.Function function = Definition.of(definition, name, activation.floats());
    return x -> function.at((float) x);
  }

  /** The product, rounded to the type; the one NaN where it is none. */
  private double product(double a, double b) {
    double r = floats ? (float) (a * b) : a * b;
    return r == r ? r : Double.NaN;
  }

  private void maxout() {
    int pieces = (int) op.activation().parameter("pieces");
    int width = width(pieces);
    forEach(
        pieces,
        width,
        (first, alone) -> {
          double largest = Double.NEGATIVE_INFINITY;
          int winner = 0;
          for (int piece = 0; piece < pieces; piece++) {
            double x = saved[first + piece * width];
            // A piece of -∞ alone exceeds nothing, and the first one wins.
            winner = x > largest ? piece : winner;
            largest = Maxout.forward(largest, x);
          }
          if (direction == Direction.FORWARD) {
            out[alone] = largest;
            return;
          }
          for (int piece = 0; piece < pieces; piece++) {
            out[first + piece * width] = Maxout.gradient(largest, dy[alone], piece == winner);
          }
        });
  }

  private void crelu() {
    int width = width(1);
    forEach(
        2,
        width,
        (first, alone) -> {
          double x = saved[alone];
          if (direction == Direction.FORWARD) {
            out[first] = Crelu.forward(x);
            out[first + width] = Crelu.negative(x);
          } else {
            out[alone] = Crelu.gradient(x, dy[first], dy[first + width]);
          }
        });
  }
}
