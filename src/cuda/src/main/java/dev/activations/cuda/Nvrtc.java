package dev.activations.cuda;

import static jcuda.nvrtc.JNvrtc.nvrtcCompileProgram;
import static jcuda.nvrtc.JNvrtc.nvrtcCreateProgram;
import static jcuda.nvrtc.JNvrtc.nvrtcDestroyProgram;
import static jcuda.nvrtc.JNvrtc.nvrtcGetPTX;
import static jcuda.nvrtc.JNvrtc.nvrtcGetProgramLog;
import static jcuda.nvrtc.JNvrtc.nvrtcVersion;

import dev.activations.spi.Natives;
import java.io.IOException;
import java.util.List;
import java.util.Optional;
import jcuda.nvrtc.JNvrtc;
import jcuda.nvrtc.nvrtcProgram;
import jcuda.nvrtc.nvrtcResult;

/** The CUDA compiler as a library, which needs neither a toolkit nor a C++ compiler. */
final class Nvrtc extends Compiler {
  /** The one that this version of JCuda is linked to. */
  static final String LIBRARY = "libnvrtc.so.12";

  private final String version;

  private Nvrtc(String version) {
    this.version = version;
  }

  /** Loads the library, once for the whole program. */
  static Optional<Compiler> find() {
    return Loaded.COMPILER;
  }

  @Override
  String name() {
    return "NVRTC " + version;
  }

  @Override
  String compile(String source, List<String> options) throws Refusal {
    nvrtcProgram program = new nvrtcProgram();
    check("nvrtcCreateProgram", nvrtcCreateProgram(program, source, "formula.cu", 0, null, null));
    try {
      int code = nvrtcCompileProgram(program, options.size(), options.toArray(String[]::new));
      if (code != nvrtcResult.NVRTC_SUCCESS) {
        String[] log = new String[1];
        check("nvrtcGetProgramLog", nvrtcGetProgramLog(program, log));
        throw new Refusal(log[0]);
      }
      String[] ptx = new String[1];
      check("nvrtcGetPTX", nvrtcGetPTX(program, ptx));
      return ptx[0];
    } finally {
      nvrtcDestroyProgram(program);
    }
  }

  private static void check(String call, int code) throws Refusal {
    if (code != nvrtcResult.NVRTC_SUCCESS) {
      throw new Refusal("%s failed with %s".formatted(call, nvrtcResult.stringFor(code)));
    }
  }

  /** Loads JCuda's library when first touched, and remembers how that went. */
  private static final class Loaded {
    static final Optional<Compiler> COMPILER = load();

    private static Optional<Compiler> load() {
      try {
        Natives.unpack(() -> JNvrtc.setExceptionsEnabled(false));
        int[] major = new int[1];
        int[] minor = new int[1];
        return nvrtcVersion(major, minor) == nvrtcResult.NVRTC_SUCCESS
            ? Optional.of(new Nvrtc(major[0] + "." + minor[0]))
            : Optional.empty();
      } catch (IOException | LinkageError e) {
        return Optional.empty();
      }
    }
  }
}
