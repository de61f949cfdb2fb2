package dev.activations.verify;

import dev.activations.api.Activation;
import dev.activations.api.Direction;
import dev.activations.api.Kind;
import java.math.BigDecimal;
import java.math.MathContext;
import java.math.RoundingMode;
import java.util.function.DoubleUnaryOperator;
import org.apache.commons.numbers.gamma.Erfc;
import org.apfloat.Apfloat;

/**
 * True values to within a thousandth of a float's unit in the last place, some tens of nanoseconds
 * each: what a run over all 2^32 inputs is measured against. The textbook formulas in double, with
 * exp, expm1, log1p, tanh, sin and cos from {@link Math} and erfc from Commons Numbers; a test
 * holds them against {@link Oracle}. Safe for use by several threads.
 *
 * <p>Some derivatives (of gelu, silu, mish and their kin) have a root beside which a double is not
 * enough. There an interpolation of the {@code Oracle} is used.
 */
public final class FastOracle {
  /** The largest error, in units in the last place of a float. */
  public static final double PROMISE = 1e-3;

  private static final double ROOT_OF_HALF = Math.sqrt(0.5);
  private static final double ROOT_OF_TWO_OVER_PI = Math.sqrt(2 / Math.PI);
  private static final double DENSITY_AT_ZERO = 1 / Math.sqrt(2 * Math.PI);

  /**
   * Half the width of the interval around a root; outside of it a double loses five bits at most.
   */
  private static final double ROOT_RADIUS = 0.0625;

  /** g is analytic at least 25 radii around, so that 12 points leave an error of 25^-12. */
  private static final int ROOT_POINTS = 12;

  private static final MathContext ROOT_DIGITS = new MathContext(40);

  private FastOracle() {}

  /**
   * Returns the true function, as {@link Oracle#of} does, faster.
   *
   * @throws IllegalArgumentException if the kind is not pointwise, or has no such function
   */
  public static DoubleUnaryOperator of(Activation activation, Direction direction) {
    Oracle.checkPointwise(activation, direction);
    DoubleUnaryOperator function =
        switch (direction) {
          case FORWARD -> forward(activation);
          case DERIVATIVE, BACKWARD -> derivative(activation);
          case BACKWARD_FROM_OUTPUT -> fromOutput(activation);
        };
    boolean hasLimit = Oracle.hasLimit(activation, direction);
    // For the formulas an infinity is a large number: 0 times infinity is not the limit.
    return x ->
        hasLimit || !Double.isInfinite(x)
            ? function.applyAsDouble(Math.max(-0x1p300, Math.min(0x1p300, x)))
            : Double.NaN;
  }

  /**
   * Returns e^x[i] / Σ e^x[j] for one row of numbers of any length, as {@link Oracle#softmax} does.
   */
  public static double[] softmax(float[] row) {
    double maximum = Double.NEGATIVE_INFINITY;
    for (float x : row) {
      maximum = Math.max(maximum, x);
    }
    double[] values = new double[row.length];
    double sum = 0;
    double lost = 0;
    for (int i = 0; i < row.length; i++) {
      values[i] = exp(row[i] - maximum);
      // Kahan's summation: what a long sum rounds away is given back.
      double term = values[i] - lost;
      double next = sum + term;
      lost = (next - sum) - term;
      sum = next;
    }
    for (int i = 0; i < row.length; i++) {
      values[i] /= sum;
    }
    return values;
  }

