package dev.activations.cuda;

import static jcuda.driver.CUdevice_attribute.CU_DEVICE_ATTRIBUTE_COMPUTE_CAPABILITY_MAJOR;
import static jcuda.driver.CUdevice_attribute.CU_DEVICE_ATTRIBUTE_COMPUTE_CAPABILITY_MINOR;
import static jcuda.driver.CUdevice_attribute.CU_DEVICE_ATTRIBUTE_COMPUTE_MODE;
import static jcuda.driver.CUdevice_attribute.CU_DEVICE_ATTRIBUTE_MULTIPROCESSOR_COUNT;
import static jcuda.driver.JCudaDriver.cuDeviceGet;
import static jcuda.driver.JCudaDriver.cuDeviceGetAttribute;
import static jcuda.driver.JCudaDriver.cuDeviceGetCount;
import static jcuda.driver.JCudaDriver.cuDeviceGetName;
import static jcuda.driver.JCudaDriver.cuDeviceGetPCIBusId;
import static jcuda.driver.JCudaDriver.cuDeviceGetUuid;
import static jcuda.driver.JCudaDriver.cuDeviceTotalMem;
import static jcuda.driver.JCudaDriver.cuDriverGetVersion;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.UUID;
import jcuda.driver.CUcomputemode;
import jcuda.driver.CUdevice;
import jcuda.driver.CUuuid;

/** Questions to the driver. Needs the library to be loaded. */
final class Query {
  private static final int MAX_TEXT = 256;

  private Query() {}

  /** Returns the CUDA version of the driver, as 1000·major + 10·minor. */
  static int driver() {
    int[] version = new int[1];
    Status.check("cuDriverGetVersion", cuDriverGetVersion(version));
    return version[0];
  }

  /** Returns the number of devices that this process may see. Needs {@code cuInit}. */
  static int devices() {
    int[] count = new int[1];
    Status.check("cuDeviceGetCount", cuDeviceGetCount(count));
    return count[0];
  }

  /** Returns the handle of a device, counted from 0. */
  static CUdevice device(int ordinal) {
    CUdevice device = new CUdevice();
    Status.check("cuDeviceGet", cuDeviceGet(device, ordinal));
    return device;
  }

  /** Asks a device for everything that the back end wants to know. Opens no context. */
  static Description describe(CUdevice device) {
    byte[] name = new byte[MAX_TEXT];
    Status.check("cuDeviceGetName", cuDeviceGetName(name, name.length, device));
    long[] memory = new long[1];
    Status.check("cuDeviceTotalMem", cuDeviceTotalMem(memory, device));
    CUuuid uuid = new CUuuid();
    Status.check("cuDeviceGetUuid", cuDeviceGetUuid(uuid, device));
    String[] bus = new String[1];
    Status.check("cuDeviceGetPCIBusId", cuDeviceGetPCIBusId(bus, MAX_TEXT, device));
    return new Description(
        new String(name, StandardCharsets.UTF_8).replace("\0", "").strip(),
        driver(),
        attribute(device, CU_DEVICE_ATTRIBUTE_COMPUTE_CAPABILITY_MAJOR),
        attribute(device, CU_DEVICE_ATTRIBUTE_COMPUTE_CAPABILITY_MINOR),
        attribute(device, CU_DEVICE_ATTRIBUTE_COMPUTE_MODE)
            == CUcomputemode.CU_COMPUTEMODE_PROHIBITED,
        attribute(device, CU_DEVICE_ATTRIBUTE_MULTIPROCESSOR_COUNT),
        memory[0],
        text(uuid),
        bus[0].strip());
  }

  private static int attribute(CUdevice device, int name) {
    int[] value = new int[1];
    Status.check("cuDeviceGetAttribute", cuDeviceGetAttribute(value, name, device));
    return value[0];
  }

  private static String text(CUuuid uuid) {
    ByteBuffer bytes = ByteBuffer.wrap(uuid.bytes);
    return "GPU-" + new UUID(bytes.getLong(), bytes.getLong());
  }
}
