package dev.activations.cuda;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.activations.api.KernelBuildException;
import dev.activations.cuda.standin.CustomKernelTest;
import java.io.IOException;
import java.nio.file.Files;
import org.junit.jupiter.api.Test;

/**
 * The CUDA compiler of this machine, where it has one. What it makes is recorded, so that the other
 * tests need none: {@code -Dptx.write=true} records it anew.
 */
class CompilerTest {
  private static final Description DEVICE =
      new Description("a GPU", 12_040, 9, 0, false, 1, 1 << 30, "GPU-0", "0000:00:00.0");

  @Test
  void recordedPtxIsWhatTheCompilerMakes() throws IOException {
    assumeTrue(Compiler.find().isPresent(), "no CUDA compiler on this machine");
    String name = Compiler.find().get().name();
    String version = name.replaceFirst(".*(?=release)", "").replace(")", "");
    Ptx ptx = Compiler.ptx(CustomKernelTest.formula(), DEVICE);
    String made = "// Made by nvcc, %s\n%s".formatted(version, ptx.text());
    if (Boolean.getBoolean("ptx.write")) {
      Files.writeString(CustomKernelTest.RECORDED, made);
    }
    String recorded = Files.readString(CustomKernelTest.RECORDED);
    assumeTrue(
        recorded.lines().findFirst().equals(made.lines().findFirst()),
        "recorded from another version than " + version);
    assertEquals(recorded, made);
  }

  @Test
  void brokenSourceIsRefusedWithTheLineOfTheUsersFile() {
    assumeTrue(Compiler.find().isPresent(), "no CUDA compiler on this machine");
    KernelBuildException e =
        assertThrows(
            KernelBuildException.class,
            () -> Compiler.ptx(CustomKernelTest.brokenFormula(), DEVICE));
    assertEquals("star_relu.cu", e.file());
    assertTrue(e.log().contains("star_relu.cu(3): error: identifier \"t\" is undefined"), e.log());
  }
}
