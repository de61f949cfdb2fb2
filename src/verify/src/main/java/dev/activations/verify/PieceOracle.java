package dev.activations.verify;

import dev.activations.api.Activation;
import dev.activations.api.Direction;
import dev.activations.api.Kind;
import dev.activations.api.Op;
import java.util.function.DoubleUnaryOperator;

/**
 * Measures results of a kind over pieces against true values in double: of one row, of which the
 * first half gates. Inputs that are no numbers are left out, and so are gradients where {@code
 * dy·value} exceeds the floats.
 *
 * <p>What a gated kind rounds in between may be subnormal. Its absolute error, at most {@value
 * #TINY}, is then multiplied by the other factor, and is not counted.
 */
final class PieceOracle {
  private static final double TINY = Float.MIN_VALUE;

  private final Op op;
  private final Direction direction;
  private final Accuracy accuracy;
  private int measured;

  PieceOracle(Op op, Direction direction, Accuracy accuracy) {
    this.op = op;
    this.direction = direction;
    this.accuracy = accuracy;
  }

  /** Takes all results into account and returns how many there were. */
  int measure(float[] saved, float[] dy, float[] results) {
    switch (op.activation().kind()) {
      case MAXOUT -> maxout(saved, dy, results);
      case CRELU -> crelu(saved, dy, results);
      default -> gated(saved, dy, results);
    }
    return measured;
  }

  private void gated(float[] saved, float[] dy, float[] results) {
    Activation activation = op.activation();
    Kind kind = activation.kind();
    boolean clamped = kind == Kind.SWIGLU_CLAMPED;
    float[] p = activation.floats();
    Activation gate =
        clamped
            ? Activation.of(Kind.SILU, p[1])
            : Activation.of(kind.gate().orElseThrow(), doubles(p));
    double limit = clamped ? p[0] : Double.POSITIVE_INFINITY;
    DoubleUnaryOperator function = FastOracle.of(gate, Direction.FORWARD);
    DoubleUnaryOperator derivative = FastOracle.of(gate, Direction.DERIVATIVE);
    int n = saved.length / 2;
    for (int i = 0; i < n; i++) {
      float g = saved[i];
      float v = saved[n + i];
      if (!Float.isFinite(g) || !Float.isFinite(v)) {
        continue;
      }
      double f = function.applyAsDouble(Math.min(g, limit));
      if (Math.abs(f) >= 0x1p127) {
        continue;
      }
      double factor = clamped ? Math.max(-limit, Math.min(limit, v)) + 1 : v;
      if (direction == Direction.FORWARD) {
        add(i, results[i], f * factor, lost(f, factor));
      } else if (Float.isFinite(dy[i]) && Math.abs(dy[i] * factor) < 0x1p127) {
        double slope = g < limit ? derivative.applyAsDouble(g) : 0;
        double product = dy[i] * factor;
        add(i, results[i], product * slope, lost(product, slope) + lost(slope, product));
        boolean passes = Math.abs(v) < limit;
        add(n + i, results[n + i], passes ? dy[i] * f : 0, lost(f, dy[i]));
      }
    }
  }

  private static double[] doubles(float[] floats) {
    double[] doubles = new double[floats.length];
    for (int i = 0; i < floats.length; i++) {
      doubles[i] = floats[i];
    }
    return doubles;
  }

  /** What the product may lose because one factor was rounded to a subnormal float. */
  private static double lost(double rounded, double other) {
    return Ulp.isSubnormal(rounded) ? TINY * Math.abs(other) : 0;
  }

  private void add(int at, float actual, double truth, double allowed) {
    double value = Math.max(-0x1p128, Math.min(0x1p128, actual));
    accuracy.add(at, actual, Math.max(truth - allowed, Math.min(truth + allowed, value)));
    measured++;
  }

  private void maxout(float[] x, float[] dy, float[] results) {
    int pieces = op.piecesIn();
    int n = x.length / pieces;
    for (int i = 0; i < n; i++) {
      double largest = x[i];
      int winner = 0;
      for (int piece = 1; piece < pieces; piece++) {
        double next = x[piece * n + i];
        winner = next > largest ? piece : winner;
        largest = Math.max(largest, next);
      }
      if (Double.isFinite(largest) && Float.isFinite(dy[i])) {
        for (int piece = 0; piece < (direction == Direction.FORWARD ? 1 : pieces); piece++) {
          double truth = direction == Direction.FORWARD ? largest : piece == winner ? dy[i] : 0;
          add(piece * n + i, results[piece * n + i], truth, 0);
        }
      }
    }
  }

  private void crelu(float[] x, float[] dy, float[] results) {
    int n = x.length;
    for (int i = 0; i < n; i++) {
      if (!Float.isFinite(x[i]) || !Float.isFinite(dy[i]) || !Float.isFinite(dy[n + i])) {
        continue;
      }
      if (direction == Direction.FORWARD) {
        add(i, results[i], Math.max(0, x[i]), 0);
        add(n + i, results[n + i], Math.max(0, -x[i]), 0);
      } else {
        add(i, results[i], x[i] > 0 ? dy[i] : x[i] < 0 ? -dy[n + i] : 0, 0);
      }
    }
  }
}
