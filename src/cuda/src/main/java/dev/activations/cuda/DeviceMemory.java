package dev.activations.cuda;

import static jcuda.driver.JCudaDriver.cuMemAlloc;
import static jcuda.driver.JCudaDriver.cuMemFree;
import static jcuda.driver.JCudaDriver.cuMemHostGetDevicePointer;

import dev.activations.spi.Memory;
import java.nio.Buffer;
import java.util.Optional;
import java.util.function.Consumer;
import jcuda.Pointer;
import jcuda.driver.CUdeviceptr;

/** Memory of a device. JCuda shows an address to its subclasses only, hence the inheritance. */
final class DeviceMemory extends CUdeviceptr implements Memory {
  private final Consumer<DeviceMemory> owner;
  private final boolean ofHost;

  private DeviceMemory(Consumer<DeviceMemory> owner, boolean ofHost) {
    this.owner = owner;
    this.ofHost = ofHost;
  }

  /**
   * Allocates memory of the current context.
   *
   * @param bytes the size
   * @param advice what to say when there is not as much
   * @param owner is given the memory when it is to be freed
   */
  static DeviceMemory allocate(long bytes, String advice, Consumer<DeviceMemory> owner) {
    DeviceMemory memory = new DeviceMemory(owner, false);
    Status.check("cuMemAlloc", cuMemAlloc(memory, bytes), advice);
    return memory;
  }

  /**
   * Returns pinned memory of the host as the device sees it; nothing if it is not pinned.
   *
   * @param host a direct buffer, or a view of some of one
   */
  static Optional<DeviceMemory> view(Buffer host) {
    DeviceMemory memory = new DeviceMemory(view -> {}, true);
    int code = cuMemHostGetDevicePointer(memory, Pointer.toBuffer(host), 0);
    return code == 0 ? Optional.of(memory) : Optional.empty();
  }

  /** Whether it is memory of the host. */
  boolean isOfHost() {
    return ofHost;
  }

  /** Returns its address on the device. */
  long address() {
    return getNativePointer();
  }

  @Override
  public void free() {
    owner.accept(this);
  }

  /** Gives it back to the current context, once no work uses it any more. */
  void release() {
    Status.checkRelease("cuMemFree", cuMemFree(this));
  }
}
