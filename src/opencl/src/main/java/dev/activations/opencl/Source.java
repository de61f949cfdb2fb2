package dev.activations.opencl;

import dev.activations.api.CustomFormula;
import dev.activations.api.Dtype;
import dev.activations.api.Formula;
import dev.activations.spi.ChannelSum;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Locale;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * The source of a program, which is an activation's or an element type's: files of {@code
 * kernels-cl}, one after the other.
 *
 * @param file the file by which people know the program
 * @param options what the compiler is told
 * @param text the source
 */
record Source(String file, String options, String text) {
  private static final String ROOT = "/dev/activations/kernels/cl/";

  /**
   * A file of a source.
   *
   * @param name its path in {@code kernels-cl}
   * @param text its content
   */
  record Piece(String name, String text) {
    /** Reads a file of the kernels' jar. */
    static Piece read(String name) {
      try (InputStream in = Source.class.getResourceAsStream(ROOT + name)) {
        if (in == null) {
          throw new IllegalStateException(
              "no kernel file %s on the class path; add activations-kernels-cl of this version"
                  .formatted(name));
        }
        return new Piece(name, new String(in.readAllBytes(), StandardCharsets.UTF_8));
      } catch (IOException e) {
        throw new UncheckedIOException("cannot read the kernel file " + name, e);
      }
    }

    /** The content, told apart from its neighbours in what the compiler says. */
    private String numbered() {
      return "#line 1 \"%s\"\n%s\n".formatted(name, text);
    }
  }

  /**
   * Composes the program of a formula.
   *
   * @param dtype the type of elements and arithmetic, float32 or float64
   * @param items the elements that a work-item takes in a pointwise kernel
   */
  static Source of(Formula formula, Dtype dtype, int items) {
    String file = formula.stem() + ".cl";
    return of(
        formula,
        dtype,
        items,
        formula instanceof CustomFormula custom
            ? new Piece(file, custom.kernel())
            : Piece.read("activation/" + file));
  }

  /** Composes the program of an element type of 16 bits. */
  static Source of(Dtype dtype, int items) {
    return of(
        "launch/storage.cl",
        String.format(
            Locale.ROOT,
            "-DWIDEN=widen_%1$s -DNARROW=narrow_%1$s -DITEMS=%2$d",
            dtype.label(),
            items),
        List.of(pieces("lib/prelude.cl", "lib/math.cl", "lib/storage.cl", "launch/storage.cl")));
  }

  /** Composes the program of a formula with a given file of functions. */
  static Source of(Formula formula, Dtype dtype, int items, Piece activation) {
    boolean pointwise = formula.shape() == Formula.Shape.POINTWISE;
    String options =
        pointwise
            ? String.format(
                Locale.ROOT,
                "-DFUNCTION=%1$s -DDERIVATIVE=%1$s_derivative -DARITY=%2$d -DITEMS=%3$d",
                formula.stem(),
                formula.parameters().size(),
                items)
            : "-DFUNCTION=" + formula.stem();
    if (dtype == Dtype.F64) {
      return of(
          activation.name(),
          options + " -DFLOAT64",
          List.of(
              pieces("lib/prelude.cl", "lib/math64.cl"),
              Stream.of(activation),
              pieces("launch/pointwise.cl")));
    }
    return of(
        activation.name(),
        options,
        List.of(
            library(),
            Stream.of(activation),
            pointwise
                ? pieces("launch/pointwise.cl", "launch/fused.cl")
                : pieces("launch/rows.cl")));
  }

  /** Composes the program of sums over channels. */
  static Source channelSum() {
    String loops = "launch/%s.cl".formatted(ChannelSum.STEM);
    return of(
        loops, "", List.of(library(), pieces("lib/channels.cl", "activation/prelu.cl", loops)));
  }

  private static Source of(String file, String options, List<Stream<Piece>> parts) {
    String text =
        parts.stream()
            .flatMap(part -> part)
            .map(Piece::numbered)
            .collect(Collectors.joining());
    return new Source(file, ("-cl-std=CL1.2 " + options).strip(), text);
  }

  /** What stands below the activations in float32. */
  private static Stream<Piece> library() {
    return pieces("lib/prelude.cl", "lib/math.cl", "lib/random.cl", "lib/rows.cl");
  }

  private static Stream<Piece> pieces(String... names) {
    return Stream.of(names).map(Piece::read);
  }
}
