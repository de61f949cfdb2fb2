package dev.activations.cpu;

import dev.activations.api.Activation;
import dev.activations.api.Direction;
import dev.activations.api.Formula;
import dev.activations.api.Op;
import dev.activations.cpu.scalar.ChannelSums;
import java.util.List;
import java.util.function.BiFunction;
import java.util.function.DoubleFunction;
import java.util.function.Function;

/**
 * What differs between passes over floats and over doubles.
 *
 * @param storage what elements are kept in
 * @param pointwise the loops of pointwise formulas
 * @param rows the loops of formulas over an axis
 * @param mapping the loops of methods
 * @param drawing the steps of fused passes that draw random numbers
 * @param uniforms the parameters of an activation, with or without its kinks
 * @param crelu the gradients of crelu
 * @param maxout the gradients of maxout
 * @param sums the loops over the terms of a channel, which may be those of a weight
 * @param total the sum of a channel
 * @param single makes an array of one number
 */
record Arithmetic<A>(
    Storage<A> storage,
    Pointwise<A> pointwise,
    BiFunction<Formula, Direction, RowLoops<A>> rows,
    Function<Loops.Method, Loop<A>> mapping,
    Drawing<A> drawing,
    BiFunction<Activation, Boolean, A> uniforms,
    CreluPass.Gradient<A> crelu,
    MaxoutPass.Gradient<A> maxout,
    Function<Boolean, Loops.Sums<A>> sums,
    ChannelPass.Total total,
    DoubleFunction<A> single) {

  /** Finds the loop that maps a pointwise formula. */
  interface Pointwise<A> {
    Loop<A> of(Formula formula, Direction direction, boolean kinks);
  }

  static Arithmetic<float[]> ofFloats(Loops loops) {
    return new Arithmetic<>(
        Storage.FLOATS,
        loops::pointwise,
        loops::overAxis,
        loops::map,
        new Drawing.OfFloats(loops),
        (activation, kinks) -> kinks ? activation.floatsWithKinks() : activation.floats(),
        CreluPass::gradient,
        MaxoutPass::gradient,
        loops::sums,
        (sum, magnitude) -> ChannelSums.total(sum.ofFloats(), (float) magnitude),
        number -> new float[] {(float) number});
  }

  static Arithmetic<double[]> ofDoubles(Loops loops) {
    return new Arithmetic<>(
        Storage.DOUBLES,
        loops::pointwiseDoubles,
        loops::overAxisDoubles,
        loops::mapDoubles,
        new Drawing.OfDoubles(loops),
        (activation, kinks) -> kinks ? activation.doublesWithKinks() : activation.doubles(),
        CreluPass::gradient,
        MaxoutPass::gradient,
        loops::sumsOfDoubles,
        (sum, magnitude) -> ChannelSums.total(sum.ofDoubles(), magnitude),
        number -> new double[] {number});
  }

  /** Returns the loop that maps by a method of a definition. */
  Loop<A> map(Loops.Method method) {
    return mapping.apply(method);
  }

  /** Returns what a pass with one input or two reads and writes. */
  Operands<A> operands(List<Elements<A>> inputs, Elements<A> out) {
    return new Operands<>(storage, inputs.get(0), inputs.get(inputs.size() - 1), out);
  }

  /** Both functions of one pass take a chunk before the next one: it is read once. */
  List<PointwisePass.Step<A>> steps(
      Op op, Direction direction, List<Elements<A>> inputs, List<Elements<A>> outputs) {
    PointwisePass.Step<A> result = step(op, direction, operands(inputs, outputs.get(0)));
    if (outputs.size() == 1) {
      return List.of(result);
    }
    Elements<A> slope = outputs.get(1);
    PointwisePass.Step<A> derivative = step(op, Direction.DERIVATIVE, operands(inputs, slope));
    // The one that overwrites the input comes last.
    return slope.equals(inputs.get(0)) ? List.of(result, derivative) : List.of(derivative, result);
  }

  private PointwisePass.Step<A> step(Op op, Direction direction, Operands<A> operands) {
    Activation activation = op.activation();
    boolean kinks = direction != Direction.FORWARD && !activation.kinks().isEmpty();
    return new PointwisePass.Step<>(
        pointwise.of(op.formula(), direction, kinks), operands, uniforms.apply(activation, kinks));
  }
}
