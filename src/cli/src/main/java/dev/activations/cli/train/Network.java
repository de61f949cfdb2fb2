package dev.activations.cli.train;

import dev.activations.api.Activation;
import dev.activations.api.Geometry;
import dev.activations.api.Kind;
import dev.activations.api.Op;
import dev.activations.api.Session;
import dev.activations.cli.demo.Digits;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;

/**
 * A deep network that tells digits apart: layers that all have the same activation and shape, and
 * an affine one with log_softmax, whose loss is the cross entropy.
 */
final class Network {
  /** Units of each hidden layer: as many as there are pixels, so that all have one shape. */
  static final int WIDTH = Digits.PIXELS;

  private final Session session;
  private final List<Layer> hidden = new ArrayList<>();
  private final Layer output;

  /**
   * A network before training.
   *
   * @param depth the number of hidden layers
   * @param random where the weights are drawn from
   * @param capacity the number of images of the largest batch
   */
  Network(
      Session session,
      Activation activation,
      Initialization initialization,
      int depth,
      Random random,
      int capacity) {
    this.session = session;
    for (int i = 0; i < depth; i++) {
      Matrix weights = initialization.draw(WIDTH, WIDTH, random);
      hidden.add(new Layer(session, activation, weights, capacity));
    }
    // No activation follows the output's products but softmax, and so all start it alike.
    Matrix weights = Initialization.LECUN.draw(WIDTH, Digits.CLASSES, random);
    output = new Layer(session, Activation.of(Kind.LINEAR), weights, capacity);
  }

  /** Returns the hidden layers, the one next to the pixels first. */
  List<Layer> hidden() {
    return hidden;
  }

  Layer output() {
    return output;
  }

  private static Op logSoftmax(int images) {
    return Op.of(Kind.LOG_SOFTMAX).over(Geometry.rows(images, Digits.CLASSES));
  }

  /** Returns the logarithm of the probability of each class for each image, a row each. */
  Matrix forward(Digits images) {
    Matrix x = new Matrix(images.count(), Digits.PIXELS, images.pixels());
    for (Layer layer : hidden) {
      x = layer.forward(x);
    }
    float[] logits = output.forward(x).values();
    float[] logProbabilities = session.forward(logSoftmax(images.count()), logits);
    return new Matrix(images.count(), Digits.CLASSES, logProbabilities);
  }

  /**
   * Computes the gradients of all layers.
   *
   * @param images those that went forward last
   * @param logProbabilities what {@link #forward} gave
   */
  void backward(Digits images, Matrix logProbabilities) {
    int count = images.count();
    // The loss is the mean over the images of -log p of the class that each is of.
    float[] gradient = new float[count * Digits.CLASSES];
    for (int i = 0; i < count; i++) {
      gradient[i * Digits.CLASSES + images.labels()[i]] = -1f / count;
    }
    float[] dlogits = session.backward(logSoftmax(count), logProbabilities.values(), gradient);
    Matrix dx = output.backward(new Matrix(count, Digits.CLASSES, dlogits));
    for (int i = hidden.size() - 1; i >= 0; i--) {
      dx = hidden.get(i).backward(dx);
    }
  }

  /** Moves all layers against their gradients. */
  void descend(float rate, float momentum) {
    hidden.forEach(layer -> layer.descend(rate, momentum));
    output.descend(rate, momentum);
  }

  /** Returns the cross entropy, averaged over the images. */
  static double loss(Digits images, Matrix logProbabilities) {
    double sum = 0;
    for (int i = 0; i < images.count(); i++) {
      sum -= logProbabilities.values()[i * Digits.CLASSES + images.labels()[i]];
    }
    return sum / images.count();
  }

  /** Returns the share of the images whose class is the most probable one. */
  static double accuracy(Digits images, Matrix logProbabilities) {
    int right = 0;
    for (int i = 0; i < images.count(); i++) {
      int row = i * Digits.CLASSES;
      int best = 0;
      for (int c = 1; c < Digits.CLASSES; c++) {
        best =
            logProbabilities.values()[row + c] > logProbabilities.values()[row + best] ? c : best;
      }
      right += best == images.labels()[i] ? 1 : 0;
    }
    return (double) right / images.count();
  }
}
