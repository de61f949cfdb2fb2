package dev.activations.cli.train;

import dev.activations.api.Activation;
import dev.activations.api.DeviceBuffer;
import dev.activations.api.Dtype;
import dev.activations.api.Op;
import dev.activations.api.Session;
import java.nio.FloatBuffer;
import java.util.Arrays;

/**
 * An affine layer and its activation, {@code a = f(x·W + b)}. A batch is a matrix with a row for
 * each sample. The session owns the layer's memory on the device.
 */
final class Layer {
  private final Session session;
  private final Matrix weights;
  private final float[] bias;
  private final float[] weightStep;
  private final float[] biasStep;

  private final Op op;
  private final DeviceBuffer deviceBias;
  private final DeviceBuffer dbias;

  /** The products x·W of the last batch. */
  private final DeviceBuffer products;

  /** What the device computes of them. */
  private final DeviceBuffer results;

  private Matrix input;
  private Matrix gradient;
  private double reaching;

  private float[] biasGradient;

  /**
   * A layer whose biases are 0.
   *
   * @param weights a row for each input, a column for each unit
   * @param capacity the number of samples of the largest batch
   */
  Layer(Session session, Activation activation, Matrix weights, int capacity) {
    this.session = session;
    this.weights = weights;
    int units = weights.columns();
    bias = new float[units];
    weightStep = new float[weights.values().length];
    biasStep = new float[units];
    deviceBias = session.upload(bias);
    op = Op.of(activation).withBias(deviceBias);
    dbias = session.allocate(Dtype.F32, units);
    products = session.allocate(Dtype.F32, (long) capacity * units);
    results = session.allocate(Dtype.F32, (long) capacity * units);
  }

  Matrix weights() {
    return weights;
  }

  float[] bias() {
    return bias;
  }

  /** Returns the gradient of the loss with respect to the weights, as the last backward left it. */
  Matrix gradient() {
    return gradient;
  }

  /** Returns the same for the biases. */
  float[] biasGradient() {
    return biasGradient;
  }

  /** Returns the Euclidean norm of the gradient with respect to x·W + b of the last batch. */
  double reaching() {
    return reaching;
  }

  /** Returns the activations of a batch. */
  Matrix forward(Matrix x) {
    input = x;
    float[] product = x.times(weights).values();
    DeviceBuffer z = products.slice(0, product.length);
    DeviceBuffer a = results.slice(0, product.length);
    session.write(FloatBuffer.wrap(product), z);
    session.forward(op, z, a);
    return new Matrix(x.rows(), weights.columns(), session.download(a));
  }

  /**
   * Computes the gradients for the batch that went forward last.
   *
   * @param da the gradient of the loss with respect to the activations
   * @return the gradient with respect to the input
   */
  Matrix backward(Matrix da) {
    Matrix dz = gradientOfPreactivations(da);
    session.biasGradient(op, results.slice(0, dz.values().length), dbias);
    reaching = dz.norm();
    gradient = input.transposed().times(dz);
    biasGradient = session.download(dbias);
    return dz.times(weights.transposed());
  }

  /** Returns the slope f'(x·W + b) of each unit for each sample of the last batch. */
  Matrix slopes() {
    float[] ones = new float[input.rows() * weights.columns()];
    Arrays.fill(ones, 1);
    return gradientOfPreactivations(new Matrix(input.rows(), weights.columns(), ones));
  }

  private Matrix gradientOfPreactivations(Matrix da) {
    DeviceBuffer z = products.slice(0, da.values().length);
    DeviceBuffer dz = results.slice(0, da.values().length);
    session.write(FloatBuffer.wrap(da.values()), dz);
    session.backward(op, z, dz, dz);
    return new Matrix(da.rows(), da.columns(), session.download(dz));
  }

  /** Moves against the gradients. */
  void descend(float rate, float momentum) {
    move(weights.values(), weightStep, gradient.values(), rate, momentum);
    move(bias, biasStep, biasGradient, rate, momentum);
    session.write(FloatBuffer.wrap(bias), deviceBias);
  }

  private static void move(
      float[] values, float[] steps, float[] gradient, float rate, float momentum) {
    for (int i = 0; i < values.length; i++) {
      steps[i] = momentum * steps[i] - rate * gradient[i];
      values[i] += steps[i];
    }
  }
}
