package dev.activations.verify;

import dev.activations.api.Activation;
import dev.activations.api.Kind;
import java.math.BigDecimal;
import java.math.MathContext;
import java.util.Arrays;
import java.util.stream.IntStream;

/**
 * True values of the kinds over an axis, for one row of numbers of any length, none of them NaN or
 * infinite. In double precision, or exactly; nothing here comes from the library.
 */
final class RowOracle {
  /** The accuracy of the sum of a backward pass: a float has 24 bits, a pair of them 48. */
  private static final double SUM = 0x1p-46;

  /** Quotients of finite decimals. */
  private static final MathContext EXACT = new MathContext(60);

  private RowOracle() {}

  /**
   * Returns the true result of a forward pass.
   *
   * @param beside the mask, or the random numbers from (0, 1), of a kind that has them
   */
  static double[] forward(Activation activation, float[] x, float[] beside) {
    return switch (activation.kind()) {
      case SOFTMAX -> FastOracle.softmax(x);
      case MASKED_SOFTMAX -> maskedSoftmax(x, beside);
      case GUMBEL_SOFTMAX -> gumbelSoftmax(x, beside, activation.floats()[0]);
      case SOFTMIN -> FastOracle.softmax(negated(x));
      case LOG_SOFTMAX -> logSoftmax(x);
      case HARDMAX -> hardmax(x);
      case SPARSEMAX -> sparsemax(x);
      case ENTMAX15 -> entmax15(x);
      default -> throw new AssertionError(activation);
    };
  }

  /** Returns the true result of a backward pass, for the output given. */
  static double[] backward(Activation activation, float[] y, float[] dy) {
    return switch (activation.kind()) {
      case SOFTMAX, MASKED_SOFTMAX -> Oracle.softmaxBackward(y, dy);
      case SOFTMIN -> Oracle.softmaxBackward(y, negated(dy));
      case LOG_SOFTMAX -> logSoftmaxBackward(y, dy);
      case HARDMAX -> zeros(dy);
      case SPARSEMAX -> sparsemaxBackward(y, dy);
      case ENTMAX15 -> entmax15Backward(y, dy);
      case GUMBEL_SOFTMAX -> {
        double tau = activation.floats()[0];
        yield Arrays.stream(Oracle.softmaxBackward(y, dy)).map(dx -> dx / tau).toArray();
      }
      default -> throw new AssertionError(activation);
    };
  }

  /**
   * Returns what each element of a backward pass may be off, beyond its units in the last place:
   * where a difference cancels more digits than its sides have.
   */
  static double[] slack(Activation activation, float[] y, float[] dy) {
    double largest = 0;
    for (float gradient : dy) {
      largest = Math.max(largest, Math.abs(gradient));
    }
    double sum = Math.abs(sum(dy));
    double[] slack = new double[y.length];
    for (int i = 0; i < y.length; i++) {
      slack[i] =
          switch (activation.kind()) {
            case SOFTMAX, MASKED_SOFTMAX, SOFTMIN -> SUM * y[i] * largest;
            case GUMBEL_SOFTMAX -> SUM * y[i] * largest / activation.floats()[0];
            case HARDMAX -> 0;
            case SPARSEMAX -> 0x1p-45 * largest;
            case ENTMAX15 -> 0x1p-44 * Math.sqrt(y[i]) * largest;
            case LOG_SOFTMAX -> 0x1p-26 * Math.exp(y[i]) * sum + SUM * largest;
            default -> throw new AssertionError(activation);
          };
    }
    return slack;
  }

  /** Returns what each element of a forward pass may be off, beyond its units. */
  static double[] slack(Kind kind, double[] truth) {
    return Arrays.stream(truth)
        .map(
            y ->
                switch (kind) {
                  case SPARSEMAX -> 0x1p-45;
                  // Where the truth is 0 the square of what is left is.
                  case ENTMAX15 -> 0x1p-44 * Math.sqrt(y) + 0x1p-90;
                  default -> 0;
                })
        .toArray();
  }

  /** Softmax of what is let in, and zeros. */
  private static double[] maskedSoftmax(float[] x, float[] mask) {
    int[] in = IntStream.range(0, x.length).filter(i -> mask[i] != 0).toArray();
    float[] some = new float[in.length];
    for (int i = 0; i < in.length; i++) {
      some[i] = x[in[i]];
    }
    double[] shares = FastOracle.softmax(some);
    double[] values = new double[x.length];
    for (int i = 0; i < in.length; i++) {
      values[in[i]] = shares[i];
    }
    return values;
  }

