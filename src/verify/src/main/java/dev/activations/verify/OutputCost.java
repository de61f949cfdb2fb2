package dev.activations.verify;

import dev.activations.api.Activation;
import dev.activations.api.Direction;
import dev.activations.api.Kind;
import java.util.function.DoubleUnaryOperator;
import java.util.stream.IntStream;

/**
 * What it costs to take a derivative from an output that has been rounded: the largest distance
 * from the true f'(x) at the input that the output came from, at default parameters. That the
 * output was rounded is nobody's fault, and more than the bound of {@link Kind#bound}.
 *
 * @param error the largest distance
 * @param at the input where it occurs
 * @param compared the number of inputs
 */
public record OutputCost(double error, float at, long compared) {
  private static final int CHUNK = 1 << 18;

  /** Steps through all bit patterns evenly; odd, so that no pattern comes twice. */
  private static final int STEP = 61;

  private static final int SAMPLE_STEP = 4_099;

  private static final int SAMPLES = 1 << 20;

  /**
   * Measures over every 61st bit pattern, on all processors. Blocks for some seconds.
   *
   * @throws IllegalArgumentException if the derivative of the kind is not taken from its output
   */
  public static OutputCost of(Kind kind) {
    return IntStream.range(0, (int) ((1L << 32) / STEP / CHUNK))
        .parallel()
        .mapToObj(chunk -> measure(kind, inputs(chunk * CHUNK * STEP, STEP, CHUNK)))
        .reduce(ofSample(kind), OutputCost::merged);
  }

  /** Measures over the inputs that tests have time for, the edges of branches among them. */
  static OutputCost ofSample(Kind kind) {
    return measure(
        kind, Samples.join(inputs(0, SAMPLE_STEP, SAMPLES), Edges.of(Activation.of(kind))));
  }

  private static float[] inputs(int first, int step, int count) {
    float[] inputs = new float[count];
    for (int i = 0; i < count; i++) {
      inputs[i] = Float.intBitsToFloat(first + i * step);
    }
    return inputs;
  }

  private static OutputCost measure(Kind kind, float[] inputs) {
    Activation activation = Activation.of(kind);
    Definition.Function function = Definition.of(activation, Direction.FORWARD);
    Definition.Function fromOutput = Definition.of(activation, Direction.BACKWARD_FROM_OUTPUT);
    DoubleUnaryOperator truth = FastOracle.of(activation, Direction.DERIVATIVE);
    OutputCost worst = new OutputCost(0, 0, inputs.length);
    for (float x : inputs) {
      double error = Math.abs(fromOutput.at(function.at(x)) - truth.applyAsDouble(x));
      if (error > worst.error) {
        worst = new OutputCost(error, x, inputs.length);
      }
    }
    return worst;
  }

  private OutputCost merged(OutputCost other) {
    OutputCost larger = other.error > error ? other : this;
    return new OutputCost(larger.error, larger.at, compared + other.compared);
  }
}
