package dev.activations.cuda.standin;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The translator refuses what it does not know, by name. */
class TranslatorTest {
  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "ex2.approx.f32 %f1, %f2;     | ex2.approx.f32",
        "rcp.approx.ftz.f32 %f1, %f2; | rcp.approx.ftz.f32",
        "add.f32 %f1, %f2, %f3;       | add.f32",
        "add.rn.ftz.f32 %f1, %f2, %f3;| add.rn.ftz.f32",
        "mad.hi.s32 %r1, %r2, %r3;    | mad.hi.s32",
        "mul.hi.s32 %r1, %r2, %r3;    | mul.hi.s32",
        "ld.shared.v4.f32 {%f1}, [%r1]; | ld.shared",
        "setp.ne.f32 %p1, %f1, %f2;   | setp.ne.f32",
        "bar.sync 1;                  | barrier",
        "st.param.u32 [x], %r1;       | st.param",
        "call foo;                    | call",
        ".local .b8 depot[4];         | .local",
        "mov.u32 %r1, %laneid;        | %laneid",
      })
  void unknownInstructionsAreNamed(String instruction, String name) throws IOException {
    String ptx = StandIn.ptx("sm_60", "relu");
    String changed = ptx.replaceFirst("\n\tret;", "\n\t" + instruction + "\n\tret;");
    assertTrue(!changed.equals(ptx));
    String message =
        assertThrows(Translator.UnsupportedException.class, () -> Translator.translate(changed))
            .getMessage();
    assertTrue(message.contains(name), message);
  }

  @Test
  void instructionsBecomeStatements() {
    String ptx =
        """
        .version 6.3
        .target sm_60
        .address_size 64
        .visible .entry twice(
        \t.param .u64 twice_param_0,
        \t.param .f32 twice_param_1
        )
        .maxntid 256, 1, 1
        {
        \t.reg .pred %p<2>;
        \t.reg .f32 %f<3>;
        \tld.param.f32 %f1, [twice_param_1];
        \tsetp.leu.f32 %p1, %f1, 0f40000000;
        \t@!%p1 bra $L__BB0_1;
        \tmul.rn.f32 %f2, %f1, 0f40000000;
        $L__BB0_1:
        \tret;
        }
        """;
    assertEquals(
        """
        #include "executor.h"

        static const int twice_sizes[] = {sizeof(uint64_t), sizeof(float)};

        static void twice(ptx::Thread& thread, const char* arguments) {
          bool p0{}, p1{};
          float f0{}, f1{}, f2{};
          ptx::set(f1, ptx::Thread::load<float>(arguments + 8 + 0));
          ptx::set(p1, !(ptx::as<float>(f1) > ptx::as<float>(uint32_t{0x40000000})));
          if (!p1) goto L__BB0_1;
          ptx::set(f2, ptx::as<float>(f1) * ptx::as<float>(uint32_t{0x40000000}));
          L__BB0_1:;
          return;
        }


        extern "C" const ptx::Kernel kernels[] = {
            {"twice", twice, 2, twice_sizes, 256, 0, false},
            {}};
        """,
        Translator.translate(ptx));
  }
}
