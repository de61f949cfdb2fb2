package dev.activations.cuda;

import dev.activations.api.CustomFormula;
import dev.activations.api.Device;
import dev.activations.api.Finding;
import dev.activations.api.Formula;
import dev.activations.api.Session;
import java.util.Map;
import java.util.Optional;

/**
 * A GPU of the NVIDIA driver.
 *
 * @param ordinal its number among those that this process may see, from 0
 * @param description what the driver says about it
 */
record CudaDevice(int ordinal, Description description) implements Device {

  @Override
  public String id() {
    return CudaBackend.ID + ":" + ordinal;
  }

  @Override
  public String backend() {
    return CudaBackend.ID;
  }

  @Override
  public String name() {
    return description.name();
  }

  @Override
  public Type type() {
    return Type.GPU;
  }

  /** Returns the tiers of PTX that the device takes. */
  Tiers tiers() {
    return Tiers.of(description);
  }

  @Override
  public Map<String, String> properties() {
    Map<String, String> properties = description.properties();
    properties.put("kernels", tiers().toString());
    return properties;
  }

  @Override
  public Optional<String> caveat() {
    // Every GPU since Fermi has IEEE arithmetic with fma and subnormals in float32.
    return Optional.empty();
  }

  @Override
  public Optional<Finding> obstacle(Formula formula) {
    if (!(formula instanceof CustomFormula custom) || Compiler.find().isPresent()) {
      return Optional.empty();
    }
    Obstacle missing = Compiler.missing(custom);
    return Optional.of(
        Finding.unusable(CudaBackend.ID, id(), name(), missing.reason(), missing.remedy()));
  }

  @Override
  public Session open() {
    return CudaSession.open(this);
  }

  @Override
  public String toString() {
    return "%s (%s)".formatted(id(), name());
  }
}
