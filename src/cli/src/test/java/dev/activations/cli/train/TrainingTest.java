package dev.activations.cli.train;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.activations.Devices;
import dev.activations.api.Activation;
import dev.activations.api.Device;
import dev.activations.api.Finding;
import dev.activations.api.Session;
import dev.activations.cli.demo.Digits;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class TrainingTest {

  private static Training training(Session session, String name, int depth) throws IOException {
    return training(session, name, depth, 300);
  }

  private static Training training(Session session, String name, int depth, int images)
      throws IOException {
    Digits digits = Digits.load().standardized();
    Training.Plan plan =
        new Training.Plan(
            depth, 0.01f, 1, digits.range(0, images), digits.range(images, images + 100));
    Activation activation = Activation.parse(name);
    return new Training(session, activation, Initialization.of(activation), plan);
  }

  private static Snapshot untrained(String name, int depth) throws IOException {
    try (Session session = Devices.forHostData().open()) {
      return training(session, name, depth).snapshot();
    }
  }

  private static List<float[]> trained(Device device) throws IOException {
    try (Session session = device.open()) {
      // The last batch is smaller.
      Training training = training(session, "gelu", 2, 100);
      for (int epoch = 0; epoch < 3; epoch++) {
        training.epoch();
      }
      List<float[]> weights = new ArrayList<>();
      for (Layer layer : layers(training.network())) {
        weights.add(layer.weights().values());
        weights.add(layer.bias());
      }
      return weights;
    }
  }

  private static List<Layer> layers(Network network) {
    List<Layer> layers = new ArrayList<>(network.hidden());
    layers.add(network.output());
    return layers;
  }

  @Test
  void everyDeviceTrainsTheSameNetworkToTheBit() throws IOException {
    List<Device> devices =
        Devices.findings().stream()
            .map(Finding::device)
            .flatMap(Optional::stream)
            .filter(device -> device.caveat().isEmpty())
            .toList();
    assertTrue(devices.size() > 1, "cpu:scalar and cpu:vector at least, got " + devices);
    List<float[]> expected = trained(Devices.choose("cpu:scalar").device());
    for (float[] bias : List.of(expected.get(1), expected.get(5))) {
      assertFalse(Arrays.equals(new float[bias.length], bias), "biases learn, too");
    }
    for (Device device : devices) {
      List<float[]> weights = trained(device);
      for (int i = 0; i < weights.size(); i++) {
        assertArrayEquals(expected.get(i), weights.get(i), device.id());
      }
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"tanh", "relu", "gelu", "selu"})
  void whatTheGradientReachesLearns(String name) throws IOException {
    try (Session session = Devices.forHostData().open()) {
      Training training = training(session, name, 4);
      Snapshot before = training.snapshot();
      for (int epoch = 0; epoch < 4; epoch++) {
        training.epoch();
      }
      Snapshot after = training.snapshot();
      assertTrue(after.loss() < before.loss() / 2, before.loss() + " to " + after.loss());
      // A guess is right one time in ten.
      assertTrue(after.accuracy() > 0.5, "" + after.accuracy());
    }
  }

  @Test
  void theGradientVanishesWithSigmoidAndNotWithRelu() throws IOException {
    Snapshot sigmoid = untrained("sigmoid", 8);
    Snapshot tanh = untrained("tanh", 8);
    for (int layer = 0; layer < 7; layer++) {
      assertTrue(sigmoid.gradients()[layer] < sigmoid.gradients()[layer + 1] / 3, "" + layer);
      assertTrue(tanh.gradients()[layer] < tanh.gradients()[layer + 1], "" + layer);
    }
    assertTrue(sigmoid.arriving() < 1e-4, "" + sigmoid.arriving());
    for (String name : List.of("relu", "gelu", "selu")) {
      Snapshot other = untrained(name, 8);
      assertTrue(other.arriving() > 0.5, name + ": " + other.arriving());
      assertTrue(other.gradients()[0] > 1e4 * sigmoid.gradients()[0], name);
    }
  }

  @Test
  void slopesAreThoseOfTheActivation() throws IOException {
    assertArrayEquals(new double[] {3, 3}, untrained("linear(a=3)", 2).slopes(), 1e-12);
    for (double slope : untrained("sigmoid", 2).slopes()) {
      assertTrue(slope > 0.1 && slope <= 0.25, "" + slope);
    }
  }

  @Test
  void aUnitWithoutSlopeIsDead() throws IOException {
    assertArrayEquals(new int[] {64, 64}, untrained("thresholded_relu(theta=1e9)", 2).dead());
    assertArrayEquals(new int[] {0, 0}, untrained("sigmoid", 2).dead());
    try (Session session = Devices.forHostData().open()) {
      Matrix weights = new Matrix(1, 3, new float[] {-1, 1, 0});
      Layer layer = new Layer(session, Activation.parse("relu"), weights, 2);
      layer.forward(new Matrix(2, 1, new float[] {1, -2}));
      assertArrayEquals(new float[] {0, 1, 0, 1, 0, 0}, layer.slopes().values());
    }
  }

  /**
   * In a random direction of a layer's weights and biases, the loss in float64 changes as the
   * gradient says. relu and selu are left out: a difference may straddle their kinks.
   */
  @ParameterizedTest
  @ValueSource(strings = {"sigmoid", "tanh", "gelu", "silu", "linear"})
  void gradientsAreThoseOfFiniteDifferences(String name) throws IOException {
    Digits images = Digits.load().standardized().range(0, 20);
    try (Session session = Devices.choose("cpu:scalar").open()) {
      Training training = training(session, name, 2);
      training.epoch(); // Until then the biases are 0.
      Network network = training.network();
      Matrix logProbabilities = network.forward(images);
      network.backward(images, logProbabilities);
      Reference reference = new Reference(session, Activation.parse(name), network, images);
      assertEquals(reference.loss(), Network.loss(images, logProbabilities), 1e-6);
      for (int i = 0; i < 3; i++) {
        Layer layer = layers(network).get(i);
        double[] direction = reference.direction(i);
        double slope = 0;
        double norm = 0;
        int at = 0;
        for (float[] part : List.of(layer.gradient().values(), layer.biasGradient())) {
          for (float g : part) {
            norm += (double) g * g;
            slope += g * direction[at++];
          }
        }
        // Of float32, with room for the sums; the differences are good to 1e-8.
        assertEquals(reference.slope(i, direction), slope, 1e-5 * Math.sqrt(norm), name + i);
      }
    }
  }

  @Test
  void standardizedPixelsAreAround0AndAsFarFromItAs1() throws IOException {
    float[] pixels = Digits.load().standardized().pixels();
    double sum = 0;
    for (float pixel : pixels) {
      sum += pixel;
    }
    double norm = new Matrix(1, pixels.length, pixels).norm();
    // Each pixel is rounded to float32.
    assertEquals(0, sum / pixels.length, 1e-7);
    assertEquals(1, norm * norm / pixels.length, 1e-7);
  }
}
