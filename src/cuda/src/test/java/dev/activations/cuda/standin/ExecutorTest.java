package dev.activations.cuda.standin;

import static org.junit.jupiter.api.Assertions.assertEquals;

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
import org.junit.jupiter.params.provider.ValueSource;

/** The stand-in finds what a kernel must not do. */
class ExecutorTest {
  private static final String OK = "CUDA_SUCCESS";

  @TempDir Path directory;

  @BeforeAll
  static void build() {
    StandIn.buildDriver();
  }

  @Test
  void whatAKernelMayDoIsNoFault() throws IOException {
    assertEquals(new Output(List.of(OK, OK, OK, OK), ""), relu(256));
  }

  @ParameterizedTest
  @ValueSource(ints = {0, 257})
  void blocksThatTheKernelIsNotMadeForAreRefused(int threads) throws IOException {
    assertEquals(new Output(List.of(OK, "CUDA_ERROR_INVALID_VALUE", OK, OK), ""), relu(threads));
  }

  @Test
  void argumentsThatAreNotWrittenForEachLaunchAreFaults() throws IOException {
    // The second launch reads poison where the address was, and that is odd.
    String load =
        """
        \tld.param.u64 %rd0, [kernel_param_0];
        \tld.global.f32 %f0, [%rd0];
        """;
    String code = "CUDA_ERROR_MISALIGNED_ADDRESS";
    assertEquals(
        new Output(List.of(OK, OK, OK, code, code), "stand-in: misaligned address\n"),
        run(kernel(load), "kernel", 0, 32, 2));
  }

  @ParameterizedTest
  @ValueSource(strings = {"ld.global.u32 %r0, [%rd0];", "ld.shared.u32 %r0, [few];"})
  void memoryIsPoisoned(String load) throws IOException {
    // The access is bad, and is made only where the poison was read.
    assertFault(
        """
        \t.shared .align 4 .b8 few[4];
        \tld.param.u64 %rd0, [kernel_param_0];
        \tLOAD
        \tsetp.ne.s32 %p0, %r0, POISON;
        \t@%p0 bra $OUT;
        \tst.global.f32 [%rd0+1024], %f0;
        $OUT:
        """
            .replace("LOAD", load)
            .replace("POISON", Integer.toString(0xA5A5A5A5)),
        "CUDA_ERROR_ILLEGAL_ADDRESS",
        "access beyond an allocation");
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

  @ParameterizedTest
  @CsvSource({
    "1024, CUDA_ERROR_ILLEGAL_ADDRESS, access beyond an allocation",
    "8,    CUDA_ERROR_MISALIGNED_ADDRESS, misaligned address",
  })
  void badAddressesOfVectorsAreFaults(int offset, String code, String error) throws IOException {
    assertFault(
        """
        \tld.param.u64 %rd0, [kernel_param_0];
        \tst.global.v4.f32 [%rd0+OFFSET], {%f0, %f0, %f0, %f0};
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

  @ParameterizedTest
  @ValueSource(strings = {"", "\tbar.sync 0;\n"})
  void threadThatMissesABarrierIsAFault(String another) throws IOException {
    assertFault(
        """
        \tmov.u32 %r0, %tid.x;
        \tsetp.eq.s32 %p0, %r0, 7;
        \t@%p0 bra $OTHER;
        \tbar.sync 0;
        \tret;
        $OTHER:
        """
            + another,
        "CUDA_ERROR_LAUNCH_FAILED",
        "threads of a block at different barriers");
  }

  @Test
  void unknownPtxIsRefused() throws IOException {
    Path file = Files.writeString(directory.resolve("unknown.ptx"), kernel("\tret; "));
    assertEquals(
        "CUDA_ERROR_INVALID_PTX",
        StandIn.run("", Programs.Raw.class, file.toString(), "kernel", "0", "32", "1")
            .lines()
            .get(0));
  }

  private void assertFault(String body, String code, String error) throws IOException {
    // The launch goes well, and every call after it says what happened.
    assertEquals(
        new Output(List.of(OK, OK, code, code), "stand-in: " + error + "\n"),
        run(kernel(body), "kernel", 0, 32, 1));
  }

  private Output relu(int threads) throws IOException {
    return run(StandIn.ptx("sm_60", "relu"), "forward", 128, threads, 1);
  }

  private Output run(String ptx, String entry, long count, int threads, int launches)
      throws IOException {
    StandIn.translate(ptx);
    Path file = Files.writeString(directory.resolve("module.ptx"), ptx);
    return StandIn.run(
        "",
        Programs.Raw.class,
        file.toString(),
        entry,
        Long.toString(count),
        Integer.toString(threads),
        Integer.toString(launches));
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