  private static DoubleUnaryOperator forward(Activation activation) {
    float[] p = activation.floats();
    return switch (activation.kind()) {
      case LINEAR -> {
        double a = p[0];
        double b = p[1];
        yield x -> a * x + b;
      }
      case SIGMOID -> FastOracle::sigmoid;
      case TANH -> Math::tanh;
      case RELU -> x -> Math.max(0, x);
      case RRELU -> {
        double slope = ((double) p[0] + p[1]) / 2;
        yield x -> x > 0 ? x : slope * x;
      }
      case LEAKY_RELU, PRELU -> {
        double slope = p[0];
        yield x -> x > 0 ? x : slope * x;
      }
      case ELU -> {
        double alpha = p[0];
        yield x -> x > 0 ? x : alpha * Math.expm1(x);
      }
      case SOFTPLUS -> {
        double beta = p[0];
        yield x -> softplus(beta * x) / beta;
      }
      case GELU -> x -> x * normal(x);
      case SQUAREPLUS -> {
        double b = p[0];
        yield x -> {
          double w = Math.sqrt(x * x + b);
          return x > 0 ? (w + x) / 2 : b / (2 * (w - x));
        };
      }
      case GELU_TANH -> x -> x * sigmoid(2 * approximateQuantile(x));
      case QUICK_GELU -> x -> x * sigmoid(1.702 * x);
      case SILU -> {
        double beta = p[0];
        yield x -> x * sigmoid(beta * x);
      }
      case MISH -> x -> x * Math.tanh(softplus(x));
      case HARD_SWISH -> x -> x * Math.min(Math.max(x + 3, 0), 6) / 6;
      case CLIPPED_RELU -> {
        double max = p[0];
        yield x -> Math.max(0, Math.min(x, max));
      }
      case HARD_TANH -> {
        double min = p[0];
        double max = p[1];
        yield x -> Math.max(min, Math.min(x, max));
      }
      case THRESHOLDED_RELU -> {
        double theta = p[0];
        yield x -> x > theta ? x : 0 * x;
      }
      case THRESHOLD -> {
        double theta = p[0];
        double value = p[1];
        yield x -> x > theta ? x : unlessNan(x, value);
      }
      case RELU_SQUARED -> x -> Math.max(0, x) * Math.max(0, x);
      case HARD_SIGMOID -> {
        double slope = p[0];
        double offset = p[1];
        yield x -> Math.max(0, Math.min(slope * x + offset, 1));
      }
      case HARD_SHRINK -> {
        double lambda = p[0];
        yield x -> Math.abs(x) > lambda ? x : 0 * x;
      }
      case SOFT_SHRINK -> {
        double lambda = p[0];
        yield x -> Math.abs(x) > lambda ? x - Math.copySign(lambda, x) : 0 * x;
      }
      case TANH_SHRINK -> FastOracle::tanhShrink;
      case ABS -> Math::abs;
      case SQUARE -> x -> x * x;
      case CUBE -> x -> x * x * x;
      case STEP -> x -> x > 0 ? 1 : 0 * x;
      case EXP -> FastOracle::exp;
      case LOG_SIGMOID -> x -> -softplus(-x);
      case SELU -> {
        double scale = p[0];
        double alpha = p[1];
        yield x -> scale * (x > 0 ? x : alpha * Math.expm1(x));
      }
      case CELU -> {
        double alpha = p[0];
        yield x -> x > 0 ? x : alpha * Math.expm1(x / alpha);
      }
      case XIELU -> {
        double alphaP = p[0];
        double alphaN = p[1];
        double beta = p[2];
        DoubleUnaryOperator exact = Oracle.of(activation, Direction.FORWARD);
        yield x -> {
          if (x > -0.5) {
            double bend = x > 0 ? alphaP * x * x : alphaN * expLessLine(x);
            return unlessCancelled(bend, beta * x, x, exact);
          }
          return unlessCancelled(alphaN * Math.expm1(x), (beta - alphaN) * x, x, exact);
        };
      }
      case SOFTSIGN -> x -> x / (1 + Math.abs(x));
      case RATIONAL_TANH ->
          x -> {
            double s = rationalSum(x);
            return Math.copySign(1.7159, x) * (s / (1 + s));
          };
      case RECTIFIED_TANH -> x -> Math.max(0, Math.tanh(x));
      case LISHT -> x -> x * Math.tanh(x);
      case SPARSE_PLUS ->
          x -> Math.abs(x) < 1 ? (x + 1) * (x + 1) / 4 : unlessNan(x, Math.max(0, x));
      case SPARSE_SIGMOID -> x -> Math.max(0, Math.min((x + 1) / 2, 1));
      case LAPLACE -> {
        double mu = p[0];
        double sigma = p[1];
        yield x -> normal((x - mu) / sigma);
      }
      case SNAKE -> {
        double a = p[0];
        yield x -> {
          double sine = Math.sin(a * x);
          return x + sine * sine / a;
        };
      }
      default -> throw new AssertionError(activation);
    };
  }

