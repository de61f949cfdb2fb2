package dev.activations.cuda.standin;

import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.activations.api.Kind;
import dev.activations.cuda.standin.StandIn.Output;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The stand-in finds what a kernel must not do. */
class ExecutorTest {
  private static final String OK = "CUDA_SUCCESS";

  @TempDir Path directory;

  @BeforeAll
  static void build() {
    StandIn.build();
  }

  @Test
  void whatAKernelMayDoIsNoFault() throws IOException {
    assertEquals(
        new Output(List.of(OK, OK), ""), run(StandIn.ptx("sm_60", Kind.RELU), "forward", 128));
  }

  @ParameterizedTest
  @CsvSource({
    "1024, CUDA_ERROR_ILLEGAL_ADDRESS, access beyond an allocation",
    "-4,   CUDA_ERROR_ILLEGAL_ADDRESS, not an address",
    "2,    CUDA_ERROR_MISALIGNED_ADDRESS, misaligned address",
  })
  void badAddressesAreFaults(int offset, String code, String error) throws IOException {
    assertFault(
        """
        \tld.param.u64 %rd0, [kernel_param_0];
        \tld.global.f32 %f0, [%rd0+OFFSET];
        """
            .replace("OFFSET", Integer.toString(offset)),
        code,
        error);
  }

  @Test
  void sharedMemoryHasBounds() throws IOException {
    assertFault(
        """
        \t.shared .align 4 .b8 few[64];
        \tmov.u32 %r0, %tid.x;
        \tshl.b32 %r0, %r0, 2;
        \tst.shared.f32 [%r0], %f0;
        """,
        "CUDA_ERROR_ILLEGAL_ADDRESS", "access beyond shared memory");
  }

  @Test
  void threadThatMissesABarrierIsAFault() throws IOException {
    assertFault(
        """
        \tmov.u32 %r0, %tid.x;
        \tsetp.eq.s32 %p0, %r0, 7;
        \t@%p0 bra $OUT;
        \tbar.sync 0;
        $OUT:
        """,
        "CUDA_ERROR_LAUNCH_FAILED", "threads of a block at different barriers");
  }

  @Test
  void unknownPtxIsRefused() throws IOException {
    Path file = Files.writeString(directory.resolve("unknown.ptx"), kernel("\tret; "));
    assertEquals(
        "CUDA_ERROR_INVALID_PTX",
        StandIn.run("", Programs.Raw.class, file.toString(), "kernel", "0").lines().get(0));
  }

  private void assertFault(String body, String code, String error) throws IOException {
    assertEquals(
        new Output(List.of(OK, code), "stand-in: " + error + "\n"), run(kernel(body), "kernel", 0));
  }

  private Output run(String ptx, String entry, long count) throws IOException {
    StandIn.translate(ptx);
    Path file = Files.writeString(directory.resolve("module.ptx"), ptx);
    return StandIn.run("", Programs.Raw.class, file.toString(), entry, Long.toString(count));
  }

  private static String kernel(String body) {
    return """
        // One kernel, whose body follows.
        .version 6.3
        .target sm_60
        .address_size 64
        .visible .entry kernel(
        \t.param .u64 kernel_param_0
        )
        .maxntid 256, 1, 1
        {
        \t.reg .pred %p<1>;
        \t.reg .f32 %f<1>;
        \t.reg .b32 %r<1>;
        \t.reg .b64 %rd<1>;
        BODY
        \tret;
        }
        """
        .replace("BODY", body.stripTrailing());
  }
}
