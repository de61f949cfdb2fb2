package dev.activations.cuda;

import dev.activations.api.Dtype;
import dev.activations.api.Kind;
import dev.activations.spi.ChannelSum;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;

/**
 * A program, most often that of one activation, in the language that drivers compile.
 *
 * @param file its path in {@code kernels-cuda}
 * @param text its content
 */
record Ptx(String file, String text) {
  /** Found through the class loader, which looks into other modules, too. */
  private static final String ROOT = "dev/activations/kernels/cuda/";

  /** Returns the name of the program of a kind, as {@code ci/ptx.sh} has it. */
  static String program(Kind kind, Dtype dtype) {
    return program(kind.stem(), dtype);
  }

  /** Returns the name of the program of sums over channels in float32 or float64. */
  static String channelSum(Dtype dtype) {
    return program(ChannelSum.STEM, dtype);
  }

  private static String program(String stem, Dtype dtype) {
    return dtype == Dtype.F32 ? stem : "%s/%s".formatted(dtype.label(), stem);
  }

  /** Returns the name of the program of a pointwise kind's fused passes in float64. */
  static String fusedDoubles(Kind kind) {
    return "%s/fused/%s".formatted(Dtype.F64.label(), kind.stem());
  }

  /** Returns the name of the program of an element type of 16 bits. */
  static String program(Dtype dtype) {
    return dtype.label() + "/storage";
  }

  /** Reads a program from the kernels' jar. */
  static Ptx of(Tier tier, String program) {
    String file = "ptx/%s/%s.ptx".formatted(tier.folder(), program);
    try (InputStream in = Ptx.class.getClassLoader().getResourceAsStream(ROOT + file)) {
      if (in == null) {
        throw new IllegalStateException(
            "no kernel file %s on the class path; add activations-kernels-cuda of this version"
                .formatted(file));
      }
      return new Ptx(file, new String(in.readAllBytes(), StandardCharsets.UTF_8));
    } catch (IOException e) {
      throw new UncheckedIOException("cannot read the kernel file " + file, e);
    }
  }

  /** Returns the text as C has it, with a zero at its end. */
  byte[] terminated() {
    return (text + '\0').getBytes(StandardCharsets.UTF_8);
  }
}
