package dev.activations.api;

import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * A description of something that can run activations. Holding one holds no resource; {@link #open}
 * does. Safe for use by several threads.
 */
public interface Device {

  /** What a device is made of. */
  enum Type {
    /** A graphics processor. */
    GPU,
    /** Another processor with memory of its own, or an FPGA. */
    ACCELERATOR,
    /** The host's own processor. */
    CPU
  }

  /** Returns the id that selects it: {@code cuda:0}, {@code opencl:1}, {@code cpu:vector}. */
  String id();

  /** Returns the name of its back end: {@code cuda}, {@code opencl}, {@code cpu}. */
  String backend();

  /** Returns its name as the driver gives it. */
  String name();

  /** Returns what it is made of. */
  Type type();

  /** Returns driver, versions, memory and the like, in the order in which to print them. */
  Map<String, String> properties();

  /**
   * Returns why the device cannot promise the same bits as the scalar definition, or nothing if it
   * does promise. A device with a caveat is only chosen when asked for.
   */
  Optional<String> caveat();

  /**
   * Returns why the device cannot run a formula, or nothing if it can. Every device runs every
   * {@link Kind}; a {@link CustomFormula} needs a compiler. Blocks while one is looked for.
   *
   * @return a finding that is not usable, with reason and remedy
   */
  default Optional<Finding> obstacle(Formula formula) {
    return Optional.empty();
  }

  /**
   * Returns why the device cannot compute with elements of a type, or nothing if it can.
   *
   * @return a finding that is not usable, with reason and remedy
   */
  default Optional<Finding> obstacle(Dtype dtype) {
    return Optional.empty();
  }

  /** Returns the types of elements that the device computes with. */
  default List<Dtype> dtypes() {
    return Stream.of(Dtype.values()).filter(dtype -> obstacle(dtype).isEmpty()).toList();
  }

  /**
   * Opens a session. Blocks until the device is ready.
   *
   * @throws ActivationException if the device has become unusable since it was found
   */
  Session open();
}
