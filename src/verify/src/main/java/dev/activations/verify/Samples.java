package dev.activations.verify;

import dev.activations.api.Activation;
import dev.activations.api.Direction;
import dev.activations.api.Formula;
import dev.activations.api.Kind;
import dev.activations.api.Kink;
import dev.activations.api.Op;
import dev.activations.api.Parameter;
import dev.activations.api.Profile;
import dev.activations.api.SpecialPoint;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.SplittableRandom;
import java.util.stream.DoubleStream;
import java.util.stream.Stream;

/** The inputs that {@link Conformance} tries: the same on every machine. */
final class Samples {
  private static final long SEED = 0x5EED;

  private Samples() {}

  /** The op of an activation; with a seed if its noise is to be drawn. */
  static Op op(Activation activation) {
    Op op = Op.of(activation);
    return op.drawsNoise() ? op.seeded(SEED).startingAt(1L << 32 | 5) : op;
  }

  /** The op of a formula as it comes, likewise. */
  static Op op(Formula formula) {
    return op(Activation.of(formula));
  }

  /**
   * What a pass reads beside the input or the output: a mask where it takes one, else the gradient.
   */
  static float[] beside(Formula formula, Direction direction, float[] gradient) {
    boolean masked = direction == Direction.FORWARD && op(formula).isMasked();
    return masked ? mask(gradient.length) : gradient;
  }

  /** A mask: zeros of both signs mask out, all else lets in. */
  static float[] mask(int count) {
    return cycle(new float[] {1, 0, Float.NaN, -0f, -2, 0x1p-20f, 0}, count);
  }

  /** The formula as it comes, and with parameters that are not the default. */
  static List<Activation> activations(Formula formula) {
    List<Activation> activations = new ArrayList<>();
    activations.add(Activation.of(formula));
    if (!(formula instanceof Kind kind)) {
      for (int i = 0; i < formula.parameters().size(); i++) {
        Parameter parameter = formula.parameters().get(i);
        for (double value : new double[] {parameter.min(), parameter.max(), 0.75}) {
          if (parameter.min() <= value && value <= parameter.max()) {
            activations.add(Activation.of(formula).with(parameter.name(), value));
          }
        }
      }
      return activations;
    }
    double[][] others =
        switch (kind) {
          case LINEAR -> new double[][] {{-2.5, 0.75}, {0, -3}, {1e-30, 1e30}};
          case LEAKY_RELU, PRELU -> new double[][] {{0.2}, {-1.5}, {0}};
          case RRELU -> new double[][] {{0.1, 0.3}, {-1, 1}, {-0x1p20, 3e-7}, {1e-30, 1}};
          case ELU -> new double[][] {{1.6732632}, {-0.3}, {1e20}, {0}};
          case SOFTPLUS, SILU, SNAKE -> new double[][] {{1.702}, {0x1p-32}, {0x1p32}, {0.1}};
          case CLIPPED_RELU -> new double[][] {{1}, {1e30}, {1e-40}};
          case HARD_TANH -> new double[][] {{-3, 0.5}, {0, 6}, {1, 2}, {-1e30, -1e-30}};
          case THRESHOLDED_RELU -> new double[][] {{0}, {-2.5}, {1e30}};
          case THRESHOLD -> new double[][] {{0.1, 20}, {-2.5, -0.0}, {1e30, -1e30}};
          case SQUAREPLUS -> new double[][] {{1}, {0x1p-32}, {0x1p32}, {0.3}};
          case LAPLACE -> new double[][] {{0, 1}, {3, 0.1}, {-0x1p64, 0x1p32}, {1e-9, 0x1p-32}};
          case XIELU ->
              new double[][] {
                {1, 2, 0.25}, {3, 0.3, 0.7}, {0x1p16, 0x1p16, 0x1p-16}, {0x1p-16, 0x1p-16, 0x1p16}
              };
          case HARD_SIGMOID -> new double[][] {{0.2, 0.5}, {1, 0}, {0x1p-32, 0.25}, {3, -1.5}};
          case HARD_SHRINK, SOFT_SHRINK -> new double[][] {{0}, {1.5}, {1e-40}, {1e30}};
          case SELU -> new double[][] {{1, 1}, {0.3, -2}, {0x1p32, 0x1p64}, {0x1p-32, 1e-30}};
          case SWIGLU -> new double[][] {{1.702}, {0x1p-32}, {0x1p32}};
          case BILINEAR -> new double[][] {{-2.5, 0.75}, {0, -3}};
          case SWIGLU_CLAMPED -> new double[][] {{1, 1}, {0x1p-40, 0x1p32}, {1e30, 0x1p-32}};
          case GUMBEL_SOFTMAX -> new double[][] {{0.1}, {0x1p-9}, {0x1p32}};
          case MAXOUT -> new double[][] {{1}, {3}, {5}};
          case CELU -> new double[][] {{0.3}, {7}, {0x1p-32}, {0x1p32}};
          default -> new double[0][];
        };
    for (double[] parameters : others) {
      activations.add(Activation.of(kind, parameters));
    }
    return activations;
  }

