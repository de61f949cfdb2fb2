package dev.activations.opencl;

import dev.activations.api.CustomFormula;
import dev.activations.api.Device;
import dev.activations.api.Dtype;
import dev.activations.api.Formula;
import dev.activations.api.Kind;
import dev.activations.spi.ChannelSum;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
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
  /** Found through the class loader, which looks into other modules, too. */
  private static final String ROOT = "dev/activations/kernels/cl/";

  /** What programs need that draw random numbers. */
  private static final String RANDOM = "lib/random.cl";

  /** What stands below the activations in float32. */
  private static final List<String> LIBRARY =
      List.of("lib/prelude.cl", "lib/math.cl", RANDOM, "lib/rows.cl");

  /** What stands below the activations in float64, but for {@link #RANDOM}, which few need. */
  private static final List<String> LIBRARY64 =
      List.of("lib/prelude.cl", "lib/math64.cl", "lib/rows64.cl");

  /**
   * A file of a source.
   *
   * @param name its path in {@code kernels-cl}
   * @param text its content
   */
  record Piece(String name, String text) {
    /** Reads a file of the kernels' jar. */
    static Piece read(String name) {
      try (InputStream in = Source.class.getClassLoader().getResourceAsStream(ROOT + name)) {
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
    List<Piece> activations = new ArrayList<>();
    if (formula instanceof CustomFormula custom) {
      activations.add(new Piece(formula.stem() + ".cl", custom.kernel()));
    } else {
      for (String stem : ((Kind) formula).formulas()) {
        activations.add(Piece.read("activation/%s.cl".formatted(stem)));
      }
    }
    return of(formula, dtype, items, activations);
  }

  /** Composes the program of a formula with given files of functions. */
  static Source of(Formula formula, Dtype dtype, int items, List<Piece> activations) {
    String file = activations.get(activations.size() - 1).name();
    boolean doubles = dtype == Dtype.F64;
    boolean pieces =
        formula.shape() == Formula.Shape.GATED || formula.shape() == Formula.Shape.PIECES;
    Stream<String> loops =
        switch (formula.shape()) {
          case POINTWISE ->
              Stream.of(
                      "launch/elements.cl",
                      "launch/kinks.cl",
                      "launch/pointwise.cl",
                      "launch/fused.cl")
                  .limit(doubles ? 3 : 4);
          case OVER_AXIS -> Stream.of("launch/rows.cl");
          case GATED -> Stream.of("launch/elements.cl", "launch/gated.cl");
          case PIECES -> Stream.of("launch/%s.cl".formatted(formula.stem()));
        };
    List<Piece> all = new ArrayList<>();
    if (pieces) {
      all.add(Piece.read("lib/runs.cl"));
    }
    if (doubles && formula instanceof Kind kind && kind.isDrawn()) {
      all.add(Piece.read(RANDOM));
    }
    all.addAll(activations);
    all.addAll(pieces(loops).toList());
    return doubles
        ? of(file, definitions(formula, items) + " -DFLOAT64", LIBRARY64.stream(), all.stream())
        : of(file, definitions(formula, items), LIBRARY.stream(), all.stream());
  }

  /**
   * Composes the program of a pointwise kind's fused passes in float64. In float32 they are part of
   * its program; few need them in float64, where compilers take long.
   *
   * @param items the elements that a work-item takes
   */
  static Source fusedDoubles(Kind kind, int items) {
    String activation = "activation/%s.cl".formatted(kind.stem());
    return of(
        activation,
        definitions(kind, items) + " -DFLOAT64",
        LIBRARY64.stream(),
        pieces(
            Stream.of(
                RANDOM, activation, "launch/elements.cl", "launch/kinks.cl", "launch/fused.cl")));
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
        Stream.of("lib/prelude.cl", "lib/math.cl"),
        pieces(Stream.of("lib/storage.cl", "launch/elements.cl", "launch/storage.cl")));
  }

  /** The definitions that the file of loops asks for. */
  private static String definitions(Formula formula, int items) {
    return switch (formula.shape()) {
      case POINTWISE -> definitions(formula.stem(), formula, items);
      case OVER_AXIS, PIECES -> "-DFUNCTION=" + formula.stem();
      case GATED -> {
        Kind kind = (Kind) formula;
        yield kind.hasFormula()
            ? definitions(kind.stem(), kind, items)
                + " -DVALUE=%1$s_value -DVALUE_DERIVATIVE=%1$s_value_derivative"
                    .formatted(kind.stem())
            : definitions(kind.gate().orElseThrow().stem(), kind, items);
      }
    };
  }

  private static String definitions(String function, Formula formula, int items) {
    String fromOutput =
        formula.fromOutput().isPresent() ? " -DFROM_OUTPUT=%1$s_derivative_from_output" : "";
    return String.format(
        Locale.ROOT,
        "-DFUNCTION=%1$s -DDERIVATIVE=%1$s_derivative" + fromOutput + " -DARITY=%2$d -DITEMS=%3$d",
        function,
        formula.parameters().size(),
        items);
  }

  /** Composes the program of sums over channels in float32 or float64. */
  static Source channelSum(Dtype dtype) {
    String loops = "launch/%s.cl".formatted(ChannelSum.STEM);
    boolean doubles = dtype == Dtype.F64;
    return of(
        loops,
        doubles ? "-DFLOAT64" : "",
        (doubles ? LIBRARY64 : LIBRARY).stream(),
        pieces(Stream.of("lib/channels.cl", "activation/prelu.cl", loops)));
  }

  private static Source of(
      String file, String options, Stream<String> library, Stream<Piece> pieces) {
    String text =
        Stream.concat(pieces(library), pieces).map(Piece::numbered).collect(Collectors.joining());
    return new Source(file, ("-cl-std=CL1.2 " + options).strip(), text);
  }

  /** Returns the same program as it suits a type of devices: on CPUs formulas do not branch. */
  Source on(Device.Type type) {
    return type == Device.Type.CPU ? new Source(file, options + " -DBRANCHLESS", text) : this;
  }

  private static Stream<Piece> pieces(Stream<String> names) {
    return names.map(Piece::read);
  }
}
