package dev.activations;

import dev.activations.api.Device;
import dev.activations.spi.Cache;
import java.lang.module.ModuleDescriptor;
import java.util.List;
import java.util.Optional;

/**
 * Measured costs on disk, for as long as device, driver and library stay what they are. What cannot
 * be read is measured again and written anew.
 */
final class CostStore {
  private final Cache cache;

  CostStore(Cache cache) {
    this.cache = cache;
  }

  /** Returns what was kept. */
  Optional<Costs> get(Device device, Workload workload) {
    return cache.get(key(device, workload)).flatMap(Costs::of);
  }

  /** Keeps costs. */
  void put(Device device, Workload workload, Costs costs) {
    cache.put(key(device, workload), costs.content());
  }

  /** Properties hold the versions of drivers, and of Java on the CPU, and the number of threads. */
  static List<String> key(Device device, Workload workload) {
    return List.of(
        "costs",
        version().orElse(""),
        device.id(),
        device.name(),
        device.properties().toString(),
        workload.task().toString());
  }

  /** Returns the version of the library: a module's, or a jar's on the class path. */
  private static Optional<String> version() {
    return Optional.ofNullable(CostStore.class.getModule().getDescriptor())
        .flatMap(ModuleDescriptor::rawVersion)
        .or(() -> Optional.ofNullable(CostStore.class.getPackage().getImplementationVersion()));
  }
}
