package dev.activations.cli.demo;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.activations.Devices;
import dev.activations.api.Session;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;

class TrainingTest {
  private static final Path RESOURCES = Path.of("src/main/resources/dev/activations/cli/demo");

  @Test
  void trainingGivesTheNetworkThatTheJarCarriesToTheBit() throws IOException {
    Digits digits = Digits.load();
    Network trained;
    try (Session session = Devices.forHostData().open()) {
      trained = Training.train(session, digits.range(0, Digits.TRAINED));
    }
    if (Boolean.getBoolean("training.write")) {
      Files.writeString(RESOURCES.resolve("hidden.csv"), trained.hidden().text());
      Files.writeString(RESOURCES.resolve("output.csv"), trained.output().text());
      return;
    }
    Network carried = Network.load();
    assertArrayEquals(carried.hidden().weights(), trained.hidden().weights());
    assertArrayEquals(carried.hidden().bias(), trained.hidden().bias());
    assertArrayEquals(carried.output().weights(), trained.output().weights());
    assertArrayEquals(carried.output().bias(), trained.output().bias());
  }

  @Test
  void theNetworkRecognisesImagesThatTrainingDidNotSee() throws IOException {
    Digits digits = Digits.load();
    try (Session session = Devices.forHostData().open()) {
      Network.Pass pass = Network.load().run(session, digits);
      int unseen = digits.count() - Digits.TRAINED;
      int right = pass.right(digits, Digits.TRAINED, digits.count());
      // A guess would be right one time in ten.
      assertTrue(right > 0.9 * unseen, right + " of " + unseen);
    }
  }
}
