package dev.activations.cpu.scalar;

import static dev.activations.cpu.scalar.Arithmetic.quiet;

/**
 * leaky_relu(x) = x &gt; 0 ? x : slope·x; derivative x &gt; 0 ? 1 : slope. Source: Maas, Hannun, Ng
 * 2013, Rectifier Nonlinearities, ICML. Backward needs: input. Bound: 0.5 ULP; derivative exact.
 */
public final class LeakyRelu {
  private LeakyRelu() {}

  /** The function. */
  public static float forward(float x, float slope) {
    // Slope 0 is relu: its limit at -∞ is 0, where the product would be NaN.
    float negative = slope == 0.0f ? 0.0f : slope * x;
    return quiet(x, x > 0.0f ? x : negative);
  }

  /** The derivative. */
  public static float derivative(float x, float slope) {
    return quiet(x, x > 0.0f ? 1.0f : slope);
  }
}