  private static DoubleUnaryOperator derivative(Activation activation) {
    float[] p = activation.floats();
    return switch (activation.kind()) {
      case LINEAR -> {
        double a = p[0];
        yield x -> a + 0 * x;
      }
      case SIGMOID -> x -> sigmoid(x) * sigmoid(-x);
      // 1 - tanh² x without its cancellation: 4·σ(2x)·σ(-2x).
      case TANH -> x -> 4 * sigmoid(2 * x) * sigmoid(-2 * x);
      case RELU -> x -> x > 0 ? 1 : 0 * x;
      case RRELU -> {
        double slope = ((double) p[0] + p[1]) / 2;
        yield x -> x > 0 ? 1 : slope + 0 * x;
      }
      case LEAKY_RELU, PRELU -> {
        double slope = p[0];
        yield x -> x > 0 ? 1 : slope + 0 * x;
      }
      case ELU -> {
        double alpha = p[0];
        yield x -> x > 0 ? 1 : alpha * exp(x);
      }
      case SOFTPLUS -> {
        double beta = p[0];
        yield x -> sigmoid(beta * x);
      }
      case GELU -> Root.GELU.around(x -> normal(x) + x * DENSITY_AT_ZERO * exp(-0.5 * x * x));
      case SQUAREPLUS -> {
        double b = p[0];
        yield x -> {
          double w = Math.sqrt(x * x + b);
          return x > 0 ? (w + x) / w / 2 : b / w / (w - x) / 2;
        };
      }
      case GELU_TANH ->
          Root.GELU_TANH.around(
              x -> {
                // Beyond, sigmoid stands still and the cube does not.
                double near = Math.max(-100, Math.min(100, x));
                double z = 2 * approximateQuantile(near);
                double rise = 2 * ROOT_OF_TWO_OVER_PI * (1 + 3 * 0.044715 * near * near);
                return sigmoid(z) + near * rise * sigmoid(z) * sigmoid(-z);
              });
      case QUICK_GELU ->
          Root.QUICK_GELU.around(
              x -> {
                double z = 1.702 * x;
                return sigmoid(z) + z * sigmoid(z) * sigmoid(-z);
              });
      case SILU -> {
        double beta = p[0];
        DoubleUnaryOperator ofProduct =
            Root.SILU.around(z -> sigmoid(z) + z * sigmoid(z) * sigmoid(-z));
        yield x -> ofProduct.applyAsDouble(beta * x);
      }
      case MISH ->
          Root.MISH.around(
              x -> {
                double t = Math.tanh(softplus(x));
                return t + x * (1 - t * t) * sigmoid(x);
              });
      case HARD_SWISH -> x -> x <= -3 ? 0 : x >= 3 ? 1 : (2 * x + 3) / 6;
      case CLIPPED_RELU -> {
        double max = p[0];
        yield x -> x > 0 && x < max ? 1 : unlessNan(x, 0);
      }
      case HARD_TANH -> {
        double min = p[0];
        double max = p[1];
        yield x -> x > min && x < max ? 1 : unlessNan(x, 0);
      }
      case THRESHOLDED_RELU, THRESHOLD -> {
        double theta = p[0];
        yield x -> x > theta ? 1 : unlessNan(x, 0);
      }
      case RELU_SQUARED -> x -> 2 * Math.max(0, x);
      case HARD_SIGMOID -> {
        double slope = p[0];
        double offset = p[1];
        yield x -> {
          double z = slope * x + offset;
          return z > 0 && z < 1 ? slope : unlessNan(x, 0);
        };
      }
      case HARD_SHRINK, SOFT_SHRINK -> {
        double lambda = p[0];
        yield x -> Math.abs(x) > lambda ? 1 : unlessNan(x, 0);
      }
      case TANH_SHRINK -> x -> Math.tanh(x) * Math.tanh(x);
      case ABS -> Math::signum;
      case SQUARE -> x -> 2 * x;
      case CUBE -> x -> 3 * x * x;
      case STEP -> x -> unlessNan(x, 0);
      case EXP -> FastOracle::exp;
      case LOG_SIGMOID -> x -> sigmoid(-x);
      case SELU -> {
        double scale = p[0];
        double alpha = p[1];
        yield x -> scale * (x > 0 ? 1 : alpha * exp(x));
      }
      case CELU -> {
        double alpha = p[0];
        yield x -> x > 0 ? 1 : exp(x / alpha);
      }
      case XIELU -> {
        double alphaP = p[0];
        double alphaN = p[1];
        double beta = p[2];
        DoubleUnaryOperator exact = Oracle.of(activation, Direction.DERIVATIVE);
        yield x -> {
          if (x > -0.5) {
            double rise = x > 0 ? 2 * alphaP * x : alphaN * Math.expm1(x);
            return unlessCancelled(rise, beta, x, exact);
          }
          return unlessCancelled(alphaN * exp(x), beta - alphaN, x, exact);
        };
      }
      case SOFTSIGN -> x -> 1 / ((1 + Math.abs(x)) * (1 + Math.abs(x)));
      case RATIONAL_TANH ->
          x -> {
            double y = Math.abs(2 * x / 3);
            double rise = 1 + 2 * y + 4 * 1.41645 * y * y * y;
            return 1.7159 * 2 / 3 * rise / ((1 + rationalSum(x)) * (1 + rationalSum(x)));
          };
      case RECTIFIED_TANH -> x -> x > 0 ? 4 * sigmoid(2 * x) * sigmoid(-2 * x) : unlessNan(x, 0);
      case LISHT -> x -> Math.tanh(x) + 4 * x * sigmoid(2 * x) * sigmoid(-2 * x);
      case SPARSE_PLUS -> x -> Math.max(0, Math.min((x + 1) / 2, 1));
      case SPARSE_SIGMOID -> x -> Math.abs(x) < 1 ? 0.5 : unlessNan(x, 0);
      case LAPLACE -> {
        double mu = p[0];
        double sigma = p[1];
        yield x -> {
          double z = (x - mu) / sigma;
          return DENSITY_AT_ZERO * exp(-0.5 * z * z) / sigma;
        };
      }
      case SNAKE -> {
        double a = p[0];
        DoubleUnaryOperator exact = Oracle.of(activation, Direction.DERIVATIVE);
        // 1 + sin(2·z) = (sin z + cos z)², in which less cancels.
        yield x -> {
          double sum = Math.sin(a * x) + Math.cos(a * x);
          return Math.abs(sum) < 0x1p-15 ? exact.applyAsDouble(x) : sum * sum;
        };
      }
      default -> throw new AssertionError(activation);
    };
  }

