package dev.activations.cuda;

import static jcuda.driver.JCudaDriver.cuMemAlloc;
import static jcuda.driver.JCudaDriver.cuMemFree;

import dev.activations.spi.Memory;
import java.util.function.Consumer;
import jcuda.driver.CUdeviceptr;

/** Memory of a device. JCuda shows an address to its subclasses only, hence the inheritance. */
final class DeviceMemory extends CUdeviceptr implements Memory {
  private final Consumer<DeviceMemory> owner;

  private DeviceMemory(Consumer<DeviceMemory> owner) {
    this.owner = owner;
  }

  /**
   * Allocates memory of the current context.
   *
   * @param bytes the size
   * @param advice what to say when there is not as much
   * @param owner is given the memory when it is to be freed
   */
  static DeviceMemory allocate(long bytes, String advice, Consumer<DeviceMemory> owner) {
    DeviceMemory memory = new DeviceMemory(owner);
    Status.check("cuMemAlloc", cuMemAlloc(memory, bytes), advice);
    return memory;
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
