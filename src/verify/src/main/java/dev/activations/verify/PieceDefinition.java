package dev.activations.verify;

import dev.activations.api.Activation;
import dev.activations.api.Direction;
import dev.activations.api.Geometry;
import dev.activations.api.Half;
import dev.activations.api.Kind;
import dev.activations.api.Op;
import dev.activations.cpu.scalar.Crelu;
import dev.activations.cpu.scalar.Maxout;

/** What the library defines a pass over pieces of an axis to be, the halves of a gate included. */
final class PieceDefinition {
  private final Op op;
  private final Direction direction;
  private final Geometry rows;
  private final float[] saved;
  private final float[] dy;
  private final float[] out;

  private PieceDefinition(Op op, Direction direction, float[] saved, float[] dy) {
    this.op = op;
    this.direction = direction;
    this.saved = saved;
    this.dy = dy;
    rows = op.rows(saved.length);
    Geometry results = op.results(saved.length);
    out = new float[direction == Direction.BACKWARD ? saved.length : (int) results.count()];
  }

  static float[] run(Op op, Direction direction, float[] saved, float[] dy) {
    PieceDefinition pass = new PieceDefinition(op, direction, saved, dy);
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
    Activation activation = op.activation();
    Kind kind = activation.kind();
    Class<?> definition = Edges.definition(kind);
    float[] parameters = activation.floats();
    Definition.Function function = Definition.of(definition, "forward", parameters);
    Definition.Function derivative = Definition.of(definition, "derivative", parameters);
    Definition.Function factor = v -> v;
    Definition.Function slope = v -> 1;
    if (kind.hasFormula()) {
      factor = Definition.of(definition, "value", parameters);
      slope = Definition.of(definition, "valueDerivative", parameters);
    }
    Definition.Function valued = factor;
    Definition.Function sloped = slope;
    int width = width(2);
    int gate = op.gate() == Half.FIRST ? 0 : width;
    int value = width - gate;
    forEach(
        2,
        width,
        (first, alone) -> {
          float g = saved[first + gate];
          float v = saved[first + value];
          float f = function.at(g);
          if (direction == Direction.FORWARD) {
            out[alone] = Definition.quiet(f * valued.at(v));
          } else {
            float product = dy[alone] * valued.at(v);
            out[first + gate] = Definition.quiet(product * derivative.at(g));
            out[first + value] = Definition.quiet(dy[alone] * f * sloped.at(v));
          }
        });
  }

  private void maxout() {
    int pieces = (int) op.activation().parameter("pieces");
    int width = width(pieces);
    forEach(
        pieces,
        width,
        (first, alone) -> {
          float largest = Float.NEGATIVE_INFINITY;
          int winner = 0;
          for (int piece = 0; piece < pieces; piece++) {
            float x = saved[first + piece * width];
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
          float x = saved[alone];
          if (direction == Direction.FORWARD) {
            out[first] = Crelu.forward(x);
            out[first + width] = Crelu.negative(x);
          } else {
            out[alone] = Crelu.gradient(x, dy[first], dy[first + width]);
          }
        });
  }
}
