package dev.activations.cli.train;

import dev.activations.api.Activation;
import dev.activations.api.Session;
import dev.activations.cli.demo.Digits;
import java.util.List;
import java.util.Random;
import java.util.stream.IntStream;

/**
 * A network in training: stochastic gradient descent with momentum, in float32. A seed and an
 * activation lead to the same weights on every device, to the bit.
 */
final class Training {
  static final int BATCH = 32;
  static final float MOMENTUM = 0.9f;

  /**
   * What all networks that are compared have in common.
   *
   * @param depth the number of hidden layers
   * @param rate the learning rate
   * @param seed of the weights and of the order of the images
   * @param train the images to learn from
   * @param test the images to be examined on
   */
  record Plan(int depth, float rate, long seed, Digits train, Digits test) {}

  private final Plan plan;
  private final Network network;
  private final Random order;

  Training(Session session, Activation activation, Initialization initialization, Plan plan) {
    this.plan = plan;
    network =
        new Network(
            session,
            activation,
            initialization,
            plan.depth(),
            new Random(plan.seed()),
            Math.max(plan.train().count(), plan.test().count()));
    order = new Random(plan.seed());
  }

  Network network() {
    return network;
  }

  /** Learns from each image once, in an order drawn anew. */
  void epoch() {
    Digits shuffled = plan.train().shuffled(order);
    for (int from = 0; from < shuffled.count(); from += BATCH) {
      Digits batch = shuffled.range(from, Math.min(from + BATCH, shuffled.count()));
      network.backward(batch, network.forward(batch));
      network.descend(plan.rate(), MOMENTUM);
    }
  }

  /** Returns what the network is like now. */
  Snapshot snapshot() {
    Matrix unseen = network.forward(plan.test());
    Matrix seen = network.forward(plan.train());
    List<Matrix> slopes = network.hidden().stream().map(Layer::slopes).toList();
    network.backward(plan.train(), seen);
    // The loss is a mean: the gradient of one image's own loss is as many times larger.
    double scale = Math.sqrt(plan.train().count());
    return new Snapshot(
        Network.loss(plan.train(), seen),
        Network.accuracy(plan.test(), unseen),
        network.hidden().stream().mapToDouble(layer -> scale * layer.reaching()).toArray(),
        slopes.stream().mapToDouble(Training::rootMeanSquare).toArray(),
        slopes.stream().mapToInt(Training::dead).toArray());
  }

  private static double rootMeanSquare(Matrix matrix) {
    return matrix.norm() / Math.sqrt(matrix.values().length);
  }

  /** Returns how many units have the slope 0 for every image. */
  private static int dead(Matrix slopes) {
    return (int)
        IntStream.range(0, slopes.columns())
            .filter(
                unit ->
                    IntStream.range(0, slopes.rows())
                        .allMatch(i -> slopes.values()[i * slopes.columns() + unit] == 0))
            .count();
  }
}
