package dev.activations.cuda;

import dev.activations.api.CustomFormula;
import dev.activations.api.Dtype;
import dev.activations.api.KernelBuildException;
import dev.activations.spi.Cache;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * Compiles the source of a custom formula to PTX, as {@code ci/ptx.sh} does for the library's own:
 * with nvcc, or else with NVRTC, whichever this machine has. Users of the library's own activations
 * need neither.
 */
abstract class Compiler {
  /** Found through the class loader, which looks into other modules, too. */
  private static final String ROOT = "dev/activations/kernels/cuda/";

  /** The oldest target of the compilers of CUDA 10 to 13; the PTX goes under the lowest tier. */
  private static final List<String> OPTIONS =
      List.of("-arch=compute_75", "-fmad=false", "-ftz=false");

  /** A compiler's refusal, with what it said. */
  static final class Refusal extends Exception {
    private static final long serialVersionUID = 1L;

    Refusal(String log) {
      super(log);
    }
  }

  /** Returns name, version and place. Part of the key of what is remembered. */
  abstract String name();

  /**
   * Compiles a source. Blocks for a second or two.
   *
   * @throws Refusal if the compiler will not
   */
  abstract String compile(String source, List<String> options) throws Refusal;

  /** Returns the compiler of this machine, or nothing if there is none. */
  static Optional<Compiler> find() {
    return Found.COMPILER;
  }

  /** Says that there is no compiler, and what to do. */
  static Obstacle missing(CustomFormula formula) {
    return new Obstacle(
        ("%s is a custom activation, which needs a CUDA compiler, and there is none: no nvcc on the"
                + " PATH or in ${CUDA_HOME:-/usr/local/cuda}/bin, and no NVRTC (%s).")
            .formatted(formula.stem(), Nvrtc.LIBRARY),
        "Install the CUDA toolkit 10 or newer and a C++ compiler, or NVRTC 12 ('pip install"
            + " nvidia-cuda-nvrtc-cu12', and its directory in LD_LIBRARY_PATH); or run it with"
            + " OpenCL or on the CPU.");
  }

  /**
   * Compiles a formula for a device, or takes what was compiled of it before.
   *
   * @throws KernelBuildException if the compiler refuses the source
   * @throws java.util.NoSuchElementException if there is no compiler
   */
  static Ptx ptx(CustomFormula formula, Description device) {
    String file = formula.stem() + ".cu";
    List<String> options = options(formula);
    Compiler compiler = find().orElseThrow();
    String source = source(formula, file);
    List<String> key = new ArrayList<>(List.of("cuda", compiler.name(), device.architecture()));
    key.addAll(options);
    key.add(source);
    Cache cache = Cache.ofUser();
    Optional<String> remembered =
        cache.get(key).map(bytes -> new String(bytes, StandardCharsets.UTF_8));
    if (remembered.isPresent()) {
      return new Ptx(file, remembered.get());
    }
    try {
      String ptx = labelled(compiler.compile(source, options));
      cache.put(key, ptx.getBytes(StandardCharsets.UTF_8));
      return new Ptx(file, ptx);
    } catch (Refusal e) {
      throw new KernelBuildException(
          file, String.join(" ", options), "%s:%n%s".formatted(compiler.name(), e.getMessage()));
    }
  }

  /** The definitions are those of {@code launch/kinks.cu}, and of what stands behind it. */
  private static List<String> options(CustomFormula formula) {
    List<String> options = new ArrayList<>(OPTIONS);
    options.add("-DFUNCTION=" + formula.stem());
    options.add("-DDERIVATIVE=" + formula.stem() + "_derivative");
    options.add("-DARITY=" + formula.parameters().size());
    options.add("-DITEMS=" + CudaSession.items(Dtype.F32));
    return options;
  }

  private static String source(CustomFormula formula, String file) {
    return piece("lib/prelude.cu", read("lib/prelude.cu"))
        + piece("lib/math.cu", read("lib/math.cu"))
        + piece("lib/random.cu", read("lib/random.cu"))
        + piece("lib/rows.cu", read("lib/rows.cu"))
        + piece(file, formula.kernel())
        + piece("launch/elements.cu", read("launch/elements.cu"))
        + piece("launch/kinks.cu", read("launch/kinks.cu"))
        + piece("launch/pointwise.cu", read("launch/pointwise.cu"))
        + piece("launch/fused.cu", read("launch/fused.cu"));
  }

  /** A file, told apart from its neighbours in what the compiler says. */
  private static String piece(String name, String text) {
    return "#line 1 \"%s\"\n%s\n".formatted(name, text);
  }

  private static String read(String file) {
    try (InputStream in = Compiler.class.getClassLoader().getResourceAsStream(ROOT + file)) {
      if (in == null) {
        throw new IllegalStateException(
            "no kernel file %s on the class path; add activations-kernels-cuda of this version"
                .formatted(file));
      }
      return new String(in.readAllBytes(), StandardCharsets.UTF_8);
    } catch (IOException e) {
      throw new UncheckedIOException("cannot read the kernel file " + file, e);
    }
  }

  /**
   * Puts PTX under the version and target of the lowest tier, so that drivers take it which are
   * older than the compiler. Assemblers refuse what the version does not have. Comments go.
   */
  private static String labelled(String ptx) {
    Tier lowest = Tier.values()[Tier.values().length - 1];
    return ptx.replaceAll("//.*", "")
        .replaceAll("\\s*\n+", "\n")
        .strip()
        .concat("\n")
        .replaceFirst("(?m)^\\.version .*$", ".version " + lowest.version())
        .replaceFirst("(?m)^\\.target .*$", ".target " + lowest.folder());
  }

  /** Searches when first touched. */
  private static final class Found {
    static final Optional<Compiler> COMPILER = Nvcc.find().or(Nvrtc::find);
  }
}
