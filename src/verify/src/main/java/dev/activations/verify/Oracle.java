package dev.activations.verify;

import dev.activations.api.Activation;
import dev.activations.api.Direction;
import dev.activations.api.Kind;
import java.math.BigDecimal;
import java.math.MathContext;
import java.math.RoundingMode;
import java.util.function.DoubleFunction;
import java.util.function.DoubleUnaryOperator;
import java.util.function.Supplier;
import java.util.stream.IntStream;
import org.apfloat.Apfloat;
import org.apfloat.ApfloatMath;

/**
 * True values to any number of digits, from the textbook formulas and Apfloat's exp, log and erfc.
 * Nothing here comes from the library, and nothing here is clever: where digits cancel, more of
 * them are taken. Slow, about a millisecond a value. Safe for use by several threads.
 *
 * <p>For floats, values are returned as the nearest double, give or take one unit of a double,
 * which is 2^-29 units of a float; for doubles, with 20 digits at least. Where the function has
 * vanished beyond e^-2000 a value that small, of the right sign, stands for it; where it grows
 * beyond the numbers any value beyond them.
 */
public final class Oracle {
  /** Digits asked for at first. */
  private static final long DIGITS = 40;

  /** Digits that decide: x - tanh x, the hardest, needs 620 for the smallest normal double. */
  private static final long MOST_DIGITS = 1280;

  /** Digits that must be left: a double has 16. */
  private static final long NEEDED = 20;

  /** Stands for an infinity: every function has reached its limit before, and no product fails. */
  private static final double INFINITY = 0x1p300;

  private static final Apfloat BEYOND = new Apfloat(new BigDecimal(INFINITY), Apfloat.INFINITE);

  /** Digits with which the smallest float is seen beside 1. */
  private static final long WIDE = 120;

  private static final Apfloat LIMIT = new Apfloat(2000);

  private static final Apfloat HALF = new Apfloat("0.5", Apfloat.INFINITE);
  private static final Apfloat ZERO = Apfloat.ZERO;
  private static final Apfloat ONE = Apfloat.ONE;
  private static final Apfloat TWO = new Apfloat(2);
  private static final Apfloat THREE = new Apfloat(3);
  private static final Apfloat FOUR = new Apfloat(4);
  private static final Apfloat SIX = new Apfloat(6);
  private static final Apfloat HUNDRED = new Apfloat(100);

  // The coefficients of gelu_tanh, quick_gelu and rational_tanh.
  private static final Apfloat CUBIC = new Apfloat("0.044715", Apfloat.INFINITE);
  private static final Apfloat QUICK = new Apfloat("1.702", Apfloat.INFINITE);
  private static final Apfloat RATIONAL = new Apfloat("1.41645", Apfloat.INFINITE);
  private static final Apfloat RATIONAL_HEIGHT = new Apfloat("1.7159", Apfloat.INFINITE);

  private Oracle() {}

  /**
   * Returns the true function.
   *
   * @param activation a pointwise kind, whose parameters are rounded to float32 as in the library
   * @param direction forward or derivative; or backward from the output, which stands for the
   *     derivative as a function of the output, and is found by way of the inverse function
   * @return a map from an input, a float's value, to the true value: the mathematical limit at an
   *     infinity, NaN at NaN and where there is no limit
   * @throws IllegalArgumentException if the kind is not pointwise, or has no such function
   */
  public static DoubleUnaryOperator of(Activation activation, Direction direction) {
    checkPointwise(activation, direction);
    return x -> {
      if (Double.isNaN(x) || Double.isInfinite(x) && !hasLimit(activation, direction)) {
        return Double.NaN;
      }
      return toDouble(exact(activation, direction, new BigDecimal(clamp(x)), NEEDED));
    };
  }

  /**
   * Returns the true function of doubles.
   *
   * @param activation a pointwise kind, whose parameters are taken as they are
   * @param direction forward or derivative
   * @return a map from a finite double to the true value, to at least 20 digits
   * @throws IllegalArgumentException if the kind is not pointwise, or the direction backward
   */
  public static DoubleFunction<Apfloat> ofDoubles(Activation activation, Direction direction) {
    checkPointwise(activation, direction);
    double[] parameters = activation.doubles();
    return x -> exact(activation.kind(), parameters, direction, new BigDecimal(x), NEEDED);
  }

