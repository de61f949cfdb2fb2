package dev.activations.cli.train;

import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.activations.api.Activation;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class InitializationTest {

  @ParameterizedTest
  @CsvSource({"LECUN, 0.01", "HE, 0.02", "GLOROT, 0.004"})
  void weightsHaveItsVariance(Initialization initialization, double variance) {
    Matrix weights = initialization.draw(100, 400, new Random(1));
    assertEquals(100, weights.rows());
    assertEquals(400, weights.columns());
    double norm = weights.norm();
    // Of n normal numbers the mean square scatters by √(2/n), less than a percent here: 4 of these.
    assertEquals(variance, norm * norm / weights.values().length, 0.03 * variance);
  }

  @Test
  void eachActivationHasItsOwn() {
    assertEquals(Initialization.LECUN, Initialization.of(Activation.parse("selu")));
    assertEquals(Initialization.GLOROT, Initialization.of(Activation.parse("sigmoid")));
    assertEquals(Initialization.GLOROT, Initialization.of(Activation.parse("tanh")));
    assertEquals(Initialization.HE, Initialization.of(Activation.parse("leaky_relu(slope=0.2)")));
    assertEquals(Initialization.HE, Initialization.of(Activation.parse("gelu")));
  }
}
