package dev.activations.cuda;

import static jcuda.nvptxcompiler.JNvPTXCompiler.nvPTXCompilerCompile;
import static jcuda.nvptxcompiler.JNvPTXCompiler.nvPTXCompilerCreate;
import static jcuda.nvptxcompiler.JNvPTXCompiler.nvPTXCompilerDestroy;
import static jcuda.nvptxcompiler.JNvPTXCompiler.nvPTXCompilerGetCompiledProgram;
import static jcuda.nvptxcompiler.JNvPTXCompiler.nvPTXCompilerGetCompiledProgramSize;
import static jcuda.nvptxcompiler.JNvPTXCompiler.nvPTXCompilerGetErrorLog;
import static jcuda.nvptxcompiler.JNvPTXCompiler.nvPTXCompilerGetErrorLogSize;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.activations.api.Kind;
import dev.activations.spi.Natives;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import jcuda.nvptxcompiler.JNvPTXCompiler;
import jcuda.nvptxcompiler.nvPTXCompileResult;
import jcuda.nvptxcompiler.nvPTXCompilerHandle;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * NVIDIA's own PTX compiler, which JCuda carries, makes machine code of every kernel, without a GPU
 * or a toolkit. It is that of CUDA 12.0, from Maxwell to Hopper.
 */
class AssemblyTest {
  private static final String[] ARCHITECTURES = {"60", "70", "75", "80", "86", "89", "90"};
  private static final byte[] ELF = {0x7F, 'E', 'L', 'F'};

  @BeforeAll
  static void load() throws IOException {
    Natives.unpack(() -> JNvPTXCompiler.setExceptionsEnabled(false));
  }

  /** Every program on one architecture of its tier; {@code ci/ptx.sh --check} takes all on all. */
  @ParameterizedTest
  @MethodSource("dev.activations.cuda.PtxTest#shipped")
  void everyProgramIsAssembled(Tier tier, String program) {
    checkAssembles(tier, program, tier == Tier.SM_60 ? "60" : "90");
  }

  @ParameterizedTest
  @ValueSource(strings = {"relu", "gelu", "float64/sigmoid", "softmax", "swiglu", "channel_sum"})
  void everyArchitectureTakesTheKernelsOfItsTiers(String program) {
    for (Tier tier : Tier.values()) {
      for (String architecture : ARCHITECTURES) {
        if (("sm_" + architecture).compareTo(tier.folder()) >= 0) {
          checkAssembles(tier, program, architecture);
        }
      }
    }
  }

  private static void checkAssembles(Tier tier, String program, String architecture) {
    byte[] code = assemble(Ptx.of(tier, program), architecture);
    assertTrue(code.length > 1000, program + " for sm_" + architecture);
    assertEquals(0, Arrays.compare(ELF, 0, 4, code, 0, 4), "not a machine's program");
  }

  @Test
  void brokenPtxIsRefused() {
    String text =
        Ptx.of(Tier.SM_60, Kind.RELU.stem()).text().replaceFirst("max\\.f32", "maximum.f32");
    AssertionError e =
        assertThrows(AssertionError.class, () -> assemble(new Ptx("broken", text), "90"));
    assertTrue(e.getMessage().contains("maximum"), e.getMessage());
  }

  private static byte[] assemble(Ptx ptx, String architecture) {
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
