package dev.activations.cli.demo;

import java.io.IOException;
import java.util.Arrays;

/**
 * An affine layer: {@code y = x·weights + bias}.
 *
 * @param inputs the number of values it takes
 * @param outputs the number of values it gives
 * @param weights input after input, {@code outputs} values each
 * @param bias one value for each output
 */
record Layer(int inputs, int outputs, float[] weights, float[] bias) {

  /** Reads a layer that the jar carries: a line for each input, and one for the bias. */
  static Layer load(String name) throws IOException {
    float[][] rows = Resource.rows(name);
    int inputs = rows.length - 1;
    int outputs = rows[0].length;
    float[] weights = new float[inputs * outputs];
    for (int i = 0; i < inputs; i++) {
      System.arraycopy(rows[i], 0, weights, i * outputs, outputs);
    }
    return new Layer(inputs, outputs, weights, rows[inputs]);
  }

  /**
   * Returns the pre-activations of a batch.
   *
   * @param batch sample after sample, {@code inputs} values each
   * @return sample after sample, {@code outputs} values each
   */
  float[] apply(float[] batch) {
    int samples = batch.length / inputs;
    float[] result = new float[samples * outputs];
    for (int sample = 0; sample < samples; sample++) {
      int to = sample * outputs;
      System.arraycopy(bias, 0, result, to, outputs);
      for (int i = 0; i < inputs; i++) {
        float x = batch[sample * inputs + i];
        for (int o = 0; o < outputs; o++) {
          result[to + o] += x * weights[i * outputs + o];
        }
      }
    }
    return result;
  }

  /** Returns the text that {@link #load} reads. */
  String text() {
    StringBuilder text = new StringBuilder();
    for (int i = 0; i <= inputs; i++) {
      float[] row =
          i == inputs ? bias : Arrays.copyOfRange(weights, i * outputs, (i + 1) * outputs);
      String line = Arrays.toString(row);
      text.append(line, 1, line.length() - 1).append('\n');
    }
    return text.toString().replace(", ", ",");
  }
}
