package dev.activations.cli.train;

import java.util.stream.IntStream;

/**
 * What a network is like at one time. Of an array, each element is a hidden layer, the first next
 * to the pixels.
 *
 * @param loss the cross entropy of all images to learn from
 * @param accuracy the share of the unseen images that are read right
 * @param gradients the Euclidean norm of the gradient of an image's loss with respect to the
 *     layer's pre-activations, root mean square over the images to learn from
 * @param slopes the derivative of the activation, root mean square over units and images
 * @param dead the number of units whose derivative is 0 for every image to learn from, so that no
 *     gradient reaches their weights
 */
record Snapshot(double loss, double accuracy, double[] gradients, double[] slopes, int[] dead) {

  /** Returns how much of the last hidden layer's gradient arrives at the first. */
  double arriving() {
    return gradients[0] / gradients[gradients.length - 1];
  }

  /** Returns the number of dead units. */
  int allDead() {
    return IntStream.of(dead).sum();
  }
}
