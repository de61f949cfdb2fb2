package dev.activations;

import dev.activations.api.ActivationException;
import dev.activations.api.DeviceUnavailableException;
import dev.activations.api.Direction;
import dev.activations.api.Formula;
import dev.activations.api.Op;
import java.nio.DoubleBuffer;
import java.nio.FloatBuffer;

/**
 * Activations of data in the host's memory, in one line. All methods block until the result is
 * there, and are safe for use by several threads. They go through one {@link Dispatcher} that the
 * whole program shares: batches below {@value Dispatcher#LEAST} elements run on the CPU; larger
 * ones begin there, and go to another device once that was measured to be faster. {@link #explain}
 * says where a batch would go and why.
 *
 * <p>They throw {@link IllegalArgumentException} for lengths and geometries that do not fit, {@link
 * DeviceUnavailableException} if the device asked for cannot be used, and {@link
 * ActivationException} if it fails.
 */
public final class Activations {

  private static Dispatcher dispatcher;

  private Activations() {}

  /** Returns the device that batches begin on, and that small ones stay on, and why. */
  public static Choice choice() {
    return dispatcher().home();
  }

  /**
   * Tells where a pass over float32 in arrays would go, and why. Runs and measures nothing.
   *
   * @param count the number of elements
   */
  public static Decision explain(Op op, Direction direction, long count) {
    return dispatcher().explain(op, direction, count);
  }

  /**
   * Computes {@code f(x)} with default parameters; an activation over an axis takes {@code x} as
   * one row.
   *
   * @return a new array of the same length
   */
  public static float[] forward(Formula formula, float... x) {
    return forward(Op.of(formula), x);
  }

  /**
   * Computes {@code f(x)}.
   *
   * @return a new array of the same length
   */
  public static float[] forward(Op op, float[] x) {
    float[] y = new float[Math.toIntExact(op.results(x.length).count())];
    dispatcher().forward(op, FloatBuffer.wrap(x), FloatBuffer.wrap(y));
    return y;
  }

  /**
   * Computes {@code f(x)} in float64 with default parameters.
   *
   * @return a new array of the same length
   * @throws IllegalArgumentException if the formula is not computed in float64
   */
  public static double[] forward(Formula formula, double... x) {
    return forward(Op.of(formula), x);
  }

  /**
   * Computes {@code f(x)} in float64.
   *
   * @return a new array of the same length
   * @throws IllegalArgumentException if the formula is not computed in float64
   */
  public static double[] forward(Op op, double[] x) {
    double[] y = new double[Math.toIntExact(op.results(x.length).count())];
    dispatcher().forward(op, DoubleBuffer.wrap(x), DoubleBuffer.wrap(y));
    return y;
  }

  /** Computes {@code f(in)} into {@code out}, which may be {@code in}. */
  public static void forward(Op op, FloatBuffer in, FloatBuffer out) {
    dispatcher().forward(op, in, out);
  }

  /**
   * Computes {@code f'(x)} with default parameters.
   *
   * @return a new array of the same length
   */
  public static float[] derivative(Formula formula, float... x) {
    return derivative(Op.of(formula), x);
  }

  /**
   * Computes {@code f'(x)}.
   *
   * @return a new array of the same length
   */
  public static float[] derivative(Op op, float[] x) {
    float[] slopes = new float[x.length];
    dispatcher().derivative(op, FloatBuffer.wrap(x), FloatBuffer.wrap(slopes));
    return slopes;
  }

  /**
   * Computes {@code f'(x)} in float64 with default parameters.
   *
   * @return a new array of the same length
   * @throws IllegalArgumentException if the formula is not computed in float64
   */
  public static double[] derivative(Formula formula, double... x) {
    return derivative(Op.of(formula), x);
  }

  /**
   * Computes {@code f'(x)} in float64.
   *
   * @return a new array of the same length
   * @throws IllegalArgumentException if the formula is not computed in float64
   */
  public static double[] derivative(Op op, double[] x) {
    double[] slopes = new double[x.length];
    dispatcher().derivative(op, DoubleBuffer.wrap(x), DoubleBuffer.wrap(slopes));
    return slopes;
  }

  /** Computes {@code f'(in)} into {@code out}, which may be {@code in}. */
  public static void derivative(Op op, FloatBuffer in, FloatBuffer out) {
    dispatcher().derivative(op, in, out);
  }

  /**
   * Computes the gradient with respect to the input.
   *
   * @param saved the input or the output of the forward pass, as {@link Formula#saved} says
   * @param dy the gradient with respect to the output, of the same length
   * @return a new array of the same length
   */
  public static float[] backward(Op op, float[] saved, float[] dy) {
    float[] dx = new float[saved.length];
    dispatcher().backward(op, FloatBuffer.wrap(saved), FloatBuffer.wrap(dy), FloatBuffer.wrap(dx));
    return dx;
  }

  /**
   * Computes the gradient with respect to the input, in float64.
   *
   * @param saved the input or the output of the forward pass, as {@link Formula#saved} says
   * @param dy the gradient with respect to the output, of the same length
   * @return a new array of the same length
   * @throws IllegalArgumentException if the formula is not computed in float64
   */
  public static double[] backward(Op op, double[] saved, double[] dy) {
    double[] dx = new double[saved.length];
    dispatcher()
        .backward(op, DoubleBuffer.wrap(saved), DoubleBuffer.wrap(dy), DoubleBuffer.wrap(dx));
    return dx;
  }

  /** Computes the gradient with respect to the input into {@code dx}, which may be an input. */
  public static void backward(Op op, FloatBuffer saved, FloatBuffer dy, FloatBuffer dx) {
    dispatcher().backward(op, saved, dy, dx);
  }

  private static synchronized Dispatcher dispatcher() {
    if (dispatcher == null) {
      dispatcher = Dispatcher.open();
      Runtime.getRuntime().addShutdownHook(new Thread(dispatcher::close, "activations-close"));
    }
    return dispatcher;
  }
}
