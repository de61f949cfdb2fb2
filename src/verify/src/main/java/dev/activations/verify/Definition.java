package dev.activations.verify;

import dev.activations.api.Activation;
import dev.activations.api.Direction;
import dev.activations.api.Geometry;
import dev.activations.api.Kink;
import dev.activations.api.Op;
import dev.activations.cpu.scalar.Limbs;
import dev.activations.cpu.scalar.Pair;
import dev.activations.cpu.scalar.Softmax;
import java.lang.invoke.MethodHandle;
import java.lang.invoke.MethodHandleProxies;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.MethodType;
import java.util.Arrays;

/**
 * What the library defines every value to be: the scalar Java of {@code dev.activations.cpu.scalar}
 * applied one element after the other, with no session, thread or buffer in between.
 */
public final class Definition {
  /** What every NaN is to be. */
  public static final int NAN = 0x7FC00000;

  private Definition() {}

  /** A function of one float. */
  @FunctionalInterface
  public interface Function {
    /** Returns the value at {@code x}. */
    float at(float x);
  }

  /**
   * Returns a pointwise definition: the class of a formula, called by reflection.
   *
   * @param direction forward or derivative, as functions of the input; or backward from the output,
   *     which stands for the derivative as a function of the output
   * @throws IllegalArgumentException if the kind is not pointwise, or has no such function
   */
  public static Function of(Activation activation, Direction direction) {
    Oracle.checkPointwise(activation, direction);
    String name =
        switch (direction) {
          case FORWARD -> "forward";
          case DERIVATIVE, BACKWARD -> "derivative";
          case BACKWARD_FROM_OUTPUT -> "derivativeFromOutput";
        };
    Class<?> definition = Edges.definition(activation.formula());
    float[] parameters = activation.floats();
    Class<?>[] floats = new Class<?>[1 + parameters.length];
    Arrays.fill(floats, float.class);
    try {
      MethodHandle method =
          MethodHandles.publicLookup()
              .findStatic(definition, name, MethodType.methodType(float.class, floats))
              .asSpreader(float[].class, parameters.length);
      Function formula =
          MethodHandleProxies.asInterfaceInstance(
              Function.class, MethodHandles.insertArguments(method, 1, (Object) parameters));
      return direction == Direction.DERIVATIVE ? settled(formula, activation) : formula;
    } catch (ReflectiveOperationException e) {
      throw new IllegalStateException("a formula without its definition: " + activation, e);
    }
  }

  /** The derivative of the formula, but at kinks that of the profile. */
  private static Function settled(Function derivative, Activation activation) {
    Function settled = derivative;
    for (Kink kink : activation.kinks()) {
      Function before = settled;
      settled = x -> x == (float) kink.x() ? (float) kink.slope() : before.at(x);
    }
    return settled;
  }

  /**
   * Computes a whole pass.
   *
   * @param saved the input of the pass, or for a backward pass what the op saves
   * @param dy the incoming gradient, read by a backward pass only
   * @return a new array, as long as {@code saved}
   */
  public static float[] run(Op op, Direction direction, float[] saved, float[] dy) {
    float[] out = new float[saved.length];
    switch (op.formula().shape()) {
      case OVER_AXIS -> {
        Geometry rows = op.rows(saved.length);
        int inner = (int) rows.inner();
        for (int row = 0; row < rows.rows(); row++) {
          int first = row / inner * (int) rows.axis() * inner + row % inner;
          softmax(direction, saved, dy, out, first, inner, (int) rows.axis());
        }
      }
      case POINTWISE -> {
        boolean backward = direction == Direction.BACKWARD;
        boolean chained = backward || direction == Direction.BACKWARD_FROM_OUTPUT;
        Function function = of(op.activation(), backward ? Direction.DERIVATIVE : direction);
        for (int i = 0; i < out.length; i++) {
          float value = function.at(saved[i]);
          out[i] = chained ? quiet(dy[i] * value) : value;
        }
      }
    }
    return out;
  }

  private static void softmax(
      Direction direction, float[] saved, float[] dy, float[] out, int first, int step, int n) {
    boolean forward = direction == Direction.FORWARD;
    float m = forward ? Float.NEGATIVE_INFINITY : 0;
    for (int i = 0, at = first; i < n; i++, at += step) {
      m = forward ? Softmax.maximum(m, saved[at]) : Softmax.magnitude(m, saved[at], dy[at]);
    }
    long high = 0;
    long low = 0;
    for (int i = 0, at = first; i < n; i++, at += step) {
      Limbs term = forward ? Softmax.term(saved[at], m) : Softmax.product(saved[at], dy[at], m);
      high += term.high();
      low += term.low();
    }
    Pair total = Softmax.sum(high, low);
    for (int i = 0, at = first; i < n; i++, at += step) {
      out[at] =
          forward
              ? Softmax.forward(saved[at], m, total)
              : Softmax.gradient(saved[at], dy[at], m, total);
    }
  }

  private static float quiet(float r) {
    return r == r ? r : Float.intBitsToFloat(NAN);
  }
}
