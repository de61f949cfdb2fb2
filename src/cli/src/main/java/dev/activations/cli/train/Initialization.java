package dev.activations.cli.train;

import dev.activations.api.Activation;
import dev.activations.api.Kind;
import dev.activations.files.InputException;
import java.util.Arrays;
import java.util.Locale;
import java.util.Random;
import java.util.function.DoubleBinaryOperator;
import java.util.stream.Stream;

/**
 * How large the weights of a layer are at the start: normally distributed around 0, with a variance
 * that keeps what passes through the layer about as large as it was.
 */
enum Initialization {
  /** For selu (Klambauer et al. 2017, arXiv:1706.02515). */
  LECUN((inputs, outputs) -> 1.0 / inputs),
  /** For relu, off half of the time, and what resembles it (He et al. 2015, arXiv:1502.01852). */
  HE((inputs, outputs) -> 2.0 / inputs),
  /** For functions that saturate (Glorot and Bengio 2010). */
  GLOROT((inputs, outputs) -> 2.0 / (inputs + outputs));

  private final DoubleBinaryOperator variance;

  Initialization(DoubleBinaryOperator variance) {
    this.variance = variance;
  }

  /**
   * Returns the initialization of a name.
   *
   * @throws InputException if there is none
   */
  static Initialization named(String name) {
    return Stream.of(values())
        .filter(each -> each.toString().equals(name))
        .findFirst()
        .orElseThrow(
            () ->
                new InputException(
                    "--init: expected one of %s, got '%s'"
                        .formatted(Arrays.toString(values()), name)));
  }

  /** Returns what the literature recommends for an activation. */
  static Initialization of(Activation activation) {
    if (!(activation.formula() instanceof Kind kind)) {
      return HE;
    }
    return switch (kind) {
      case SELU -> LECUN;
      case SIGMOID, TANH, SOFTSIGN, RATIONAL_TANH, HARD_TANH, HARD_SIGMOID, LINEAR -> GLOROT;
      default -> HE;
    };
  }

  /** Draws the weights of a layer. */
  Matrix draw(int inputs, int outputs, Random random) {
    float spread = (float) Math.sqrt(variance.applyAsDouble(inputs, outputs));
    float[] weights = new float[inputs * outputs];
    for (int i = 0; i < weights.length; i++) {
      weights[i] = spread * (float) random.nextGaussian();
    }
    return new Matrix(inputs, outputs, weights);
  }

  @Override
  public String toString() {
    return name().toLowerCase(Locale.ROOT);
  }
}
