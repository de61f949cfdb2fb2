package dev.activations.cpu.scalar;

import static dev.activations.cpu.scalar.Arithmetic.quiet;
import static dev.activations.cpu.scalar.DoubleArithmetic.quiet;

/**
 * swiglu_clamped(gate, value) = silu(min(gate, limit), alpha)·(v + 1), with v the value clamped to
 * [-limit, limit]. The two factors are functions of one input each, so that the gradients are
 * products as well; beyond the limits and at them they are 0.
 *
 * <p>Source: OpenAI 2025, gpt-oss model card, arXiv:2508.10925. Backward needs: input.
 *
 * <p>Bound: 1 ULP for the gate's factor, 0.5 ULP for the value's.
 */
public final class SwigluClamped {
  private SwigluClamped() {}

  /**
   * Returns the factor of the gate.
   *
   * @param gate any float; NaN gives NaN
   * @param limit the largest gate
   * @param alpha sharpness of the bend
   */
  public static float forward(float gate, float limit, float alpha) {
    return Silu.forward(gate > limit ? limit : gate, alpha);
  }

  /** Returns the derivative of the gate's factor. */
  public static float derivative(float gate, float limit, float alpha) {
    return quiet(gate, gate < limit ? Silu.derivative(gate, alpha) : 0.0f);
  }

  /**
   * Returns the factor of the value.
   *
   * @param value any float; NaN gives NaN
   * @param limit the largest magnitude
   * @param alpha not used; both factors take the same parameters
   */
  public static float value(float value, float limit, float alpha) {
    float high = value > limit ? limit : value;
    return quiet(value, (high < -limit ? -limit : high) + 1.0f);
  }

  /** Returns the derivative of the value's factor. */
  public static float valueDerivative(float value, float limit, float alpha) {
    return quiet(value, Math.abs(value) < limit ? 1.0f : 0.0f);
  }

  // ---- float64 ----

  /**
   * Returns the factor of the gate.
   *
   * @param gate any double; NaN gives NaN
   * @param limit the largest gate
   * @param alpha sharpness of the bend
   */
  public static double forward(double gate, double limit, double alpha) {
    return Silu.forward(gate > limit ? limit : gate, alpha);
  }

  /** Returns the derivative of the gate's factor. */
  public static double derivative(double gate, double limit, double alpha) {
    return quiet(gate, gate < limit ? Silu.derivative(gate, alpha) : 0.0);
  }

  /**
   * Returns the factor of the value.
   *
   * @param value any double; NaN gives NaN
   * @param limit the largest magnitude
   * @param alpha not used; both factors take the same parameters
   */
  public static double value(double value, double limit, double alpha) {
    double high = value > limit ? limit : value;
    return quiet(value, (high < -limit ? -limit : high) + 1.0);
  }

  /** Returns the derivative of the value's factor. */
  public static double valueDerivative(double value, double limit, double alpha) {
    return quiet(value, Math.abs(value) < limit ? 1.0 : 0.0);
  }
}