  /** The derivative as a function of the output. */
  private static DoubleUnaryOperator fromOutput(Activation activation) {
    float[] p = activation.floats();
    return switch (activation.kind()) {
      // Where the output is on the same side of every kink as the input.
      case LINEAR, STEP, RELU, LEAKY_RELU, PRELU, RRELU -> derivative(activation);
      case CLIPPED_RELU, HARD_TANH, THRESHOLDED_RELU, THRESHOLD -> derivative(activation);
      case HARD_SHRINK -> derivative(activation);
      case SIGMOID -> y -> y > 0 && y < 1 ? y * (1 - y) : unlessNan(y, 0);
      case TANH -> y -> Math.abs(y) < 1 ? (1 - y) * (1 + y) : unlessNan(y, 0);
      case RECTIFIED_TANH -> y -> y > 0 && y < 1 ? (1 - y) * (1 + y) : unlessNan(y, 0);
      case EXP -> y -> Math.max(0, y);
      case ELU -> {
        double alpha = p[0];
        yield y -> y > 0 ? 1 : Math.max(0, y + alpha);
      }
      case SELU -> {
        double scale = p[0];
        double depth = scale * p[1];
        yield y -> y > 0 ? scale : Math.max(0, y + depth);
      }
      case CELU -> {
        double alpha = p[0];
        yield y -> y > 0 ? 1 : Math.max(0, (y + alpha) / alpha);
      }
      case SOFTSIGN ->
          y -> {
            double rest = Math.max(0, 1 - Math.abs(y));
            return rest * rest;
          };
      case HARD_SIGMOID -> {
        double slope = p[0];
        yield y -> y > 0 && y < 1 ? slope : unlessNan(y, 0);
      }
      case SPARSE_SIGMOID -> y -> y > 0 && y < 1 ? 0.5 : unlessNan(y, 0);
      case SOFT_SHRINK -> y -> y != 0 ? unlessNan(y, 1) : 0;
      default -> throw new AssertionError(activation);
    };
  }

  private static double unlessNan(double x, double value) {
    return x == x ? value : x;
  }

  /** a + b, but the exact value at x where so much of them cancels that a double is not enough. */
  private static double unlessCancelled(double a, double b, double x, DoubleUnaryOperator exact) {
    double sum = a + b;
    return Math.abs(sum) < Math.abs(b) * 0x1p-15 ? exact.applyAsDouble(x) : sum;
  }

  /** e^x - 1 - x for |x| <= 1/2, as its series. */
  private static double expLessLine(double x) {
    double sum = 0;
    double term = x * x / 2;
    for (int k = 3; k < 18; k++) {
      sum += term;
      term *= x / k;
    }
    return sum;
  }

  /** e^x, never so small that its sign is lost. */
  private static double exp(double x) {
    return Math.exp(x < -400 ? -400 : x);
  }

  private static double sigmoid(double x) {
    return 1 / (1 + Math.exp(x < -400 ? 400 : -x));
  }

  private static double softplus(double x) {
    return Math.max(0, x) + Math.log1p(exp(-Math.abs(x)));
  }

