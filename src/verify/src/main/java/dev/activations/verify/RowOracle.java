package dev.activations.verify;

import dev.activations.api.Kind;
import java.math.BigDecimal;

/**
 * True values of the kinds over an axis, for one row of numbers of any length, none of them NaN or
 * infinite. In double precision, or exactly; nothing here comes from the library.
 */
final class RowOracle {
  /** The accuracy of the sum of a backward pass: a float has 24 bits, a pair of them 48. */
  private static final double SUM = 0x1p-46;

  private RowOracle() {}

  /** Returns the true result of a forward pass. */
  static double[] forward(Kind kind, float[] x) {
    return switch (kind) {
      case SOFTMAX -> FastOracle.softmax(x);
      case SOFTMIN -> FastOracle.softmax(negated(x));
      case LOG_SOFTMAX -> logSoftmax(x);
      default -> throw new AssertionError(kind);
    };
  }

  /** Returns the true result of a backward pass, for the output given. */
  static double[] backward(Kind kind, float[] y, float[] dy) {
    return switch (kind) {
      case SOFTMAX -> Oracle.softmaxBackward(y, dy);
      case SOFTMIN -> Oracle.softmaxBackward(y, negated(dy));
      case LOG_SOFTMAX -> logSoftmaxBackward(y, dy);
      default -> throw new AssertionError(kind);
    };
  }

  /**
   * Returns what each element of a backward pass may be off, beyond its units in the last place:
   * where a difference cancels more digits than its sides have.
   */
  static double[] slack(Kind kind, float[] y, float[] dy) {
    double largest = 0;
    for (float gradient : dy) {
      largest = Math.max(largest, Math.abs(gradient));
    }
    double sum = Math.abs(sum(dy));
    double[] slack = new double[y.length];
    for (int i = 0; i < y.length; i++) {
      slack[i] =
          switch (kind) {
            case SOFTMAX, SOFTMIN -> SUM * y[i] * largest;
            case LOG_SOFTMAX -> 0x1p-26 * Math.exp(y[i]) * sum + SUM * largest;
            default -> throw new AssertionError(kind);
          };
    }
    return slack;
  }

  /** The largest entry is 0 in all differences, and left to log1p. */
  private static double[] logSoftmax(float[] x) {
    int top = 0;
    for (int i = 1; i < x.length; i++) {
      top = x[i] > x[top] ? i : top;
    }
    float[] others = new float[x.length - 1];
    System.arraycopy(x, 0, others, 0, top);
    System.arraycopy(x, top + 1, others, top, others.length - top);
    double rest = 0;
    double lost = 0;
    for (float other : others) {
      // Kahan's summation: what a long sum rounds away is given back.
      double term = Math.exp((double) other - x[top]) - lost;
      double next = rest + term;
      lost = (next - rest) - term;
      rest = next;
    }
    double log = Math.log1p(rest);
    double[] values = new double[x.length];
    for (int i = 0; i < x.length; i++) {
      values[i] = -(log + ((double) x[top] - x[i]));
    }
    return values;
  }

  private static double[] logSoftmaxBackward(float[] y, float[] dy) {
    double sum = sum(dy);
    double[] values = new double[y.length];
    for (int i = 0; i < y.length; i++) {
      values[i] =
          y[i] > -0.5 ? (dy[i] - sum) - sum * Math.expm1(y[i]) : dy[i] - sum * Math.exp(y[i]);
    }
    return values;
  }

  /** The sum, rounded once. */
  private static double sum(float[] values) {
    BigDecimal sum = BigDecimal.ZERO;
    for (float value : values) {
      sum = sum.add(new BigDecimal(value));
    }
    return sum.doubleValue();
  }

  private static float[] negated(float[] values) {
    float[] negated = new float[values.length];
    for (int i = 0; i < values.length; i++) {
      negated[i] = -values[i];
    }
    return negated;
  }
}
