package dev.activations.cpu;

import dev.activations.api.CustomFormula;
import dev.activations.api.Device;
import dev.activations.api.Finding;
import dev.activations.api.Formula;
import dev.activations.api.Session;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;

/** The host's own processor, with one kind of loops. */
final class CpuDevice implements Device {
  private final String id;
  private final String name;
  private final Loops loops;
  private final int threads;
  private final Map<String, String> properties;

  CpuDevice(String id, String name, Loops loops, int threads, Map<String, String> properties) {
    this.id = id;
    this.name = name;
    this.loops = loops;
    this.threads = threads;
    this.properties = new LinkedHashMap<>(properties);
  }

  @Override
  public String id() {
    return id;
  }

  @Override
  public String backend() {
    return CpuBackend.ID;
  }

  @Override
  public String name() {
    return name;
  }

  @Override
  public Type type() {
    return Type.CPU;
  }

  @Override
  public Map<String, String> properties() {
    return new LinkedHashMap<>(properties);
  }

  @Override
  public Optional<String> caveat() {
    return Optional.empty();
  }

  @Override
  public Optional<Finding> obstacle(Formula formula) {
    return formula instanceof CustomFormula custom
        ? loops
            .obstacle(custom)
            .map(
                why ->
                    Finding.unusable(
                        CpuBackend.ID,
                        id,
                        name,
                        "No SIMD code can be made of the custom activation %s: %s."
                            .formatted(custom.stem(), why),
                        "Run it on cpu:scalar; or use only float and int arithmetic,"
                            + " comparisons, Math.fma, Math.abs and static methods that do the"
                            + " same."))
        : Optional.empty();
  }

  @Override
  public Session open() {
    return new CpuSession(this, loops, threads, CpuSession.SEGMENT);
  }

  @Override
  public String toString() {
    return id + " (" + name + ")";
  }
}
