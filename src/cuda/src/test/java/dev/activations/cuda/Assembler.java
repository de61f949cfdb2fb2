package dev.activations.cuda;

import static jcuda.nvptxcompiler.JNvPTXCompiler.nvPTXCompilerCompile;
import static jcuda.nvptxcompiler.JNvPTXCompiler.nvPTXCompilerCreate;
import static jcuda.nvptxcompiler.JNvPTXCompiler.nvPTXCompilerDestroy;
import static jcuda.nvptxcompiler.JNvPTXCompiler.nvPTXCompilerGetCompiledProgram;
import static jcuda.nvptxcompiler.JNvPTXCompiler.nvPTXCompilerGetCompiledProgramSize;
import static jcuda.nvptxcompiler.JNvPTXCompiler.nvPTXCompilerGetErrorLog;
import static jcuda.nvptxcompiler.JNvPTXCompiler.nvPTXCompilerGetErrorLogSize;
import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.activations.spi.Natives;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import jcuda.nvptxcompiler.JNvPTXCompiler;
import jcuda.nvptxcompiler.nvPTXCompileResult;
import jcuda.nvptxcompiler.nvPTXCompilerHandle;

/** NVIDIA's own PTX compiler, which JCuda carries: that of CUDA 12.0, from Maxwell to Hopper. */
final class Assembler {
  static {
    try {
      Natives.unpack(() -> JNvPTXCompiler.setExceptionsEnabled(false));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private Assembler() {}

  /**
   * Makes machine code.
   *
   * @param architecture the compute capability, without its point
   * @throws AssertionError if the compiler refuses the program, with its log
   */
  static byte[] assemble(Ptx ptx, String architecture) {
    byte[] text = ptx.terminated();
    nvPTXCompilerHandle compiler = new nvPTXCompilerHandle();
    check("create", nvPTXCompilerCreate(compiler, text.length, text));
    try {
      int code = nvPTXCompilerCompile(compiler, 1, new String[] {"--gpu-name=sm_" + architecture});
      assertEquals(
          nvPTXCompileResult.NVPTXCOMPILE_SUCCESS,
          code,
          () -> "%s for sm_%s: %s".formatted(ptx.file(), architecture, log(compiler)));
      long[] size = new long[1];
      check("size", nvPTXCompilerGetCompiledProgramSize(compiler, size));
      byte[] program = new byte[(int) size[0]];
      check("program", nvPTXCompilerGetCompiledProgram(compiler, program));
      return program;
    } finally {
      check("destroy", nvPTXCompilerDestroy(compiler));
    }
  }

  private static String log(nvPTXCompilerHandle compiler) {
    long[] size = new long[1];
    check("log size", nvPTXCompilerGetErrorLogSize(compiler, size));
    byte[] log = new byte[(int) size[0] + 1];
    check("log", nvPTXCompilerGetErrorLog(compiler, log));
    return new String(log, StandardCharsets.UTF_8).strip();
  }

  private static void check(String call, int code) {
    assertEquals(nvPTXCompileResult.NVPTXCOMPILE_SUCCESS, code, call);
  }
}