  /**
   * Zeros, infinities, subnormals, NaNs of every payload, and the neighbours of all powers of 2.
   */
  static float[] patterns() {
    int[] mantissas = {0, 1, 2, 0x3FFFFF, 0x400000, 0x400001, 0x7FFFFE, 0x7FFFFF};
    float[] patterns = new float[512 * mantissas.length];
    int at = 0;
    for (int top = 0; top < 512; top++) {
      for (int mantissa : mantissas) {
        patterns[at++] = Float.intBitsToFloat(top << 23 | mantissa);
      }
    }
    return patterns;
  }

  /** The same under each profile that has another derivative somewhere. */
  static List<Activation> profiled(Formula formula) {
    return activations(formula).stream()
        .flatMap(activation -> Arrays.stream(Profile.values()).map(activation::under))
        .filter(activation -> !activation.kinks().isEmpty())
        .toList();
  }

  /** The kinks of an activation's profile, and their neighbours. */
  static float[] kinks(Activation activation) {
    List<Kink> kinks = activation.kinks();
    float[] points = new float[3 * kinks.size()];
    for (int i = 0; i < kinks.size(); i++) {
      float x = (float) kinks.get(i).x();
      points[3 * i] = x;
      points[3 * i + 1] = Math.nextUp(x);
      points[3 * i + 2] = Math.nextDown(x);
    }
    return points;
  }

  /**
   * What a backward pass from the output is given: outputs, and the neighbours of the limits.
   * Nothing for another direction.
   */
  static float[] outputs(Activation activation, Direction direction) {
    if (direction != Direction.BACKWARD_FROM_OUTPUT) {
      return new float[0];
    }
    Definition.Function function = Definition.of(activation, Direction.FORWARD);
    float[] outputs = join(patterns(), uniform(1 << 14, 20), new float[4]);
    for (int i = 0; i < outputs.length; i++) {
      outputs[i] = function.at(outputs[i]);
    }
    int last = outputs.length - 4;
    for (float x : new float[] {Float.NEGATIVE_INFINITY, Float.POSITIVE_INFINITY}) {
      outputs[last++] = Math.nextUp(function.at(x));
      outputs[last++] = Math.nextDown(function.at(x));
    }
    return outputs;
  }

  /** The points that the table of kinds fixes. */
  static float[] specialPoints(Formula formula) {
    if (!(formula instanceof Kind kind)) {
      return new float[0];
    }
    float[] points = new float[kind.specialPoints().size()];
    int at = 0;
    for (SpecialPoint point : kind.specialPoints()) {
      points[at++] = point.x();
    }
    return points;
  }

  /** Any bit patterns at all. */
  static float[] bits(int count) {
    return bits(new SplittableRandom(SEED), count);
  }

  /** The same, of a generator. */
  static float[] bits(SplittableRandom random, int count) {
    float[] values = new float[count];
    for (int i = 0; i < count; i++) {
      values[i] = Float.intBitsToFloat(random.nextInt());
    }
    return values;
  }

  /** Where data lives: uniform in [-limit, limit]. */
  static float[] uniform(int count, double limit) {
    return uniform(new SplittableRandom(SEED + 1), count, limit);
  }

  /** The same, of a generator. */
  static float[] uniform(SplittableRandom random, int count, double limit) {
    float[] values = new float[count];
    for (int i = 0; i < count; i++) {
      values[i] = (float) ((2 * random.nextDouble() - 1) * limit);
    }
    return values;
  }

  /** Zeros, infinities, subnormals, NaNs, and the neighbours of all powers of 2, in doubles. */
  static double[] doublePatterns() {
    long[] mantissas = {0, 1, 1L << 51, (1L << 52) - 1};
    double[] patterns = new double[4096 * mantissas.length];
    int at = 0;
    for (long top = 0; top < 4096; top++) {
      for (long mantissa : mantissas) {
        patterns[at++] = Double.longBitsToDouble(top << 52 | mantissa);
      }
    }
    return patterns;
  }

  /** Any bit patterns at all, as doubles. */
  static double[] doubleBits(int count) {
    SplittableRandom random = new SplittableRandom(SEED);
    return DoubleStream.generate(() -> Double.longBitsToDouble(random.nextLong()))
        .limit(count)
        .toArray();
  }

  /** Doubles where data lives: uniform in [-limit, limit]. */
  static double[] uniformDoubles(int count, double limit) {
    return new SplittableRandom(SEED + 1).doubles(count, -limit, limit).toArray();
  }

  /** Joins arrays. */
  static double[] join(double[]... parts) {
    return Stream.of(parts).flatMapToDouble(Arrays::stream).toArray();
  }

  /** Joins arrays. */
  static float[] join(float[]... parts) {
    float[] whole = new float[Arrays.stream(parts).mapToInt(part -> part.length).sum()];
    int at = 0;
    for (float[] part : parts) {
      System.arraycopy(part, 0, whole, at, part.length);
      at += part.length;
    }
    return whole;
  }

  /** The first {@code count} elements of an array that is repeated without end. */
  static float[] cycle(float[] values, int count) {
    float[] repeated = new float[count];
    for (int from = 0; from < count; from += values.length) {
      System.arraycopy(values, 0, repeated, from, Math.min(values.length, count - from));
    }
    return repeated;
  }
}
