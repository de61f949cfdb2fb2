package dev.activations.cuda.standin;

import dev.activations.api.CustomFormula;
import dev.activations.api.Parameter;
import dev.activations.cpu.scalar.Arithmetic;

/** An activation that is not the library's: s·max(0, x)² + b. */
public final class StarRelu {
  private StarRelu() {}

  private static final String KERNEL =
      """
      INLINE float star_relu(float x, float s, float b) {
        float r = x < 0.0f ? 0.0f : x;
        float y = s * (r * r) + b;
        return quiet(y, y);
      }

      INLINE float star_relu_derivative(float x, float s, float b) {
        float r = x < 0.0f ? 0.0f : x;
        float d = 2.0f * (s * r);
        return quiet(d, d);
      }
      """;

  static final CustomFormula FORMULA = with(KERNEL);

  /** The formula with another kernel source. */
  static CustomFormula with(String kernel) {
    return CustomFormula.named("star_relu")
        .parameter(Parameter.finite("s", 0.8944, "scale"))
        .parameter(Parameter.finite("b", -0.4472, "shift"))
        .definition(StarRelu.class)
        .kernel(kernel)
        .build();
  }

  /** The formula with a kernel source that no compiler takes. */
  static CustomFormula broken() {
    return with(KERNEL.replace("float y = s", "float y = t"));
  }

  /** Returns the function at x. */
  public static float forward(float x, float s, float b) {
    float r = x < 0.0f ? 0.0f : x;
    float y = s * (r * r) + b;
    return Arithmetic.quiet(y, y);
  }

  /** Returns the derivative at x. */
  public static float derivative(float x, float s, float b) {
    float r = x < 0.0f ? 0.0f : x;
    float d = 2.0f * (s * r);
    return Arithmetic.quiet(d, d);
  }
}