  /**
   * Returns the value to a number of digits, with parameters rounded to float32.
   *
   * @param x the input, taken exactly
   */
  static Apfloat exact(Activation activation, Direction direction, BigDecimal x, long needed) {
    float[] floats = activation.floats();
    double[] parameters = IntStream.range(0, floats.length).mapToDouble(i -> floats[i]).toArray();
    return exact(activation.kind(), parameters, direction, x, needed);
  }

  private static Apfloat exact(
      Kind kind, double[] parameters, Direction direction, BigDecimal x, long needed) {
    // Apfloat keeps count of the digits that a cancellation leaves.
    for (long digits = Math.max(DIGITS, 2 * needed); ; digits *= 2) {
      Apfloat value = new Terms(kind, parameters, digits).value(direction, x);
      // It takes no count of a zero, which may be true, or the end of all digits.
      if (value.signum() == 0 ? digits >= MOST_DIGITS : value.precision() >= needed) {
        return value;
      }
    }
  }

  /**
   * Returns e^x[i] / Σ e^x[j] for one row of numbers, none of them NaN or infinite.
   *
   * @param row the inputs; a few hundred at most, for time's sake
   */
  public static double[] softmax(float[] row) {
    float maximum = Float.NEGATIVE_INFINITY;
    for (float x : row) {
      maximum = Math.max(maximum, x);
    }
    BigDecimal top = new BigDecimal(maximum);
    Apfloat[] powers = new Apfloat[row.length];
    Apfloat sum = ZERO;
    for (int i = 0; i < row.length; i++) {
      powers[i] = exp(new Apfloat(new BigDecimal(row[i]).subtract(top), DIGITS));
      sum = sum.add(powers[i]);
    }
    double[] values = new double[row.length];
    for (int i = 0; i < row.length; i++) {
      values[i] = toDouble(powers[i].divide(sum));
    }
    return values;
  }

  /**
   * Returns y[i]·(dy[i] - Σ dy[j]·y[j]) for one row of numbers, none of them NaN or infinite.
   * Computed exactly: sums and products of floats are finite decimals.
   */
  public static double[] softmaxBackward(float[] y, float[] dy) {
    BigDecimal dot = BigDecimal.ZERO;
    for (int i = 0; i < y.length; i++) {
      dot = dot.add(new BigDecimal(y[i]).multiply(new BigDecimal(dy[i])));
    }
    double[] values = new double[y.length];
    for (int i = 0; i < y.length; i++) {
      values[i] =
          new BigDecimal(dy[i])
              .subtract(dot)
              .multiply(new BigDecimal(y[i]), MathContext.DECIMAL128)
              .doubleValue();
    }
    return values;
  }

  static void checkPointwise(Activation activation, Direction direction) {
    if (activation.formula().shape() != Kind.Shape.POINTWISE
        || direction == Direction.BACKWARD
        || !activation.supports(direction)) {
      throw new IllegalArgumentException(
          "expected a function of one number; got %s %s".formatted(activation, direction.stem()));
    }
  }

  /** Whether the function has a limit at the infinities; what oscillates has none. */
  static boolean hasLimit(Activation activation, Direction direction) {
    return activation.formula() != Kind.SNAKE || direction == Direction.FORWARD;
  }

  private static double clamp(double x) {
    return Math.max(-INFINITY, Math.min(INFINITY, x));
  }

  private static double toDouble(Apfloat value) {
    return value.doubleValue();
  }

  private static Apfloat exp(Apfloat x) {
    Apfloat bounded = ApfloatMath.max(LIMIT.negate(), ApfloatMath.min(LIMIT, x));
    return ApfloatMath.exp(bounded.precision(x.precision()));
  }

  /** The formulas, with a number of digits. */
  private static final class Terms {
    final Kind kind;
    final long digits;
    final Apfloat[] parameters;

    Terms(Kind kind, double[] numbers, long digits) {
      this.kind = kind;
      this.digits = digits;
      parameters = new Apfloat[numbers.length];
      for (int i = 0; i < numbers.length; i++) {
        parameters[i] = new Apfloat(new BigDecimal(numbers[i]), Apfloat.INFINITE);
      }
    }

    Apfloat value(Direction direction, BigDecimal input) {
      Apfloat x = new Apfloat(input, Apfloat.INFINITE);
      return switch (direction) {
        case FORWARD -> forward(x);
        case DERIVATIVE -> derivative(x);
        case BACKWARD_FROM_OUTPUT -> derivative(input(x));
        case BACKWARD -> throw new AssertionError(direction);
      };
    }

