package dev.activations.spi;

import dev.activations.api.Direction;
import dev.activations.api.Dtype;
import dev.activations.api.Fusion;
import dev.activations.api.Op;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * One pass of a pointwise formula with what is fused with it, as {@link dev.activations.api.Fusion}
 * defines it. Checked: all slices lie in open buffers of one session, {@code count} is positive,
 * the output either begins where {@code x}, {@code dy} or the residual begins or overlaps nothing,
 * and the formula saves its input.
 *
 * @param op what to compute; its fusion has the numbers that go with the slices
 * @param direction forward or backward
 * @param dtype the type of all elements, float32 or float64
 * @param x the input of the forward pass
 * @param dy the incoming gradient, for a backward pass
 * @param bias what is added to the input
 * @param weight what takes the place of the formula's parameter
 * @param residual what is added to the result, for a forward pass
 * @param out the result, or the outgoing gradient
 * @param count the number of elements of {@code x}, {@code dy}, the residual and the result
 */
public record Fused(
    Op op,
    Direction direction,
    Dtype dtype,
    Slice x,
    Optional<Slice> dy,
    Optional<Channels> bias,
    Optional<Channels> weight,
    Optional<Slice> residual,
    Slice out,
    long count) {

  /**
   * One value for each channel; element {@code i} has channel {@code (i / inner) % count}.
   *
   * @param values the values
   * @param count the number of channels, positive
   * @param inner the number of neighbouring elements that share a channel, positive
   */
  public record Channels(Slice values, long count, long inner) {}

  /** The bits of the parts, as kernels know them. */
  private static final int RESIDUAL = 1;

  private static final int DROPOUT = 2;
  private static final int SLOPES = 4;

  /** Returns the name of the kernel that does it. */
  public String stem() {
    return direction.stem() + "_fused";
  }

  /**
   * Returns the slices in the order in which kernels take them: {@code x}, {@code dy} of a backward
   * pass, bias, weight, the residual of a forward pass, the output. Kernels take all of them; for
   * what is absent stands {@code x}, which they then do not take for it.
   */
  public List<Slice> slices() {
    List<Slice> slices = new ArrayList<>(List.of(x));
    dy.ifPresent(slices::add);
    slices.add(bias.map(Channels::values).orElse(x));
    slices.add(weight.map(Channels::values).orElse(x));
    if (direction == Direction.FORWARD) {
      slices.add(residual.orElse(x));
    }
    slices.add(out);
    return slices;
  }

  /** Returns the integers that follow, in the order in which kernels take them. */
  public long[] integers() {
    Fusion fusion = op.fusion();
    int parts =
        (residual.isPresent() ? RESIDUAL : 0)
            | (fusion.dropout().isPresent() ? DROPOUT : 0)
            | (op.drawsSlopes() ? SLOPES : 0);
    return new long[] {
      count,
      bias.map(Channels::count).orElse(0L),
      bias.map(Channels::inner).orElse(1L),
      weight.map(Channels::count).orElse(0L),
      weight.map(Channels::inner).orElse(1L),
      parts,
      fusion.seed().orElse(0),
      fusion.first(),
      fusion.threshold()
    };
  }

  /**
   * Returns the numbers that follow: the scale of dropout, the formula's parameters, and of a
   * backward pass the kinks. They are to be rounded to the type of the arithmetic.
   */
  public double[] uniforms() {
    double[] parameters =
        direction == Direction.FORWARD
            ? op.activation().doubles()
            : op.activation().doublesWithKinks();
    double[] uniforms = new double[1 + parameters.length];
    uniforms[0] = op.fusion().scale();
    System.arraycopy(parameters, 0, uniforms, 1, parameters.length);
    return uniforms;
  }
}
