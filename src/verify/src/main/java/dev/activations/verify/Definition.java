package dev.activations.verify;

import dev.activations.api.Activation;
import dev.activations.api.Direction;
import dev.activations.api.Dtype;
import dev.activations.api.Kink;
import dev.activations.api.Op;
import java.lang.invoke.MethodHandle;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.MethodType;
import java.lang.reflect.Array;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.function.DoubleUnaryOperator;

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
    Function formula = function(bound(activation, direction, activation.floats(), float.class));
    return direction == Direction.DERIVATIVE ? settled(formula, activation) : formula;
  }

  /**
   * Returns the pointwise definition for doubles.
   *
   * @throws IllegalArgumentException if the kind is not pointwise, or the direction backward
   */
  public static DoubleUnaryOperator ofDoubles(Activation activation, Direction direction) {
    DoubleUnaryOperator settled =
        ofDoubles(bound(activation, direction, activation.doubles(), double.class));
    for (Kink kink : direction == Direction.DERIVATIVE ? activation.kinks() : List.<Kink>of()) {
      DoubleUnaryOperator before = settled;
      settled = x -> x == kink.x() ? kink.slope() : before.applyAsDouble(x);
    }
    return settled;
  }

  /**
   * The method of a definition with its parameters in place.
   *
   * @param parameters an array of numbers of the type
   */
  private static MethodHandle bound(
      Activation activation, Direction direction, Object parameters, Class<?> type) {
    Oracle.checkPointwise(activation, direction);
    String name =
        switch (direction) {
          case FORWARD -> "forward";
          case DERIVATIVE, BACKWARD -> "derivative";
          case BACKWARD_FROM_OUTPUT -> "derivativeFromOutput";
        };
    return bound(Edges.definition(activation.formula()), name, parameters, type);
  }

  /** Returns a method of a definition, with parameters that follow its argument. */
  static Function of(Class<?> definition, String name, float... parameters) {
    return function(bound(definition, name, parameters, float.class));
  }

  private static Function function(MethodHandle method) {
    return x -> {
      try {
        return (float) method.invokeExact(x);
      } catch (Throwable e) {
        throw thrown(e);
      }
    };
  }

  /** What arithmetic threw, which it never should. */
  private static IllegalStateException thrown(Throwable e) {
    return new IllegalStateException("a definition threw", e);
  }

  /** The same of doubles. */
  static DoubleUnaryOperator ofDoubles(Class<?> definition, String name, double... parameters) {
    return ofDoubles(bound(definition, name, parameters, double.class));
  }

  private static DoubleUnaryOperator ofDoubles(MethodHandle method) {
    return x -> {
      try {
        return (double) method.invokeExact(x);
      } catch (Throwable e) {
        throw thrown(e);
      }
    };
  }

  private static MethodHandle bound(
      Class<?> definition, String name, Object parameters, Class<?> type) {
    Object[] values = new Object[Array.getLength(parameters)];
    Arrays.setAll(values, i -> Array.get(parameters, i));
    List<Class<?>> types = Collections.nCopies(1 + values.length, type);
    try {
      MethodHandle method =
          MethodHandles.publicLookup()
              .findStatic(definition, name, MethodType.methodType(type, types));
      return MethodHandles.insertArguments(method, 1, values);
    } catch (ReflectiveOperationException e) {
      throw new IllegalStateException("%s has no method %s".formatted(definition, name), e);
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
   * Computes a whole pass over elements of any type. Of 16 bits they are widened, computed with in
   * float32, and rounded.
   */
  static Values run(Op op, Direction direction, Values saved, Values dy) {
    Dtype dtype = saved.dtype();
    if (dtype != Dtype.F64) {
      return Values.of(dtype, run(op, direction, saved.floats(), dy.floats()));
    }
    return Values.of(run(op, direction, saved.numbers(), dy.numbers()));
  }

  /**
   * Computes a whole pass in float64.
   *
   * @param saved the input of the pass, or for a backward pass what the op saves
   * @param dy the incoming gradient of a backward pass, or the mask of a forward pass that takes
   *     one
   */
  static double[] run(Op op, Direction direction, double[] saved, double[] dy) {
    if (op.isFused()) {
      return FusedDefinition.run(op, direction, saved, dy, FusedDefinition.Doubles.NONE);
    }
    double[] out = new double[saved.length];
    switch (op.formula().shape()) {
      case GATED, PIECES -> {
        return PieceDefinition.run(op, direction, saved, dy);
      }
      case OVER_AXIS ->
          new RowDefinition(op.activation(), direction, Dtype.F64)
              .run(op.rows(saved.length), saved, second(op, direction, saved.length, dy), out);
      case POINTWISE -> {
        DoubleUnaryOperator function =
            ofDoubles(
                op.activation(),
                direction == Direction.BACKWARD ? Direction.DERIVATIVE : direction);
        for (int i = 0; i < out.length; i++) {
          double value = function.applyAsDouble(saved[i]);
          double result = direction.isBackward() ? dy[i] * value : value;
          out[i] = direction.isBackward() && result != result ? Double.NaN : result;
        }
      }
    }
    return out;
  }

  /**
   * Computes a whole pass; with what is fused with it, where that needs no buffers.
   *
   * @param saved the input of the pass, or for a backward pass what the op saves
   * @param dy the incoming gradient of a backward pass, or the mask of a forward pass that takes
   *     one
   * @return a new array, as long as {@code saved}; of a forward pass over pieces as long as {@link
   *     Op#results} says
   */
  public static float[] run(Op op, Direction direction, float[] saved, float[] dy) {
    if (op.isFused()) {
      return FusedDefinition.run(op, direction, saved, dy, FusedDefinition.Values.NONE);
    }
    float[] out = new float[saved.length];
    switch (op.formula().shape()) {
      case GATED, PIECES -> {
        return PieceDefinition.run(op, direction, saved, dy);
      }
      case OVER_AXIS -> {
        double[] wide = new double[out.length];
        double[] second = second(op, direction, saved.length, widened(dy));
        new RowDefinition(op.activation(), direction, Dtype.F32)
            .run(op.rows(saved.length), widened(saved), second, wide);
        for (int i = 0; i < out.length; i++) {
          out[i] = (float) wide[i];
        }
      }
      case POINTWISE -> {
        Function function =
            of(op.activation(), direction == Direction.BACKWARD ? Direction.DERIVATIVE : direction);
        for (int i = 0; i < out.length; i++) {
          float value = function.at(saved[i]);
          out[i] = direction.isBackward() ? quiet(dy[i] * value) : value;
        }
      }
    }
    return out;
  }

  /** What a pass over an axis reads second: the random numbers of one that draws them. */
  private static double[] second(Op op, Direction direction, int count, double[] beside) {
    return op.drawsNoise() && direction == Direction.FORWARD
        ? widened(FusedDefinition.draws(op, count))
        : beside;
  }

  static double[] widened(float[] values) {
    double[] wide = new double[values.length];
    Arrays.setAll(wide, i -> values[i]);
    return wide;
  }

  /** A number, or the one NaN. */
  static float quiet(float r) {
    return r == r ? r : Float.intBitsToFloat(NAN);
  }
}
