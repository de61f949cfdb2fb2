package dev.activations.verify;

import dev.activations.api.Activation;
import dev.activations.api.Direction;
import dev.activations.api.Fusion;
import dev.activations.api.Fusion.PerChannel;
import dev.activations.api.Kind;
import dev.activations.api.Op;
import dev.activations.cpu.scalar.Chain;
import dev.activations.cpu.scalar.ChannelSums;
import dev.activations.cpu.scalar.Fusing;
import dev.activations.cpu.scalar.Prelu;
import dev.activations.cpu.scalar.Rrelu;
import dev.activations.cpu.scalar.Threefry;
import dev.activations.cpu.scalar.Words;
import dev.activations.verify.RowDefinition.Sum;
import java.util.Arrays;
import java.util.Optional;
import java.util.function.DoubleUnaryOperator;

/**
 * What the library defines fused passes and sums over channels to be: the scalar Java of {@code
 * dev.activations.cpu.scalar}, one element after the other.
 */
public final class FusedDefinition {
  private FusedDefinition() {}

  /**
   * The values in the buffers of a fusion; an empty array where it has no such buffer.
   *
   * @param bias by channel
   * @param weight by channel
   * @param residual by element
   */
  public record Values(float[] bias, float[] weight, float[] residual) {
    /** For a fusion without buffers. */
    public static final Values NONE = new Values(new float[0], new float[0], new float[0]);
  }

  /**
   * Computes a whole pass.
   *
   * @param x the input of the forward pass
   * @param dy the incoming gradient, read by a backward pass only
   * @return a new array, as long as {@code x}
   */
  public static float[] run(Op op, Direction direction, float[] x, float[] dy, Values values) {
    Fusion fusion = op.fusion();
    boolean backward = direction == Direction.BACKWARD;
    Definition.Function function =
        Definition.of(op.activation(), backward ? Direction.DERIVATIVE : direction);
    float[] out = new float[x.length];
    for (int i = 0; i < out.length; i++) {
      float z = x[i];
      if (fusion.bias().isPresent()) {
        z = Fusing.add(z, of(fusion.bias(), values.bias, i));
      }
      Words random =
          Threefry.random(Words.of(fusion.seed().orElse(0)), Words.of(fusion.first() + i));
      float value;
      if (fusion.weight().isPresent()) {
        float weight = of(fusion.weight(), values.weight, i);
        value = backward ? Prelu.derivative(z, weight) : Prelu.forward(z, weight);
      } else if (op.formula() == Kind.RRELU && fusion.seed().isPresent()) {
        float slope = slope(op.activation(), random);
        value = backward ? Rrelu.drawnDerivative(z, slope) : Rrelu.drawn(z, slope);
      } else {
        value = function.at(z);
      }
      if (backward) {
        value = Chain.multiply(value, dy[i]);
      }
      if (fusion.dropout().isPresent()) {
        value = Fusing.drop(value, random, fusion.threshold(), (float) fusion.scale());
      }
      if (!backward && fusion.residual().isPresent()) {
        value = Fusing.add(value, values.residual[i]);
      }
      out[i] = value;
    }
    return out;
  }

  /**
   * The values in the buffers of a fusion in float64; an empty array where it has no such buffer.
   *
   * @param bias by channel
   * @param weight by channel
   * @param residual by element
   */
  record Doubles(double[] bias, double[] weight, double[] residual) {
    /** For a fusion without buffers. */
    static final Doubles NONE = new Doubles(new double[0], new double[0], new double[0]);
  }

  /** Computes a whole pass in float64. */
  static double[] run(Op op, Direction direction, double[] x, double[] dy, Doubles values) {
    Fusion fusion = op.fusion();
    boolean backward = direction == Direction.BACKWARD;
    DoubleUnaryOperator function =
        Definition.ofDoubles(op.activation(), backward ? Direction.DERIVATIVE : direction);
    double[] out = new double[x.length];
    for (int i = 0; i < out.length; i++) {
      double z = x[i];
      if (fusion.bias().isPresent()) {
        z = Fusing.add(z, values.bias[channel(fusion.bias(), values.bias.length, i)]);
      }
      Words random =
          Threefry.random(Words.of(fusion.seed().orElse(0)), Words.of(fusion.first() + i));
      double value;
      if (fusion.weight().isPresent()) {
        double weight = values.weight[channel(fusion.weight(), values.weight.length, i)];
        value = backward ? Prelu.derivative(z, weight) : Prelu.forward(z, weight);
      } else if (op.formula() == Kind.RRELU && fusion.seed().isPresent()) {
        double[] bounds = op.activation().doubles();
        double slope = Fusing.slope(random, bounds[0], bounds[1]);
        value = backward ? Rrelu.drawnDerivative(z, slope) : Rrelu.drawn(z, slope);
      } else {
        value = function.applyAsDouble(z);
      }
      if (backward) {
        value = Chain.multiply(value, dy[i]);
      }
      if (fusion.dropout().isPresent()) {
        value = Fusing.drop(value, random, fusion.threshold(), fusion.scale());
      }
      if (!backward && fusion.residual().isPresent()) {
        value = Fusing.add(value, values.residual[i]);
      }
      out[i] = value;
    }
    return out;
  }

