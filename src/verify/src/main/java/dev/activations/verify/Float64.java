package dev.activations.verify;

import dev.activations.api.Activation;
import dev.activations.api.Direction;
import dev.activations.api.Kind;
import java.util.Arrays;
import java.util.List;
import java.util.SplittableRandom;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.DoubleConsumer;
import java.util.function.DoubleFunction;
import java.util.function.DoubleUnaryOperator;
import java.util.stream.DoubleStream;
import java.util.stream.IntStream;
import org.apfloat.Apfloat;

/**
 * Measures the float64 definitions against the true values: on samples, since 2^64 inputs are too
 * many. {@link Float64Table} holds what was measured last.
 */
public final class Float64 {
  /** Values of a digest. */
  private static final int DIGESTED = 1 << 16;

  private Float64() {}

  /**
   * What was measured.
   *
   * @param kind the kind, at its default parameters
   * @param direction forward or derivative
   * @param digest the digest of the definition on a fixed sample, which takes no time to repeat
   * @param samples how many inputs were judged
   * @param normal the largest error where the true value is a normal double, in {@link Ulp units in
   *     the last place}
   * @param normalAt the input where it occurs
   * @param subnormal the largest error where the true value is smaller
   * @param subnormalAt where that occurs
   */
  public record Row(
      Kind kind,
      Direction direction,
      long digest,
      long samples,
      double normal,
      double normalAt,
      double subnormal,
      double subnormalAt) {

    /** Returns the largest error. */
    public double worst() {
      return Math.max(normal, subnormal);
    }
  }

  /** The largest errors of some inputs, and where they are. */
  record Errors(double normal, double normalAt, double subnormal, double subnormalAt) {
    static final Errors NONE = new Errors(0, 0, 0, 0);

    double worst() {
      return Math.max(normal, subnormal);
    }

    double worstAt() {
      return normal >= subnormal ? normalAt : subnormalAt;
    }

    Errors with(Errors other) {
      boolean first = normal >= other.normal;
      boolean second = subnormal >= other.subnormal;
      return new Errors(
          first ? normal : other.normal,
          first ? normalAt : other.normalAt,
          second ? subnormal : other.subnormal,
          second ? subnormalAt : other.subnormalAt);
    }
  }

  /** Returns the kinds that have float64 definitions: all pointwise ones. */
  public static List<Kind> kinds() {
    return Arrays.stream(Kind.values())
        .filter(kind -> kind.shape() == Kind.Shape.POINTWISE)
        .toList();
  }

  /**
   * Measures one function with all processors, at some milliseconds a sample.
   *
   * @param count how many samples of all sorts; the inputs that were the worst so far come on top
   * @param progress is told the share that is done
   */
  public static Row run(Kind kind, Direction direction, int count, DoubleConsumer progress) {
    Activation activation = Activation.of(kind);
    DoubleStream worst =
        Float64Table.carried()
            .find(kind, direction)
            .map(row -> DoubleStream.of(row.normalAt(), row.subnormalAt()))
            .orElseGet(DoubleStream::empty);
    double[] samples =
        DoubleStream.concat(worst, DoubleSamples.of(activation, direction, count)).toArray();
    AtomicLong done = new AtomicLong();
    Errors errors =
        judge(
            activation,
            direction,
            samples,
            () -> progress.accept((double) done.incrementAndGet() / samples.length));
    return new Row(
        kind,
        direction,
        digest(kind, direction),
        samples.length,
        errors.normal(),
        errors.normalAt(),
        errors.subnormal(),
        errors.subnormalAt());
  }

  /** Returns the largest errors at some inputs. */
  static Errors judge(
      Activation activation, Direction direction, double[] inputs, Runnable afterEach) {
    DoubleUnaryOperator function = Definition.ofDoubles(activation, direction);
    DoubleFunction<Apfloat> truth = Oracle.ofDoubles(activation, direction);
    return IntStream.range(0, inputs.length)
        .parallel()
        .mapToObj(
            i -> {
              Errors error = judge(function, truth, inputs[i]);
              afterEach.run();
              return error;
            })
        .reduce(Errors.NONE, Errors::with);
  }

  private static Errors judge(
      DoubleUnaryOperator function, DoubleFunction<Apfloat> truth, double x) {
    Apfloat value = truth.apply(x);
    double error = Ulp.between(function.applyAsDouble(x), value);
    return Ulp.isSubnormalDouble(value) ? new Errors(0, 0, error, x) : new Errors(error, x, 0, 0);
  }

  /** Returns the digest of a definition on a fixed sample: where data lives, and any bits. */
  public static long digest(Kind kind, Direction direction) {
    DoubleUnaryOperator function = Definition.ofDoubles(Activation.of(kind), direction);
    SplittableRandom random = new SplittableRandom(DIGESTED);
    Digest digest = new Digest();
    for (int i = 0; i < DIGESTED; i++) {
      double x = (2 * random.nextDouble() - 1) * 40;
      digest.addDouble(x, function.applyAsDouble(x));
      double any = Double.longBitsToDouble(random.nextLong());
      digest.addDouble(any, function.applyAsDouble(any));
    }
    return digest.value();
  }
}
