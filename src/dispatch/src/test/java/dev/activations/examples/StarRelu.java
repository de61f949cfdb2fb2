package dev.activations.examples;

import static dev.activations.cpu.scalar.Arithmetic.quiet;

import dev.activations.Devices;
import dev.activations.api.CustomFormula;
import dev.activations.api.Op;
import dev.activations.api.Parameter;
import dev.activations.api.Session;
import dev.activations.spi.FormulaProvider;
import java.util.Arrays;
import java.util.List;

/**
 * An activation of one's own: star_relu(x) = s·max(0, x)² + b, of Yu et al. 2022, arXiv:2210.13452.
 */
public final class StarRelu {
  private StarRelu() {}

  /** Returns star_relu(x). */
  public static float forward(float x, float s, float b) {
    float r = x < 0.0f ? 0.0f : x;
    float y = s * (r * r) + b;
    return quiet(y, y);
  }

  /** Returns the derivative of star_relu at x. */
  public static float derivative(float x, float s, float b) {
    float r = x < 0.0f ? 0.0f : x;
    float d = 2.0f * (s * r);
    return quiet(d, d);
  }

  /** The same operations in the same order, for GPUs. */
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

  /** The formula, known by its name once this has been touched. */
  public static final CustomFormula FORMULA =
      CustomFormula.named("star_relu")
          .expressions("s·max(0, x)² + b", "2·s·max(0, x)")
          .source("Yu et al. 2022, arXiv:2210.13452")
          .parameter(Parameter.finite("s", 0.8944, "scale"))
          .parameter(Parameter.finite("b", -0.4472, "shift"))
          .definition(StarRelu.class)
          .kernel(KERNEL)
          .build()
          .register();

  /** Brings it to every program whose class path has it: see {@code META-INF/services}. */
  public static final class Provider implements FormulaProvider {
    @Override
    public List<CustomFormula> formulas() {
      return List.of(FORMULA);
    }
  }

  /** Runs it on the best device that can. */
  public static void main(String[] arguments) {
    try (Session session = Devices.best(FORMULA).open()) {
      float[] y = session.forward(Op.of(FORMULA), new float[] {-1, 0, 2});
      System.out.println(Arrays.toString(y) + " on " + session.device());
    }
  }
}
