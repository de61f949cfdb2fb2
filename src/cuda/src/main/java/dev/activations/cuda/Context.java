package dev.activations.cuda;

import static jcuda.driver.JCudaDriver.cuCtxPopCurrent;
import static jcuda.driver.JCudaDriver.cuCtxPushCurrent;
import static jcuda.driver.JCudaDriver.cuDevicePrimaryCtxRelease;
import static jcuda.driver.JCudaDriver.cuDevicePrimaryCtxRetain;

import java.util.function.Supplier;
import jcuda.driver.CUcontext;
import jcuda.driver.CUdevice;

/**
 * A device's primary context, which all that use the device in this process share. CUDA keeps a
 * current context for each thread; the one that a thread had is left as it was.
 */
final class Context {
  private final CUdevice device;
  private final CUcontext handle = new CUcontext();

  private Context(CUdevice device) {
    this.device = device;
  }

  /** Makes sure that the context exists. Blocks: a driver may take a second for it. */
  static Context retain(CUdevice device) {
    Context context = new Context(device);
    Status.check(
        "cuDevicePrimaryCtxRetain", cuDevicePrimaryCtxRetain(context.handle, context.device));
    return context;
  }

  /** Does something with the context current. */
  void run(Runnable work) {
    get(
        () -> {
          work.run();
          return null;
        });
  }

  /** Gets something with the context current. */
  <T> T get(Supplier<T> work) {
    return get(cuCtxPushCurrent(handle), work);
  }

  /** Gives things back with the context current; a lost context has taken them already. */
  void runUnlessLost(Runnable work) {
    int code = cuCtxPushCurrent(handle);
    if (!Status.isLoss(code)) {
      get(
          code,
          () -> {
            work.run();
            return null;
          });
    }
  }

  /** Leaves the context. The driver destroys it once nobody in the process retains it. */
  void release() {
    if (Query.driver() < 11_000) {
      return; // JCuda would call a function that came later; the context lasts until the end.
    }
    Status.checkRelease("cuDevicePrimaryCtxRelease", cuDevicePrimaryCtxRelease(device));
  }

  private static <T> T get(int pushed, Supplier<T> work) {
    Status.check("cuCtxPushCurrent", pushed);
    try {
      return work.get();
    } finally {
      // Cannot fail where the push did not; and must not hide what the work threw.
      cuCtxPopCurrent(new CUcontext());
    }
  }
}
