package dev.activations.cli.train;

import java.util.List;

/**
 * A network's training.
 *
 * @param name the activation, as the user wrote it
 * @param initialization of its hidden layers
 * @param snapshots before training, and after each epoch
 */
record Run(String name, Initialization initialization, List<Snapshot> snapshots) {

  Snapshot first() {
    return snapshots.get(0);
  }

  Snapshot last() {
    return snapshots.get(snapshots.size() - 1);
  }
}
