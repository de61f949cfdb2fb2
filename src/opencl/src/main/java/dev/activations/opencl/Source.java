package dev.activations.opencl;

import dev.activations.api.CustomFormula;
import dev.activations.api.Formula;
import dev.activations.spi.ChannelSum;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.Locale;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * The source of one activation's program: files of {@code kernels-cl}, one after the other.
 *
 * @param file the activation's file, by which people know the program
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
   * @param items the elements that a work-item takes in a pointwise kernel
   */
  static Source of(Formula formula, int items) {
    String file = formula.stem() + ".cl";
    return of(
        formula,
        items,
        formula instanceof CustomFormula custom
            ? new Piece(file, custom.kernel())
            : Piece.read("activation/" + file));
  }

  /** Composes the program of a formula with a given file of functions. */
  static Source of(Formula formula, int items, Piece activation) {
    boolean pointwise = formula.shape() == Formula.Shape.POINTWISE;
    String fromOutput =
        formula.fromOutput().isPresent() ? " -DFROM_OUTPUT=%1$s_derivative_from_output" : "";
    String options =
        pointwise
            ? String.format(
                Locale.ROOT,
                "-DFUNCTION=%1$s -DDERIVATIVE=%1$s_derivative"
                    + fromOutput
                    + " -DARITY=%2$d -DITEMS=%3$d",
                formula.stem(),
                formula.parameters().size(),
                items)
            : "-DFUNCTION=" + formula.stem();
    Stream<String> loops =
        pointwise
            ? Stream.of("launch/pointwise.cl", "launch/fused.cl")
            : Stream.of("launch/rows.cl");
    return of(activation.name(), options, Stream.concat(Stream.of(activation), pieces(loops)));
  }

  /** Composes the program of sums over channels. */
  static Source channelSum() {
    String loops = "launch/%s.cl".formatted(ChannelSum.STEM);
    return of(loops, "", pieces(Stream.of("lib/channels.cl", "activation/prelu.cl", loops)));
  }

  private static Source of(String file, String options, Stream<Piece> pieces) {
    Stream<Piece> library =
        pieces(Stream.of("lib/prelude.cl", "lib/math.cl", "lib/random.cl", "lib/rows.cl"));
    String text = Stream.concat(library, pieces).map(Piece::numbered).collect(Collectors.joining());
    return new Source(file, ("-cl-std=CL1.2 " + options).strip(), text);
  }

  private static Stream<Piece> pieces(Stream<String> names) {
    return names.map(Piece::read);
  }
}
