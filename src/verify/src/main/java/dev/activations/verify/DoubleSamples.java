package dev.activations.verify;

import dev.activations.api.Activation;
import dev.activations.api.Direction;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.SplittableRandom;
import java.util.function.DoubleUnaryOperator;
import java.util.stream.DoubleStream;
import java.util.stream.IntStream;

/**
 * The doubles at which a function is tried: the same on every machine. Where it has a root, or
 * leaves the normal numbers, is not written down anywhere but found with the definition itself.
 */
final class DoubleSamples {
  private static final long SEED = 0xD0B1E;

  /**
   * Steps of the grid on which roots and tails are looked for, from one power of two to the next.
   */
  private static final int STEPS = 16;

  /**
   * All powers of two are tried from 2^-70 to 2^70; beyond, functions have reached their limits.
   */
  private static final int NEAR = 70;

  private DoubleSamples() {}

  /**
   * Returns samples of a function, none of them NaN or infinite: all that is remarkable and as many
   * random numbers again from each of some sources, shuffled, of which the first are taken.
   *
   * @param count how many are wanted; there may be fewer
   */
  static DoubleStream of(Activation activation, Direction direction, int count) {
    double[] all = shuffled(activation, direction, Math.max(count / 8, 1024));
    return Arrays.stream(all).limit(count);
  }

  private static double[] shuffled(Activation activation, Direction direction, int density) {
    SplittableRandom random = new SplittableRandom(SEED);
    DoubleStream.Builder samples = DoubleStream.builder();
    powers(-NEAR, NEAR).forEach(samples);
    Arrays.stream(Edges.ofDoubles(activation)).forEach(samples);
    DoubleUnaryOperator function = Definition.ofDoubles(activation, direction);
    for (double[] change : changes(function)) {
      around(change, density / 8, random, samples);
    }
    for (int i = 0; i < density; i++) {
      samples.add(Double.longBitsToDouble(random.nextLong()));
      samples.add((2 * random.nextDouble() - 1) * 20);
      samples.add(2 * random.nextDouble() - 1);
      samples.add((2 * random.nextDouble() - 1) * 800);
      samples.add(magnitude(random, -60, 12));
    }
    double[] far =
        DoubleStream.concat(powers(-1075, -NEAR), powers(NEAR, Double.MAX_EXPONENT)).toArray();
    for (int i = 0; i < density; i++) {
      samples.add(far[random.nextInt(far.length)]);
    }
    double[] all = samples.build().filter(Double::isFinite).toArray();
    for (int i = all.length - 1; i > 0; i--) {
      int other = random.nextInt(i + 1);
      double kept = all[i];
      all[i] = all[other];
      all[other] = kept;
    }
    return all;
  }

  /**
   * The powers of two from one exponent to another, of either sign, and the doubles beside them.
   */
  private static DoubleStream powers(int from, int to) {
    return IntStream.rangeClosed(from, to)
        .mapToDouble(exponent -> Math.scalb(1.0, exponent))
        .flatMap(power -> DoubleStream.of(Math.nextDown(power), power, Math.nextUp(power)))
        .flatMap(value -> DoubleStream.of(value, -value));
  }

  /**
   * Pairs of doubles between which results change their sign, or from normal to subnormal, or from
   * that to zero. Where the change is one of sign, the two are neighbours.
   */
  private static List<double[]> changes(DoubleUnaryOperator function) {
    List<double[]> changes = new ArrayList<>();
    for (int sign = -1; sign <= 1; sign += 2) {
      double before = sign * Double.MIN_VALUE;
      for (int step = -1074 * STEPS + 1; step < 1024 * STEPS; step++) {
        double x = sign * StrictMath.pow(2, (double) step / STEPS);
        double there = function.applyAsDouble(before);
        double here = function.applyAsDouble(x);
        if (there * here < 0) {
          changes.add(bisected(function, before, x));
        } else if (size(there) != size(here)) {
          changes.add(new double[] {before, x});
        }
        before = x;
      }
    }
    return changes;
  }

  private static int size(double value) {
    return value == 0 ? 0 : Math.abs(value) < Double.MIN_NORMAL ? 1 : 2;
  }

  private static double[] bisected(DoubleUnaryOperator function, double from, double to) {
    double a = from;
    double b = to;
    double sign = Math.signum(function.applyAsDouble(a));
    for (double middle = (a + b) / 2; middle != a && middle != b; middle = (a + b) / 2) {
      if (Math.signum(function.applyAsDouble(middle)) == sign) {
        a = middle;
      } else {
        b = middle;
      }
    }
    return new double[] {a, b};
  }

  /** Between the two, a few doubles on either side, and ever nearer to the first. */
  private static void around(
      double[] change, int count, SplittableRandom random, DoubleStream.Builder samples) {
    double width = change[1] - change[0];
    double up = change[0];
    double down = change[0];
    for (int i = 0; i < 16; i++, up = Math.nextUp(up), down = Math.nextDown(down)) {
      samples.add(up).add(down);
    }
    for (int i = 0; i < count; i++) {
      samples.add(change[0] + random.nextDouble() * width);
      samples.add(change[0] * (1 + magnitude(random, -52, -3)));
    }
  }

  /** A number of either sign whose magnitude is spread evenly over powers of two. */
  private static double magnitude(SplittableRandom random, int from, int to) {
    double value = Math.scalb(1 + random.nextDouble(), random.nextInt(from, to));
    return random.nextBoolean() ? value : -value;
  }
}