    /**
     * An input whose output is y, and an infinity where y is at or beyond a limit. Where several
     * have the same output, they have the same derivative.
     */
    Apfloat input(Apfloat y) {
      return switch (kind) {
        // Inputs of the pieces that matter are outputs, or the derivative is the same everywhere.
        case LINEAR, STEP, RELU, CLIPPED_RELU, HARD_TANH -> y;
        case THRESHOLDED_RELU, THRESHOLD, HARD_SHRINK -> y;
        case SIGMOID ->
            within(y, ZERO, ONE, () -> ApfloatMath.log(some(y).divide(ONE.subtract(y))));
        case TANH -> within(y, ONE.negate(), ONE, () -> areaTangent(y));
        case RECTIFIED_TANH -> within(y, ZERO, ONE, () -> areaTangent(y));
        case LEAKY_RELU, PRELU -> leaky(y, parameters[0]);
        case RRELU -> leaky(y, mean());
        case ELU -> y.signum() > 0 ? y : logarithmAbove(y, parameters[0]);
        case SELU -> {
          Apfloat depth = parameters[0].multiply(parameters[1]);
          yield y.signum() > 0 ? some(y).divide(parameters[0]) : logarithmAbove(y, depth);
        }
        case CELU -> {
          Apfloat logarithm = y.signum() > 0 ? ZERO : logarithmAbove(y, parameters[0]);
          yield y.signum() > 0 ? y : parameters[0].multiply(logarithm);
        }
        case EXP -> y.signum() > 0 ? ApfloatMath.log(some(y)) : BEYOND.negate();
        case SOFTSIGN ->
            within(y, ONE.negate(), ONE, () -> some(y).divide(ONE.subtract(ApfloatMath.abs(y))));
        case HARD_SIGMOID ->
            within(
                y,
                ZERO,
                ONE,
                () -> y.subtract(parameters[1]).precision(WIDE).divide(parameters[0]));
        case SPARSE_SIGMOID -> TWO.multiply(y).subtract(ONE);
        case SOFT_SHRINK -> y.add(parameters[0].multiply(new Apfloat(y.signum())));
        default -> throw new AssertionError(kind);
      };
    }

    /** Without a slope the output 0 stands for all of the left. */
    Apfloat leaky(Apfloat y, Apfloat slope) {
      return y.signum() > 0 || slope.signum() == 0 ? y : some(y).divide(some(slope));
    }

    Apfloat within(Apfloat y, Apfloat low, Apfloat high, Supplier<Apfloat> inverse) {
      if (y.compareTo(low) <= 0) {
        return BEYOND.negate();
      }
      return y.compareTo(high) >= 0 ? BEYOND : inverse.get();
    }

    /** The inverse of tanh. */
    Apfloat areaTangent(Apfloat y) {
      Apfloat quotient = ONE.add(y).precision(WIDE).divide(ONE.subtract(y));
      return ApfloatMath.log(quotient).divide(TWO);
    }

    /** log(1 + y/depth), the inverse of depth·(e^x - 1). */
    Apfloat logarithmAbove(Apfloat y, Apfloat depth) {
      Apfloat height = y.add(depth);
      return height.signum() > 0
          ? ApfloatMath.log(some(height).divide(some(depth)))
          : BEYOND.negate();
    }

    private Apfloat mean() {
      return parameters[0].add(parameters[1]).divide(some(new Apfloat(2)));
    }