  /** x - tanh x = (x·cosh x - sinh x)/cosh x, the numerator as its series where it cancels. */
  private static double tanhShrink(double x) {
    if (Math.abs(x) > 1) {
      return x - Math.tanh(x);
    }
    double sum = 0;
    double term = x * x * x / 6;
    for (int k = 2; k < 20; k += 2) {
      sum += k * term;
      term *= x * x / ((k + 2) * (k + 3));
    }
    return sum / Math.cosh(x);
  }

  /** Half of what gelu_tanh hands to a sigmoid. Beyond 1e50 it would overflow. */
  private static double approximateQuantile(double x) {
    double near = Math.max(-1e50, Math.min(1e50, x));
    return ROOT_OF_TWO_OVER_PI * (near + 0.044715 * near * near * near);
  }

  /** What rational_tanh adds to 1 in its denominator. Beyond 1e50 it would overflow. */
  private static double rationalSum(double x) {
    double y = Math.min(1e50, Math.abs(2 * x / 3));
    return y + y * y + 1.41645 * y * y * y * y;
  }

  /** The normal distribution Φ. */
  private static double normal(double x) {
    return 0.5 * Erfc.value(-ROOT_OF_HALF * x);
  }

  /**
   * A derivative near its root r: (x - r)·g(x), where g has no root and is interpolated at
   * Chebyshev points from values of the {@link Oracle}.
   */
  private enum Root {
    GELU(Kind.GELU, "-0.75"),
    GELU_TANH(Kind.GELU_TANH, "-0.75"),
    QUICK_GELU(Kind.QUICK_GELU, "-0.75"),
    SILU(Kind.SILU, "-1.28"),
    MISH(Kind.MISH, "-1.19");

    private final double high;
    private final double low;
    private final double[] coefficients = new double[ROOT_POINTS];

    Root(Kind kind, String guess) {
      BigDecimal root = solve(kind, new BigDecimal(guess));
      high = root.doubleValue();
      low = root.subtract(new BigDecimal(high)).doubleValue();
      double[] values = new double[ROOT_POINTS];
      for (int k = 0; k < ROOT_POINTS; k++) {
        BigDecimal distance = new BigDecimal(ROOT_RADIUS * Math.cos(angle(k)));
        values[k] = decimal(kind, root.add(distance)).divide(distance, ROOT_DIGITS).doubleValue();
      }
      for (int j = 0; j < ROOT_POINTS; j++) {
        for (int k = 0; k < ROOT_POINTS; k++) {
          coefficients[j] += values[k] * Math.cos(j * angle(k)) * (j == 0 ? 1 : 2) / ROOT_POINTS;
        }
      }
    }

    DoubleUnaryOperator around(DoubleUnaryOperator elsewhere) {
      return x -> {
        double distance = (x - high) - low;
        return Math.abs(distance) <= ROOT_RADIUS
            ? distance * interpolated(distance / ROOT_RADIUS)
            : elsewhere.applyAsDouble(x);
      };
    }

    /** The sum of Chebyshev polynomials at t in [-1, 1], by Clenshaw's recurrence. */
    private double interpolated(double t) {
      double b1 = 0;
      double b2 = 0;
      for (int j = ROOT_POINTS - 1; j > 0; j--) {
        double b = coefficients[j] + 2 * t * b1 - b2;
        b2 = b1;
        b1 = b;
      }
      return coefficients[0] + t * b1 - b2;
    }

    private static double angle(int k) {
      return Math.PI * (k + 0.5) / ROOT_POINTS;
    }

    private static BigDecimal decimal(Kind kind, BigDecimal x) {
      Apfloat value =
          Oracle.exact(Activation.of(kind), Direction.DERIVATIVE, x, ROOT_DIGITS.getPrecision());
      return new BigDecimal(value.toString());
    }

    /** The secant method: each step multiplies the number of right digits by 1.6. */
    private static BigDecimal solve(Kind kind, BigDecimal guess) {
      BigDecimal x0 = guess;
      BigDecimal x1 = guess.add(new BigDecimal("0.01"));
      BigDecimal f0 = decimal(kind, x0);
      BigDecimal f1 = decimal(kind, x1);
      while (f1.abs().compareTo(new BigDecimal("1e-36")) > 0) {
        BigDecimal step = f1.multiply(x1.subtract(x0)).divide(f1.subtract(f0), ROOT_DIGITS);
        BigDecimal next = x1.subtract(step).setScale(38, RoundingMode.HALF_EVEN);
        x0 = x1;
        f0 = f1;
        x1 = next;
        f1 = decimal(kind, x1);
      }
      return x1;
    }
  }
}
