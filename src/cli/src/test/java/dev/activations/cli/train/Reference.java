package dev.activations.cli.train;

import dev.activations.api.Activation;
import dev.activations.api.Op;
import dev.activations.api.Session;
import dev.activations.cli.demo.Digits;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;

/** A copy of a network in float64, which knows its loss and nothing of gradients. */
final class Reference {
  private static final double STEP = 1e-4;

  private final Session session;
  private final Op op;
  private final Digits images;
  private final List<double[]> layers = new ArrayList<>();
  private final Random random = new Random(5);

  Reference(Session session, Activation activation, Network network, Digits images) {
    this.session = session;
    this.images = images;
    op = Op.of(activation);
    network.hidden().forEach(layer -> layers.add(parameters(layer)));
    layers.add(parameters(network.output()));
  }

  /** Returns weights, row after row, and then biases. */
  private static double[] parameters(Layer layer) {
    float[] weights = layer.weights().values();
    double[] parameters = new double[weights.length + layer.bias().length];
    for (int i = 0; i < parameters.length; i++) {
      parameters[i] = i < weights.length ? weights[i] : layer.bias()[i - weights.length];
    }
    return parameters;
  }

  double loss() {
    double[] x = new double[images.pixels().length];
    for (int i = 0; i < x.length; i++) {
      x[i] = images.pixels()[i];
    }
    for (int i = 0; i < layers.size(); i++) {
      x = affine(x, layers.get(i), i == layers.size() - 1 ? Digits.CLASSES : Network.WIDTH);
      x = i == layers.size() - 1 ? x : session.forward(op, x);
    }
    double loss = 0;
    for (int image = 0; image < images.count(); image++) {
      double sum = 0;
      for (int c = 0; c < Digits.CLASSES; c++) {
        sum += Math.exp(x[image * Digits.CLASSES + c]);
      }
      loss += Math.log(sum) - x[image * Digits.CLASSES + images.labels()[image]];
    }
    return loss / images.count();
  }

  private double[] affine(double[] x, double[] parameters, int outputs) {
    int inputs = parameters.length / outputs - 1;
    double[] y = new double[images.count() * outputs];
    for (int image = 0; image < images.count(); image++) {
      for (int o = 0; o < outputs; o++) {
        double sum = parameters[inputs * outputs + o];
        for (int i = 0; i < inputs; i++) {
          sum += x[image * inputs + i] * parameters[i * outputs + o];
        }
        y[image * outputs + o] = sum;
      }
    }
    return y;
  }

  /** Returns a direction of length 1 in which to move a layer. */
  double[] direction(int layer) {
    double[] direction = new double[layers.get(layer).length];
    double squares = 0;
    for (int i = 0; i < direction.length; i++) {
      direction[i] = random.nextGaussian();
      squares += direction[i] * direction[i];
    }
    for (int i = 0; i < direction.length; i++) {
      direction[i] /= Math.sqrt(squares);
    }
    return direction;
  }

  /** Returns how fast the loss changes in a direction. */
  double slope(int layer, double[] direction) {
    double[] parameters = layers.get(layer);
    double[] losses = new double[2];
    for (int side = 0; side < 2; side++) {
      double[] moved = parameters.clone();
      for (int i = 0; i < moved.length; i++) {
        moved[i] += (side == 0 ? -STEP : STEP) * direction[i];
      }
      layers.set(layer, moved);
      losses[side] = loss();
    }
    layers.set(layer, parameters);
    return (losses[1] - losses[0]) / (2 * STEP);
  }
}
