package dev.activations.opencl;

import dev.activations.api.Kind;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.stream.Collectors;

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
   * Composes the program of a kind.
   *
   * @param items the elements that a work-item takes in a pointwise kernel
   */
  static Source of(Kind kind, int items) {
    return of(kind, items, Piece.read("activation/" + kind.stem() + ".cl"));
  }

  /** Composes the program of a kind with a given file of formulas. */
  static Source of(Kind kind, int items, Piece activation) {
    boolean pointwise = kind.shape() == Kind.Shape.POINTWISE;
    String loops = "launch/%s.cl".formatted(pointwise ? "pointwise" : kind.stem());
    String options =
        pointwise
            ? "-cl-std=CL1.2 -DFUNCTION=%1$s -DDERIVATIVE=%1$s_derivative -DARITY=%2$d -DITEMS=%3$d"
                .formatted(kind.stem(), kind.parameters().size(), items)
            : "-cl-std=CL1.2";
    String text =
        List.of(
                Piece.read("lib/prelude.cl"),
                Piece.read("lib/math.cl"),
                activation,
                Piece.read(loops))
            .stream()
            .map(Piece::numbered)
            .collect(Collectors.joining());
    return new Source(activation.name(), options, text);
  }
}
