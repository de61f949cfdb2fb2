package dev.activations.cli.demo;

import dev.activations.api.Session;
import java.util.Random;

/**
 * Trains the demo's network: stochastic gradient descent with momentum on the cross entropy, in
 * float32, with a fixed seed. Plain Java arithmetic is exact to the bit since Java 17, the
 * library's activations are everywhere, and so the result is the same on every machine.
 */
final class Training {
  private static final long SEED = 20_26;
  private static final int HIDDEN = 32;
  private static final int EPOCHS = 40;
  private static final int BATCH = 32;
  private static final float RATE = 0.05f;
  private static final float MOMENTUM = 0.9f;

  private final Session session;
  private final Random random = new Random(SEED);
  private final Layer hidden = layer(Digits.PIXELS, HIDDEN);
  private final Layer output = layer(HIDDEN, Digits.CLASSES);
  private final Layer hiddenStep = still(hidden);
  private final Layer outputStep = still(output);

  private Training(Session session) {
    this.session = session;
  }

  /** Returns a network trained on these images. */
  static Network train(Session session, Digits digits) {
    Training training = new Training(session);
    for (int epoch = 0; epoch < EPOCHS; epoch++) {
      Digits shuffled = digits.shuffled(training.random);
      for (int from = 0; from < digits.count(); from += BATCH) {
        training.step(shuffled.range(from, Math.min(from + BATCH, digits.count())));
      }
    }
    return new Network(training.hidden, training.output);
  }

  private void step(Digits batch) {
    Network.Pass pass = new Network(hidden, output).run(session, batch);
    // The gradient of the cross entropy through the softmax: probabilities minus truth.
    float[] dOutput = pass.probabilities().clone();
    for (int i = 0; i < batch.count(); i++) {
      dOutput[i * Digits.CLASSES + batch.labels()[i]] -= 1;
    }
    float[] dAfter = gradientOfInput(output, dOutput);
    float[] dBefore = session.backward(Network.GELU, pass.before(), dAfter);
    descend(output, outputStep, pass.after(), dOutput);
    descend(hidden, hiddenStep, batch.pixels(), dBefore);
  }

  /** Moves a layer against its gradient, averaged over the batch. */
  private static void descend(Layer layer, Layer step, float[] x, float[] dy) {
    int samples = dy.length / layer.outputs();
    float[] dWeights = new float[layer.weights().length];
    float[] dBias = new float[layer.outputs()];
    for (int s = 0; s < samples; s++) {
      for (int o = 0; o < layer.outputs(); o++) {
        float d = dy[s * layer.outputs() + o];
        dBias[o] += d;
        for (int i = 0; i < layer.inputs(); i++) {
          dWeights[i * layer.outputs() + o] += x[s * layer.inputs() + i] * d;
        }
      }
    }
    move(layer.weights(), step.weights(), dWeights, RATE / samples);
    move(layer.bias(), step.bias(), dBias, RATE / samples);
  }

  private static void move(float[] values, float[] steps, float[] gradient, float rate) {
    for (int i = 0; i < values.length; i++) {
      steps[i] = MOMENTUM * steps[i] - rate * gradient[i];
      values[i] += steps[i];
    }
  }

  private static float[] gradientOfInput(Layer layer, float[] dy) {
    int samples = dy.length / layer.outputs();
    float[] dx = new float[samples * layer.inputs()];
    for (int s = 0; s < samples; s++) {
      for (int i = 0; i < layer.inputs(); i++) {
        float sum = 0;
        for (int o = 0; o < layer.outputs(); o++) {
          sum += dy[s * layer.outputs() + o] * layer.weights()[i * layer.outputs() + o];
        }
        dx[s * layer.inputs() + i] = sum;
      }
    }
    return dx;
  }

  private Layer layer(int inputs, int outputs) {
    float[] weights = new float[inputs * outputs];
    float spread = (float) StrictMath.sqrt(2.0 / inputs);
    for (int i = 0; i < weights.length; i++) {
      weights[i] = spread * (float) random.nextGaussian();
    }
    return new Layer(inputs, outputs, weights, new float[outputs]);
  }

  private static Layer still(Layer layer) {
    return new Layer(
        layer.inputs(),
        layer.outputs(),
        new float[layer.weights().length],
        new float[layer.outputs()]);
  }
}
