package dev.activations.api;

import java.util.Optional;
import java.util.OptionalDouble;
import java.util.OptionalLong;
import java.util.function.UnaryOperator;

/**
 * What one pass does besides an activation. Made by the methods of {@link Op} that begin with
 * {@code with}. Immutable; the buffers are named, not copied.
 *
 * <p>Element {@code i} of a pointwise forward pass becomes, each step rounded once and left out
 * where the op has no such part:
 *
 * <pre>
 *   z = x[i] + bias[c]
 *   a = f(z)              f with weight[c], or with a slope that is drawn for the element
 *   d = kept ? scale·a : 0
 *   y = d + residual[i]
 * </pre>
 *
 * <p>and of the backward pass, which is given the {@code x} of the forward pass:
 *
 * <pre>
 *   g = dy[i]·f'(z)
 *   dx = kept ? scale·g : 0
 * </pre>
 *
 * <p>A gated kind takes a bias and nothing else, {@code y = f(gate + bias[c])·(value + bias[c'])},
 * as {@link Op#withBias(DeviceBuffer)} says.
 *
 * <p>In float16 and bfloat16 all buffers have that type; the steps are those of float32, and the
 * result of the last one is rounded once more. Such a pass takes memory for its buffers in float32
 * while it runs.
 *
 * <p>The gradient of the residual is {@code dy} itself; those of bias and weight are sums over the
 * elements of a channel, {@link Session#biasGradient} and {@link Session#weightGradient}.
 *
 * <p><b>Random numbers.</b> An element's two random words are Threefry-2x32-20 (Salmon et al. 2011,
 * doi:10.1145/2063384.2063405) with the seed as the key and the element's index, {@code first + i},
 * as the counter, so every device and every split into pieces draws the same. An element is kept
 * where the upper 31 bits of its first word are not below {@link #threshold}. A slope, or the noise
 * of gumbel_softmax, is drawn from the upper 23 bits of the second word, {@code k}: the random
 * number is {@code (k + 1/2)·2^-23}, neither 0 nor 1.
 *
 * @param bias what is added to the input, by channel
 * @param weight what takes the place of the kind's parameter, by channel
 * @param residual what is added to the result, element by element
 * @param dropout the probability with which an element becomes 0
 * @param seed the key of the random numbers; where it is there, the op is in training
 * @param first the index of the pass's first element, where data comes in pieces
 */
