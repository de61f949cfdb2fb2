package dev.activations.spi;

import dev.activations.api.Direction;
import dev.activations.api.Dtype;
import dev.activations.api.Formula;
import dev.activations.api.Op;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.LongStream;

/**
 * One pass over device memory, checked: all slices lie in open buffers of one session, {@code
 * count} is positive, and each output either begins where an input begins and lies as it does, or
 * does not overlap it; two outputs do not overlap.
 *
 * <p>A gated kind always has its gate and its value as slices of their own. Where they are the two
 * halves of a packed array, {@code runs} says how they lie, and so do their gradients.
 *
 * @param op what to compute
 * @param direction forward, derivative, or a backward pass
 * @param dtype the type of all elements, float32 or float64
 * @param inputs what the pass reads, in the order in which kernels take it: the input of a forward
 *     or derivative pass, followed by its mask if it takes one, of a gated kind the gate and the
 *     value; what the op saves and then the incoming gradient of a backward pass
 * @param outputs what the pass writes: the result, and after it the derivative, for a forward pass
 *     of a pointwise formula that computes both; of a backward pass of a gated kind the gradients
 *     of gate and value
 * @param count the number of elements of each slice; of a kind over pieces that of each piece
 * @param runs how the elements of pieces lie: gate, value and their gradients, the input of maxout,
 *     the output of crelu. All else lies side by side
 * @param biases what is added to gate and value of a gated kind, by the channels of a piece; empty
 *     where nothing is
 */
public record Launch(
    Op op,
    Direction direction,
    Dtype dtype,
    List<Slice> inputs,
    List<Slice> outputs,
    long count,
    Runs runs,
    List<Fused.Channels> biases) {

  private static final int WARP = 32;

  /** Copies the lists. */
  public Launch {
    inputs = List.copyOf(inputs);
    outputs = List.copyOf(outputs);
    biases = List.copyOf(biases);
  }

  /** Returns the name of the kernel that does it, or of those that do it in their own ways. */
  public String stem() {
    return direction == Direction.FORWARD && outputs.size() > 1
        ? "forward_with_derivative"
        : direction.stem();
  }

  /**
   * Returns the numbers that kernels of pointwise formulas take: the parameters, and where they
   * need the derivative at the input, two kinks as point and slope, of which those that are not
   * used are NaN. They are to be rounded to the type of the arithmetic.
   */
  public double[] uniforms() {
    boolean onlyForward = direction == Direction.FORWARD && outputs.size() == 1;
    return onlyForward || direction == Direction.BACKWARD_FROM_OUTPUT
        ? op.activation().doubles()
        : op.activation().doublesWithKinks();
  }

  /**
   * Returns the integers that kernels over an axis take where they draw random numbers: the seed,
   * and the index of the first element. None for other passes.
   */
  public long[] draws() {
    return op.drawsNoise() && direction == Direction.FORWARD
        ? new long[] {op.fusion().seed().getAsLong(), op.fusion().first()}
        : new long[0];
  }

  /**
   * Returns all slices in the order in which kernels take them: inputs, the biases of gate and
   * value, outputs. Kernels of gated kinds take both biases always; where there are none, the gate
   * stands for them, which they then do not take for one.
   */
  public List<Slice> slices() {
    List<Slice> slices = new ArrayList<>(inputs);
    if (isGated()) {
      for (int i = 0; i < 2; i++) {
        slices.add(biases.isEmpty() ? inputs.get(0) : biases.get(i).values());
      }
    }
    slices.addAll(outputs);
    return slices;
  }

  /**
   * Returns the integers that kernels of kinds over pieces take: the number of elements of a piece,
   * how they lie, and of gated kinds the channels of the biases.
   */
  public long[] integers() {
    LongStream pieces = LongStream.of(count, runs.width(), runs.stride());
    LongStream channels =
        biases.isEmpty()
            ? LongStream.of(0, 1)
            : LongStream.of(biases.get(0).count(), biases.get(0).inner());
    return (isGated() ? LongStream.concat(pieces, channels) : pieces).toArray();
  }

  /**
   * Returns how many work-items share a row, a power of two: each has four elements at least, since
   * a step of adding up costs more than an element, and a warp stays whole.
   *
   * @param axis the elements of a row
   * @param largest the largest group
   */
  public static int rowGroup(long axis, int largest) {
    return (int) Math.min(largest, Math.max(WARP, Long.highestOneBit(axis / 4)));
  }

  private boolean isGated() {
    return op.formula().shape() == Formula.Shape.GATED;
  }
}