  /** Returns the random number of each element of a forward pass over an axis. */
  static float[] draws(Op op, int count) {
    Fusion fusion = op.fusion();
    float[] draws = new float[count];
    for (int i = 0; i < count; i++) {
      Words words =
          Threefry.random(Words.of(fusion.seed().getAsLong()), Words.of(fusion.first() + i));
      draws[i] = Threefry.unit(words.second());
    }
    return draws;
  }

  private static float of(Optional<PerChannel> part, float[] values, int element) {
    return values[channel(part, values.length, element)];
  }

  private static int channel(Optional<PerChannel> part, int channels, int element) {
    return (int) (element / part.get().inner() % channels);
  }

  private static float slope(Activation activation, Words random) {
    float[] bounds = activation.floats();
    return Fusing.slope(random, bounds[0], bounds[1]);
  }

  /**
   * Computes the sum of each channel.
   *
   * @param x the terms
   * @param channels the number of channels
   * @param inner how many neighbours share a channel
   */
  public static float[] sums(float[] x, int channels, int inner) {
    return sums(x, Optional.empty(), channels, inner);
  }

  /**
   * Computes the gradient of the weights of a PReLU.
   *
   * @param z the input of the PReLU
   * @param g the incoming gradient
   * @param channels the number of channels
   * @param inner how many neighbours share a channel
   */
  public static float[] weightGradient(float[] z, float[] g, int channels, int inner) {
    return sums(z, Optional.of(g), channels, inner);
  }

  static float[] sums(float[] x, Optional<float[]> dy, int channels, int inner) {
    double[] sums = sums(new OfFloats(x, dy), x.length, channels, inner);
    float[] out = new float[channels];
    for (int c = 0; c < channels; c++) {
      out[c] = (float) sums[c];
    }
    return out;
  }

  static double[] sums(double[] x, Optional<double[]> dy, int channels, int inner) {
    return sums(new OfDoubles(x, dy), x.length, channels, inner);
  }

  private static double[] sums(Terms terms, int count, int channels, int inner) {
    double[] magnitudes = new double[channels];
    Sum[] sums = new Sum[channels];
    Arrays.setAll(sums, c -> new Sum());
    for (int i = 0; i < count; i++) {
      int c = i / inner % channels;
      magnitudes[c] = terms.magnitude(magnitudes[c], i);
    }
    for (int i = 0; i < count; i++) {
      int c = i / inner % channels;
      sums[c].add(terms.limbs(i, magnitudes[c]));
    }
    double[] out = new double[channels];
    Arrays.setAll(out, c -> terms.total(sums[c], magnitudes[c]));
    return out;
  }

  /** The terms of sums: elements, or what they add to the gradients of weights. */
  private interface Terms {
    double magnitude(double m, int i);

    Object limbs(int i, double m);

    double total(Sum sum, double m);
  }

  private record OfFloats(float[] x, Optional<float[]> dy) implements Terms {
    @Override
    public double magnitude(double m, int i) {
      return dy.isPresent()
          ? ChannelSums.weightMagnitude((float) m, x[i], dy.get()[i])
          : ChannelSums.magnitude((float) m, x[i]);
    }

    @Override
    public Object limbs(int i, double m) {
      return dy.isPresent()
          ? ChannelSums.weightLimbs(x[i], dy.get()[i], (float) m)
          : ChannelSums.limbs(x[i], (float) m);
    }

    @Override
    public double total(Sum sum, double m) {
      return ChannelSums.total(sum.ofFloats(), (float) m);
    }
  }

  private record OfDoubles(double[] x, Optional<double[]> dy) implements Terms {
    @Override
    public double magnitude(double m, int i) {
      return dy.isPresent()
          ? ChannelSums.weightMagnitude(m, x[i], dy.get()[i])
          : ChannelSums.magnitude(m, x[i]);
    }

    @Override
    public Object limbs(int i, double m) {
      return dy.isPresent()
          ? ChannelSums.weightLimbs(x[i], dy.get()[i], m)
          : ChannelSums.limbs(x[i], m);
    }

    @Override
    public double total(Sum sum, double m) {
      return ChannelSums.total(sum.ofDoubles(), m);
    }
  }
}
