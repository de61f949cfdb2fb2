package dev.activations.cuda;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.activations.api.Kind;
import java.io.IOException;
import java.util.Arrays;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledIfSystemProperty;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * NVIDIA's own PTX compiler, which JCuda carries, makes machine code of every kernel, without a GPU
 * or a toolkit.
 */
class AssemblyTest {
  private static final String[] ARCHITECTURES = {"60", "70", "75", "80", "86", "89", "90"};
  private static final byte[] ELF = {0x7F, 'E', 'L', 'F'};

  /**
   * Every program on the oldest architecture, and where the newer tier has other instructions, or
   * they are counted, on Hopper; {@code ci/ptx.sh --check} takes all on all.
   */
  @ParameterizedTest
  @MethodSource("dev.activations.cuda.PtxTest#programs")
  void everyProgramIsAssembled(String program) throws IOException {
    checkAssembles(Tier.SM_60, program, "60");
    if (InstructionTable.counts(program)
        || !instructions(Tier.SM_60, program).equals(instructions(Tier.SM_80, program))) {
      byte[] code = checkAssembles(Tier.SM_80, program, "90");
      assertEquals(
          InstructionTable.committed(program),
          InstructionTable.count(program, code),
          "ci/ptx.sh writes kernels-cuda/instructions.csv");
    }
  }

  @Test
  @EnabledIfSystemProperty(named = "ptx.write", matches = "true")
  void instructionsAreCounted() throws IOException {
    InstructionTable.write(
        PtxTest.programs()
            .filter(InstructionTable::counts)
            .flatMap(
                program ->
                    InstructionTable.count(
                        program, Assembler.assemble(Ptx.of(Tier.SM_80, program), "90"))
                        .stream())
            .toList());
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

  private static String instructions(Tier tier, String program) {
    String text = Ptx.of(tier, program).text();
    return text.substring(text.indexOf(".address_size"));
  }

  private static byte[] checkAssembles(Tier tier, String program, String architecture) {
    byte[] code = Assembler.assemble(Ptx.of(tier, program), architecture);
    assertTrue(code.length > 1000, program + " for sm_" + architecture);
    assertEquals(0, Arrays.compare(ELF, 0, 4, code, 0, 4), "not a machine's program");
    return code;
  }

  @Test
  void brokenPtxIsRefused() {
    String text =
        Ptx.of(Tier.SM_60, Kind.RELU.stem()).text().replaceFirst("max\\.f32", "maximum.f32");
    AssertionError e =
        assertThrows(AssertionError.class, () -> Assembler.assemble(new Ptx("broken", text), "90"));
    assertTrue(e.getMessage().contains("maximum"), e.getMessage());
  }
}