    Apfloat forward(Apfloat x) {
      return switch (kind) {
        case LINEAR -> parameters[0].multiply(x).add(parameters[1]);
        case SIGMOID -> sigmoid(x);
        case TANH -> tanh(x);
        case RELU -> ApfloatMath.max(ZERO, x);
        case LEAKY_RELU, PRELU -> x.signum() > 0 ? x : parameters[0].multiply(x);
        case RRELU -> x.signum() > 0 ? x : mean().multiply(x);
        case ELU -> x.signum() > 0 ? x : parameters[0].multiply(power(x).subtract(ONE));
        case SOFTPLUS -> softplus(parameters[0].multiply(x)).divide(some(parameters[0]));
        case GELU -> x.multiply(normal(x));
        case SQUAREPLUS -> x.add(hypotenuse(x)).divide(some(TWO));
        case GELU_TANH -> x.multiply(gate(x));
        case QUICK_GELU -> x.multiply(sigmoid(QUICK.multiply(x)));
        case SILU -> x.multiply(sigmoid(parameters[0].multiply(x)));
        case MISH -> x.multiply(tanhOfSoftplus(x));
        case HARD_SWISH -> x.multiply(clip(x.add(THREE), ZERO, SIX)).divide(some(SIX));
        case CLIPPED_RELU -> clip(x, ZERO, parameters[0]);
        case HARD_TANH -> clip(x, parameters[0], parameters[1]);
        case THRESHOLDED_RELU -> x.compareTo(parameters[0]) > 0 ? x : ZERO;
        case THRESHOLD -> x.compareTo(parameters[0]) > 0 ? x : parameters[1];
        case RELU_SQUARED -> x.signum() > 0 ? x.multiply(x) : ZERO;
        case HARD_SIGMOID -> clip(parameters[0].multiply(x).add(parameters[1]), ZERO, ONE);
        case HARD_SHRINK -> isBeyond(x) ? x : ZERO;
        case SOFT_SHRINK ->
            isBeyond(x)
                ? x.subtract(x.signum() > 0 ? parameters[0] : parameters[0].negate())
                : ZERO;
        case TANH_SHRINK -> x.subtract(tanh(x));
        case ABS -> ApfloatMath.abs(x);
        case SQUARE -> x.multiply(x);
        case CUBE -> x.multiply(x).multiply(x);
        case STEP -> x.signum() > 0 ? ONE : ZERO;
        case EXP -> power(x);
        case LOG_SIGMOID -> softplus(x.negate()).negate();
        case SELU ->
            parameters[0].multiply(
                x.signum() > 0 ? x : parameters[1].multiply(power(x).subtract(ONE)));
        case CELU ->
            x.signum() > 0
                ? x
                : parameters[0].multiply(power(some(x).divide(some(parameters[0]))).subtract(ONE));
        case XIELU -> {
          Apfloat bend =
              x.signum() > 0
                  ? parameters[0].multiply(x).multiply(x)
                  : parameters[1].multiply(power(x).subtract(ONE).subtract(x));
          yield bend.add(parameters[2].multiply(x));
        }
        case SOFTSIGN -> some(x).divide(ONE.add(ApfloatMath.abs(x)));
        case RATIONAL_TANH -> {
          Apfloat rise = ONE.subtract(ONE.divide(rationalDenominator(x)));
          yield RATIONAL_HEIGHT.multiply(x.signum() < 0 ? rise.negate() : rise);
        }
        case RECTIFIED_TANH -> x.signum() > 0 ? tanh(x) : ZERO;
        case LISHT -> x.multiply(tanh(x));
        case SPARSE_PLUS -> {
          Apfloat s = x.add(ONE);
          yield isBetween(x, ONE.negate(), ONE)
              ? s.multiply(s).divide(some(FOUR))
              : ApfloatMath.max(ZERO, x);
        }
        case SPARSE_SIGMOID -> clip(x.add(ONE).divide(some(TWO)), ZERO, ONE);
        case LAPLACE -> normal(standardised(x));
        case SNAKE -> {
          Apfloat sine = sine(parameters[0].multiply(x));
          yield x.add(sine.multiply(sine).divide(parameters[0]));
        }
        default -> throw new AssertionError(kind);
      };
    }

