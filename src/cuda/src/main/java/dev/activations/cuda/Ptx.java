package dev.activations.cuda;

import dev.activations.api.Kind;
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
  private static final String ROOT = "/dev/activations/kernels/cuda/";

  /** Reads the program of a kind from the kernels' jar. */
  static Ptx of(Tier tier, Kind kind) {
    return of(tier, kind.stem());
  }

  /** Reads a program from the kernels' jar. */
  static Ptx of(Tier tier, String stem) {
    String file = "ptx/%s/%s.ptx".formatted(tier.folder(), stem);
    try (InputStream in = Ptx.class.getResourceAsStream(ROOT + file)) {
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
