package dev.activations;

import dev.activations.api.Device;
import dev.activations.api.Finding;
import dev.activations.api.Session;
import java.util.Map;
import java.util.Optional;

/** A device that only stands in a list. */
record Listed(String id, String backend, String name, Type type, Optional<String> caveat)
    implements Device {

  static Finding usable(String id, String name, Type type) {
    return Finding.usable(new Listed(id, id.split(":")[0], name, type, Optional.empty()), "found");
  }

  static Finding flawed(String id, String name, Type type) {
    return Finding.usable(
        new Listed(id, id.split(":")[0], name, type, Optional.of("It flushes subnormals.")),
        "found");
  }

  static Finding missing(String backend) {
    return Finding.unusable(backend, backend, "any", "No driver.", "Install one.");
  }

  @Override
  public Map<String, String> properties() {
    return Map.of();
  }

  @Override
  public Session open() {
    throw new UnsupportedOperationException("only listed");
  }
}