    Apfloat derivative(Apfloat x) {
      return switch (kind) {
        case LINEAR -> parameters[0];
        case SIGMOID -> sigmoid(x).multiply(sigmoid(x.negate()));
        case TANH -> slopeOfTanh(x);
        case RELU -> x.signum() > 0 ? ONE : ZERO;
        case LEAKY_RELU, PRELU -> x.signum() > 0 ? ONE : parameters[0];
        case RRELU -> x.signum() > 0 ? ONE : mean();
        case ELU -> x.signum() > 0 ? ONE : parameters[0].multiply(power(x));
        case SOFTPLUS -> sigmoid(parameters[0].multiply(x));
        case GELU -> normal(x).add(x.multiply(density(x)));
        case SQUAREPLUS -> ONE.add(x.divide(hypotenuse(x))).divide(some(TWO));
        case GELU_TANH -> {
          // Beyond, sigmoid stands still and the cube does not.
          Apfloat near = clip(x, HUNDRED.negate(), HUNDRED);
          Apfloat t = gate(near);
          Apfloat rise = ONE.add(THREE.multiply(CUBIC).multiply(near).multiply(near));
          Apfloat slope = TWO.multiply(gateScale()).multiply(rise);
          yield t.add(near.multiply(slope).multiply(t).multiply(ONE.subtract(t)));
        }
        case QUICK_GELU -> {
          Apfloat z = QUICK.multiply(x);
          yield sigmoid(z).add(z.multiply(sigmoid(z)).multiply(sigmoid(z.negate())));
        }
        case SILU -> {
          Apfloat z = parameters[0].multiply(x);
          yield sigmoid(z).add(z.multiply(sigmoid(z)).multiply(sigmoid(z.negate())));
        }
        case MISH -> {
          Apfloat t = tanhOfSoftplus(x);
          Apfloat slope = ONE.subtract(t.multiply(t)).multiply(sigmoid(x));
          yield t.add(x.multiply(slope));
        }
        case HARD_SWISH -> {
          if (x.compareTo(THREE.negate()) <= 0) {
            yield ZERO;
          }
          yield x.compareTo(THREE) >= 0 ? ONE : TWO.multiply(x).add(THREE).divide(some(SIX));
        }
        case CLIPPED_RELU -> isBetween(x, ZERO, parameters[0]) ? ONE : ZERO;
        case HARD_TANH -> isBetween(x, parameters[0], parameters[1]) ? ONE : ZERO;
        case THRESHOLDED_RELU, THRESHOLD -> x.compareTo(parameters[0]) > 0 ? ONE : ZERO;
        case RELU_SQUARED -> x.signum() > 0 ? TWO.multiply(x) : ZERO;
        case HARD_SIGMOID ->
            isBetween(parameters[0].multiply(x).add(parameters[1]), ZERO, ONE)
                ? parameters[0]
                : ZERO;
        case HARD_SHRINK, SOFT_SHRINK -> isBeyond(x) ? ONE : ZERO;
        case TANH_SHRINK -> tanh(x).multiply(tanh(x));
        case ABS -> new Apfloat(x.signum());
        case SQUARE -> TWO.multiply(x);
        case CUBE -> THREE.multiply(x).multiply(x);
        case STEP -> ZERO;
        case EXP -> power(x);
        case LOG_SIGMOID -> sigmoid(x.negate());
        case SELU ->
            parameters[0].multiply(x.signum() > 0 ? ONE : parameters[1].multiply(power(x)));
        case CELU -> x.signum() > 0 ? ONE : power(some(x).divide(some(parameters[0])));
        case XIELU -> {
          Apfloat rise =
              x.signum() > 0
                  ? TWO.multiply(parameters[0]).multiply(x)
                  : parameters[1].multiply(power(x).subtract(ONE));
          yield rise.add(parameters[2]);
        }
        case SOFTSIGN -> {
          Apfloat d = ONE.add(ApfloatMath.abs(x));
          yield ONE.divide(some(d.multiply(d)));
        }
        case RATIONAL_TANH -> {
          Apfloat y = rationalArgument(x);
          Apfloat cubic = FOUR.multiply(RATIONAL).multiply(y).multiply(y).multiply(y);
          Apfloat rise = ONE.add(TWO.multiply(y)).add(cubic);
          Apfloat d = rationalDenominator(x);
          yield RATIONAL_HEIGHT
              .multiply(TWO)
              .divide(some(THREE))
              .multiply(rise)
              .divide(d.multiply(d));
        }
        case RECTIFIED_TANH -> x.signum() > 0 ? slopeOfTanh(x) : ZERO;
        case LISHT -> tanh(x).add(x.multiply(slopeOfTanh(x)));
        case SPARSE_PLUS -> clip(x.add(ONE).divide(some(TWO)), ZERO, ONE);
        case SPARSE_SIGMOID -> isBetween(x, ONE.negate(), ONE) ? HALF : ZERO;
        case LAPLACE -> density(standardised(x)).divide(parameters[1]);
        case SNAKE -> ONE.add(sine(TWO.multiply(parameters[0]).multiply(x)));
        default -> throw new AssertionError(kind);
      };
    }

    /** The same value, to be computed with so many digits. */
    Apfloat some(Apfloat x) {
      return x.precision(digits);
    }

    Apfloat power(Apfloat x) {
      return exp(some(x));
    }

    Apfloat sigmoid(Apfloat x) {
      return ONE.divide(ONE.add(power(x.negate())));
    }

