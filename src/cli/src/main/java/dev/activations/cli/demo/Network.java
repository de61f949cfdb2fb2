package dev.activations.cli.demo;

import dev.activations.api.Geometry;
import dev.activations.api.Kind;
import dev.activations.api.Op;
import dev.activations.api.Session;
import java.io.IOException;

/**
 * A network that reads digits: an affine layer, gelu, an affine layer, softmax.
 *
 * @param hidden from pixels to hidden units
 * @param output from hidden units to classes
 */
record Network(Layer hidden, Layer output) {
  /** The activation of the hidden layer. */
  static final Op GELU = Op.of(Kind.GELU);

  /** Reads the network that the jar carries. */
  static Network load() throws IOException {
    return new Network(Layer.load("hidden.csv"), Layer.load("output.csv"));
  }

  /** The activation of the output layer: one row for each image. */
  static Op softmax(int images) {
    return Op.of(Kind.SOFTMAX).over(Geometry.rows(images, Digits.CLASSES));
  }

  /** Runs a batch, the activations on the session's device. */
  Pass run(Session session, Digits digits) {
    float[] before = hidden.apply(digits.pixels());
    float[] after = session.forward(GELU, before);
    float[] probabilities = session.forward(softmax(digits.count()), output.apply(after));
    return new Pass(before, after, probabilities);
  }

  /**
   * What a batch went through.
   *
   * @param before the hidden layer's pre-activations
   * @param after the hidden layer's activations
   * @param probabilities image after image, one value for each class
   */
  record Pass(float[] before, float[] after, float[] probabilities) {

    /** Returns the most probable class of an image. */
    int prediction(int image) {
      int best = 0;
      for (int c = 1; c < Digits.CLASSES; c++) {
        if (probability(image, c) > probability(image, best)) {
          best = c;
        }
      }
      return best;
    }

    /** Returns the probability of a class. */
    float probability(int image, int label) {
      return probabilities[image * Digits.CLASSES + label];
    }

    /** Returns how many of the images from one to before another are recognised. */
    int right(Digits digits, int from, int to) {
      int right = 0;
      for (int image = from; image < to; image++) {
        right += prediction(image) == digits.labels()[image] ? 1 : 0;
      }
      return right;
    }
  }
}