  private static double[] gumbelSoftmax(float[] x, float[] u, double tau) {
    double[] z = new double[x.length];
    for (int i = 0; i < x.length; i++) {
      double e = u[i] > 0.5 ? -Math.log1p(u[i] - 1.0) : -Math.log(u[i]);
      // Only differences count; of two floats that lie near each other they are exact.
      z[i] = ((double) x[i] - x[0]) - Math.log(e);
    }
    double top = Arrays.stream(z).max().orElseThrow();
    double[] terms = Arrays.stream(z).map(each -> Math.exp((each - top) / tau)).toArray();
    double sum = Arrays.stream(terms).sum();
    return Arrays.stream(terms).map(term -> term / sum).toArray();
  }

  private static double[] hardmax(float[] x) {
    double[] values = new double[x.length];
    values[first(x)] = 1;
    return values;
  }

  /** The place of the first of the largest. */
  private static int first(float[] x) {
    int first = 0;
    for (int i = 1; i < x.length; i++) {
      first = x[i] > x[first] ? i : first;
    }
    return first;
  }

  /** By sorting: the k largest are the support for the largest k whose least is above tau. */
  private static double[] sparsemax(float[] x) {
    float[] sorted = x.clone();
    Arrays.sort(sorted);
    BigDecimal sum = BigDecimal.ZERO;
    BigDecimal tau = BigDecimal.ZERO;
    for (int k = 1; k <= x.length; k++) {
      BigDecimal next = new BigDecimal(sorted[x.length - k]);
      sum = sum.add(next);
      BigDecimal excess = sum.subtract(BigDecimal.ONE);
      BigDecimal count = BigDecimal.valueOf(k);
      if (next.multiply(count).compareTo(excess) <= 0) {
        break;
      }
      tau = excess.divide(count, EXACT);
    }
    double[] values = new double[x.length];
    for (int i = 0; i < x.length; i++) {
      values[i] = Math.max(0, new BigDecimal(x[i]).subtract(tau).doubleValue());
    }
    return values;
  }

  private static double[] sparsemaxBackward(float[] y, float[] dy) {
    BigDecimal sum = BigDecimal.ZERO;
    int count = 0;
    for (int i = 0; i < y.length; i++) {
      if (y[i] > 0) {
        sum = sum.add(new BigDecimal(dy[i]));
        count++;
      }
    }
    BigDecimal mean = sum.divide(BigDecimal.valueOf(count), EXACT);
    double[] values = new double[y.length];
    for (int i = 0; i < y.length; i++) {
      values[i] = y[i] > 0 ? new BigDecimal(dy[i]).subtract(mean).doubleValue() : 0;
    }
    return values;
  }

  /** tau lies between max/2 - 1 and max/2, and is found by halving. */
  private static double[] entmax15(float[] x) {
    double top = x[first(x)];
    double[] z = new double[x.length];
    for (int i = 0; i < x.length; i++) {
      z[i] = (x[i] - top) / 2;
    }
    double[] near = Arrays.stream(z).filter(value -> value > -1).toArray();
    double low = -1;
    double high = 0;
    for (int halving = 0; halving < 60; halving++) {
      double tau = (low + high) / 2;
      double sum = 0;
      double lost = 0;
      for (double value : near) {
        double t = Math.max(0, value - tau);
        double term = t * t - lost;
        double next = sum + term;
        lost = (next - sum) - term;
        sum = next;
      }
      if (sum > 1) {
        low = tau;
      } else {
        high = tau;
      }
    }
    double tau = low;
    return Arrays.stream(z).map(value -> Math.max(0, value - tau)).map(t -> t * t).toArray();
  }

  private static double[] entmax15Backward(float[] y, float[] dy) {
    BigDecimal products = BigDecimal.ZERO;
    BigDecimal roots = BigDecimal.ZERO;
    for (int i = 0; i < y.length; i++) {
      BigDecimal root = new BigDecimal(Math.sqrt(y[i]));
      roots = roots.add(root);
      products = products.add(root.multiply(new BigDecimal(dy[i])));
    }
    BigDecimal mean = products.divide(roots, EXACT);
    double[] values = new double[y.length];
    for (int i = 0; i < y.length; i++) {
      values[i] = Math.sqrt(y[i]) * new BigDecimal(dy[i]).subtract(mean).doubleValue();
    }
    return values;
  }

  /** 0·dy. */
  private static double[] zeros(float[] dy) {
    double[] values = new double[dy.length];
    for (int i = 0; i < dy.length; i++) {
      values[i] = 0 * dy[i];
    }
    return values;
  }

  /** The largest entry is 0 in all differences, and left to log1p. */
  private static double[] logSoftmax(float[] x) {
    int top = first(x);
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
