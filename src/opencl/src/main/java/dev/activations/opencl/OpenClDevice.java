package dev.activations.opencl;

import dev.activations.api.Device;
import dev.activations.api.Dtype;
import dev.activations.api.Finding;
import dev.activations.api.Session;
import java.util.Map;
import java.util.Optional;
import org.jocl.cl_device_id;
import org.jocl.cl_platform_id;

/**
 * A device of an OpenCL driver. Ids of platforms and devices hold no resource.
 *
 * @param id {@code opencl:0} and so on
 * @param description what the driver says about it
 * @param platform its platform
 * @param handle its handle
 * @param given how kernels are to walk on it, if that is not for the library to choose
 */
record OpenClDevice(
    String id,
    Description description,
    cl_platform_id platform,
    cl_device_id handle,
    Optional<Walk> given)
    implements Device {

  /** A device on which kernels walk the way that suits it. */
  OpenClDevice(String id, Description description, cl_platform_id platform, cl_device_id handle) {
    this(id, description, platform, handle, Optional.empty());
  }

  /** Returns the same device with kernels that walk a given way. */
  OpenClDevice walking(Walk walk) {
    return new OpenClDevice(id, description, platform, handle, Optional.of(walk));
  }

  /** Returns how kernels walk as long as nothing is measured. */
  Walk walk() {
    return given.orElseGet(() -> Walk.of(description.type()));
  }

  /** Returns how kernels walk over many elements. Blocks where that is measured first. */
  Walk tuned() {
    return given.orElseGet(() -> Tuning.of(this));
  }

  @Override
  public String backend() {
    return OpenClBackend.ID;
  }

  @Override
  public String name() {
    return description.name();
  }

  @Override
  public Type type() {
    return description.type();
  }

  @Override
  public Map<String, String> properties() {
    return description.properties();
  }

  @Override
  public Optional<String> caveat() {
    return description.caveat();
  }

  @Override
  public Optional<Finding> obstacle(Dtype dtype) {
    return dtype == Dtype.F64
        ? description
            .obstacleToDoubles()
            .map(
                obstacle ->
                    Finding.unusable(
                        OpenClBackend.ID, id, name(), obstacle.reason(), obstacle.remedy()))
        : Optional.empty();
  }

  @Override
  public Session open() {
    return OpenClSession.open(this);
  }

  @Override
  public String toString() {
    return "%s (%s)".formatted(id, name());
  }
}