public record Fusion(
    Optional<PerChannel> bias,
    Optional<PerChannel> weight,
    Optional<DeviceBuffer> residual,
    OptionalDouble dropout,
    OptionalLong seed,
    long first) {

  /** Nothing beside the activation. */
  static final Fusion NONE =
      new Fusion(
          Optional.empty(),
          Optional.empty(),
          Optional.empty(),
          OptionalDouble.empty(),
          OptionalLong.empty(),
          0);

  /** Thresholds are of 31 bits, so that a signed comparison is enough. */
  private static final double UNIT = 0x1p31;

  /**
   * One value for each channel.
   *
   * @param values the values; there are as many channels as elements
   * @param geometry the channels as the axis of the data; empty means that they are the last axis
   */
  public record PerChannel(DeviceBuffer values, Optional<Geometry> geometry) {

    /** Checks that there is a value for each channel. */
    public PerChannel {
      if (values.count() == 0) {
        throw new IllegalArgumentException("a buffer of channels must not be empty");
      }
      geometry.ifPresent(
          rows -> {
            if (rows.axis() != values.count()) {
              throw new IllegalArgumentException(
                  "the axis of (%d, %d, %d) has %d channels, the buffer %d values; they must be equal"
                      .formatted(
                          rows.outer(), rows.axis(), rows.inner(), rows.axis(), values.count()));
            }
          });
    }

    /** Returns the number of neighbouring elements that share a channel. */
    public long inner() {
      return geometry.map(Geometry::inner).orElse(1L);
    }

    PerChannel replacing(UnaryOperator<DeviceBuffer> buffers) {
      return new PerChannel(buffers.apply(values), geometry);
    }

    /** Checks that {@code count} elements are what the channels were laid out for. */
    void check(String role, long count) {
      geometry.ifPresent(
          rows -> {
            if (rows.count() != count) {
              throw new IllegalArgumentException(
                  "the %s over (%d, %d, %d) needs %d elements, got %d"
                      .formatted(
                          role, rows.outer(), rows.axis(), rows.inner(), rows.count(), count));
            }
          });
      if (count % values.count() != 0) {
        throw new IllegalArgumentException(
            ("the %s has %d channels, and %d elements are not a multiple of that; if the channels"
                    + " are not the last axis, give their geometry")
                .formatted(role, values.count(), count));
      }
    }
  }

  /** Checks the probability and the index. */
  public Fusion {
    if (dropout.isPresent() && !(dropout.getAsDouble() >= 0 && dropout.getAsDouble() < 1)) {
      throw new IllegalArgumentException(
          "the probability of dropout must be in [0, 1), got " + dropout.getAsDouble());
    }
    if (dropout.isPresent() && seed.isEmpty()) {
      throw new IllegalArgumentException("dropout draws random numbers and needs a seed");
    }
    if (first < 0) {
      throw new IllegalArgumentException(
          "the index of the first element must not be negative, got " + first);
    }
  }

  /** Returns whether there is nothing beside the activation. */
  public boolean isNone() {
    return !readsBuffers() && dropout.isEmpty() && seed.isEmpty();
  }

  /** Returns whether there is a bias and nothing else. */
  boolean isBias() {
    return bias.isPresent()
        && new Fusion(Optional.empty(), weight, residual, dropout, seed, first).isNone();
  }

  /** Returns whether there is a seed and nothing else. */
  boolean isSeedAlone() {
    return seed.isPresent() && NONE.seeded(seed.getAsLong()).startingAt(first).equals(this);
  }

  /** Returns whether the pass reads buffers besides its input and gradient. */
  boolean readsBuffers() {
    return bias.isPresent() || weight.isPresent() || residual.isPresent();
  }

  /** Returns the probability of dropout in units of 2^-31, to the nearest below 1. */
  public int threshold() {
    return (int) Math.min(UNIT - 1, Math.rint(dropout.orElse(0) * UNIT));
  }

  /** Returns 1/(1 - p), the factor of what dropout keeps. */
  public double scale() {
    return 1 / (1 - dropout.orElse(0));
  }

  /** Returns these parts with other buffers, made of theirs. */
  Fusion replacing(UnaryOperator<DeviceBuffer> buffers) {
    return new Fusion(
        bias.map(part -> part.replacing(buffers)),
        weight.map(part -> part.replacing(buffers)),
        residual.map(buffers),
        dropout,
        seed,
        first);
  }

  /** Returns what the backward pass does: it does not read the residual. */
  Fusion backward() {
    return new Fusion(bias, weight, Optional.empty(), dropout, seed, first);
  }

  Fusion withBias(PerChannel added) {
    return new Fusion(Optional.of(added), weight, residual, dropout, seed, first);
  }

  Fusion withWeight(PerChannel taken) {
    return new Fusion(bias, Optional.of(taken), residual, dropout, seed, first);
  }

  Fusion withResidual(DeviceBuffer added) {
    return new Fusion(bias, weight, Optional.of(added), dropout, seed, first);
  }

  Fusion withDropout(double probability, long key) {
    OptionalDouble dropped = OptionalDouble.of(probability);
    return new Fusion(bias, weight, residual, dropped, OptionalLong.of(key), first);
  }

  Fusion seeded(long key) {
    return new Fusion(bias, weight, residual, dropout, OptionalLong.of(key), first);
  }

  Fusion startingAt(long index) {
    return new Fusion(bias, weight, residual, dropout, seed, index);
  }

  /** Returns the parts as people write them, each with a leading plus. */
  @Override
  public String toString() {
    StringBuilder text = new StringBuilder();
    bias.ifPresent(part -> text.append(" + bias(%d)".formatted(part.values().count())));
    weight.ifPresent(part -> text.append(" + weight(%d)".formatted(part.values().count())));
    dropout.ifPresent(p -> text.append(" + dropout(%s)".formatted(p)));
    seed.ifPresent(key -> text.append(" + seed(%d)".formatted(key)));
    residual.ifPresent(part -> text.append(" + residual"));
    return text.toString();
  }
}
