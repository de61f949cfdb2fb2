package dev.activations;

import dev.activations.api.ActivationException;
import dev.activations.api.DeviceUnavailableException;
import dev.activations.api.Formula;
import dev.activations.api.Op;
import dev.activations.api.Session;
import java.nio.FloatBuffer;

/**
 * Activations of data in the host's memory, in one line. All methods block until the result is
 * there, are safe for use by several threads, and run on one session that the whole program shares,
 * on the device that {@link Devices#forHostData} chooses at the first call.
 *
 * <p>They throw {@link IllegalArgumentException} for lengths and geometries that do not fit, {@link
 * DeviceUnavailableException} if the device asked for cannot be used, and {@link
 * ActivationException} if it fails.
 */
public final class Activations {

  private static Choice choice;
  private static Session session;

  private Activations() {}

  /** Returns which device runs these methods, and why. */
  public static synchronized Choice choice() {
    if (choice == null) {
      choice = Devices.forHostData();
    }
    return choice;
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
    return session().forward(op, x);
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
    return session().forward(op, x);
  }

  /** Computes {@code f(in)} into {@code out}, which may be {@code in}. */
  public static void forward(Op op, FloatBuffer in, FloatBuffer out) {
    session().forward(op, in, out);
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
    return session().derivative(op, x);
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
    return session().derivative(op, x);
  }

  /** Computes {@code f'(in)} into {@code out}, which may be {@code in}. */
  public static void derivative(Op op, FloatBuffer in, FloatBuffer out) {
    session().derivative(op, in, out);
  }

  /**
   * Computes the gradient with respect to the input.
   *
   * @param saved the input or the output of the forward pass, as {@link Formula#saved} says
   * @param dy the gradient with respect to the output, of the same length
   * @return a new array of the same length
   */
  public static float[] backward(Op op, float[] saved, float[] dy) {
    return session().backward(op, saved, dy);
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
    return session().backward(op, saved, dy);
  }

  /** Computes the gradient with respect to the input into {@code dx}, which may be an input. */
  public static void backward(Op op, FloatBuffer saved, FloatBuffer dy, FloatBuffer dx) {
    session().backward(op, saved, dy, dx);
  }

  private static synchronized Session session() {
    if (session == null) {
      session = choice().open();
      Runtime.getRuntime().addShutdownHook(new Thread(session::close, "activations-close"));
    }
    return session;
  }
}
