package dev.activations.cuda;

import static jcuda.driver.JCudaDriver.cuModuleGetFunction;
import static jcuda.driver.JCudaDriver.cuModuleLoadDataJIT;
import static jcuda.driver.JCudaDriver.cuModuleUnload;

import dev.activations.api.KernelBuildException;
import java.util.HashMap;
import java.util.Map;
import jcuda.Pointer;
import jcuda.driver.CUfunction;
import jcuda.driver.CUjit_option;
import jcuda.driver.CUmodule;
import jcuda.driver.CUresult;
import jcuda.driver.JITOptions;

/** A program that the driver has compiled, and its kernels. Not safe for use by several threads. */
final class Module {
  private static final int LOG = 1 << 14;

  private final CUmodule handle;
  private final Map<String, CUfunction> kernels = new HashMap<>();

  private Module(CUmodule handle) {
    this.handle = handle;
  }

  /**
   * Compiles a program for the device of the current context. Blocks for some tens of milliseconds,
   * less where the driver remembers it.
   *
   * @throws KernelBuildException if the driver will not
   */
  static Module build(Ptx ptx) {
    JITOptions options = new JITOptions();
    options.putBytes(CUjit_option.CU_JIT_ERROR_LOG_BUFFER, new byte[LOG]);
    options.putInt(CUjit_option.CU_JIT_ERROR_LOG_BUFFER_SIZE_BYTES, LOG);
    CUmodule handle = new CUmodule();
    int code = cuModuleLoadDataJIT(handle, Pointer.to(ptx.terminated()), options);
    switch (code) {
      case CUresult.CUDA_ERROR_INVALID_IMAGE,
          CUresult.CUDA_ERROR_INVALID_PTX,
          CUresult.CUDA_ERROR_NO_BINARY_FOR_GPU,
          CUresult.CUDA_ERROR_UNSUPPORTED_PTX_VERSION ->
          throw new KernelBuildException(
              ptx.file(),
              "",
              "cuModuleLoadDataEx: %s%n%s"
                  .formatted(
                      CUresult.stringFor(code),
                      options.getString(CUjit_option.CU_JIT_ERROR_LOG_BUFFER)));
      default -> Status.check("cuModuleLoadDataEx", code);
    }
    return new Module(handle);
  }

  /** Returns a kernel of the program. */
  CUfunction kernel(String entry) {
    return kernels.computeIfAbsent(entry, this::find);
  }

  /** Gives the program back to the current context. */
  void release() {
    Status.checkRelease("cuModuleUnload", cuModuleUnload(handle));
  }

  private CUfunction find(String entry) {
    CUfunction kernel = new CUfunction();
    Status.check("cuModuleGetFunction(" + entry + ")", cuModuleGetFunction(kernel, handle, entry));
    return kernel;
  }
}