    Apfloat tanh(Apfloat x) {
      if (x.signum() == 0) {
        return ZERO;
      }
      Apfloat e = power(TWO.multiply(x));
      return e.subtract(ONE).divide(e.add(ONE));
    }

    /** 1 - tanh² x, which is 4·σ(2x)·σ(-2x). */
    Apfloat slopeOfTanh(Apfloat x) {
      Apfloat z = TWO.multiply(x);
      return FOUR.multiply(sigmoid(z)).multiply(sigmoid(z.negate()));
    }

    Apfloat softplus(Apfloat x) {
      Apfloat positive = ApfloatMath.max(ZERO, x);
      Apfloat sum = ONE.add(power(ApfloatMath.abs(x).negate()));
      // 1 + e^0 is exact and says nothing about the digits that are wanted.
      return positive.add(ApfloatMath.log(sum.precision() == Apfloat.INFINITE ? some(sum) : sum));
    }

    /** tanh(log(1 + e^x)), the logarithm and the exponential having met. */
    Apfloat tanhOfSoftplus(Apfloat x) {
      Apfloat e = ONE.add(power(x));
      Apfloat square = e.multiply(e);
      return square.subtract(ONE).divide(square.add(ONE));
    }

    /** The factor of gelu_tanh beside x. */
    Apfloat gate(Apfloat x) {
      Apfloat cube = CUBIC.multiply(x).multiply(x).multiply(x);
      return sigmoid(TWO.multiply(gateScale()).multiply(x.add(cube)));
    }

    Apfloat gateScale() {
      return ApfloatMath.sqrt(TWO.divide(ApfloatMath.pi(digits)));
    }

    /** √(x² + b), with so many digits that b is seen beside x². */
    Apfloat hypotenuse(Apfloat x) {
      Apfloat square = x.multiply(x);
      Apfloat sum = square.add(parameters[0]);
      return ApfloatMath.sqrt(sum.precision(digits + sum.scale() - parameters[0].scale()));
    }

    Apfloat rationalArgument(Apfloat x) {
      return TWO.multiply(ApfloatMath.abs(x)).divide(some(THREE));
    }

    Apfloat rationalDenominator(Apfloat x) {
      Apfloat y = rationalArgument(x);
      Apfloat square = y.multiply(y);
      return ONE.add(y).add(square).add(RATIONAL.multiply(square).multiply(square));
    }

    /** sin x, with so many digits that what is left of x after whole periods is known. */
    Apfloat sine(Apfloat x) {
      if (x.signum() == 0) {
        return ZERO;
      }
      Apfloat bounded = x.precision(digits + Math.max(0, x.scale()));
      Apfloat period = TWO.multiply(ApfloatMath.pi(bounded.precision()));
      Apfloat periods = ApfloatMath.roundToInteger(bounded.divide(period), RoundingMode.HALF_EVEN);
      return ApfloatMath.sin(bounded.subtract(periods.multiply(period)));
    }

    /** (x - mu)/sigma. */
    Apfloat standardised(Apfloat x) {
      return some(x.subtract(parameters[0])).divide(parameters[1]);
    }

    Apfloat normal(Apfloat x) {
      // At 64 the tail is below e^-2000, and stays nothing when multiplied by the largest double.
      Apfloat bound = new Apfloat(64);
      Apfloat near = ApfloatMath.max(bound.negate(), ApfloatMath.min(bound, x));
      Apfloat root = ApfloatMath.sqrt(some(TWO));
      return HALF.multiply(ApfloatMath.erfc(near.negate().divide(root)));
    }

    Apfloat density(Apfloat x) {
      Apfloat scale = ApfloatMath.sqrt(TWO.multiply(ApfloatMath.pi(digits)));
      return power(HALF.negate().multiply(x).multiply(x)).divide(scale);
    }

    Apfloat clip(Apfloat x, Apfloat low, Apfloat high) {
      return ApfloatMath.max(low, ApfloatMath.min(high, x));
    }

    boolean isBetween(Apfloat x, Apfloat low, Apfloat high) {
      return x.compareTo(low) > 0 && x.compareTo(high) < 0;
    }

    /** Whether the magnitude exceeds the first parameter. */
    boolean isBeyond(Apfloat x) {
      return ApfloatMath.abs(x).compareTo(parameters[0]) > 0;
    }
  }
}
