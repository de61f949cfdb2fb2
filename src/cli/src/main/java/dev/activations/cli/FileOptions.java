package dev.activations.cli;

import dev.activations.api.Dtype;
import dev.activations.files.AtomicFile;
import dev.activations.files.ElementType;
import dev.activations.files.Format;
import dev.activations.files.Input;
import dev.activations.files.InputException;
import dev.activations.files.Output;
import dev.activations.files.PipeOutput;
import dev.activations.files.RawLayout;
import dev.activations.files.ReadOptions;
import dev.activations.files.Tensor;
import dev.activations.files.TensorReader;
import dev.activations.files.TensorWriter;
import java.io.IOException;
import java.io.InputStream;
import java.io.PrintStream;
import java.nio.ByteOrder;
import java.nio.file.Path;
import java.util.Optional;
import picocli.CommandLine.Option;

/** What a command is told of the files that it reads and writes. */
final class FileOptions {
  /** Stands for the standard input or output. */
  private static final String PIPE = "-";

  @Option(
      names = "--tensor",
      paramLabel = "<name>",
      description = "Which tensor of a .npz or .safetensors. Default: the only one.")
  private String tensor;

  @Option(
      names = "--to-tensor",
      paramLabel = "<name>",
      description = "Its name in <out>. Default: that in <in>, or 'tensor'.")
  private String toTensor;

  @Option(
      names = "--as",
      paramLabel = "<type>",
      description =
          "Convert what is read to float32 or float64, each number rounded to nearest. Integers"
              + " need it.")
  private String as;

  @Option(
      names = "--format",
      paramLabel = "<format>",
      description = "The format of <in>: npy, npz, safetensors, csv or raw. Default: by its name.")
  private String format;

  @Option(
      names = "--to-format",
      paramLabel = "<format>",
      description = "The format of <out>. Default: by its name.")
  private String toFormat;

  @Option(
      names = "--dtype",
      paramLabel = "<type>",
      description = "The type of the elements of a raw <in>: float32, bfloat16, int8 ...")
  private String dtype;

  @Option(
      names = "--shape",
      paramLabel = "<n>",
      split = ",",
      description = "The sizes of the axes of a raw <in>, row-major.")
  private long[] shape;

  @Option(
      names = "--order",
      paramLabel = "<order>",
      description = "The byte order of raw files: little or big. Default: little.")
  private String order;

  @Option(
      names = "--header",
      description = "Skip the first line of <in>, a .csv; it names columns.")
  private boolean header;

  /**
   * Checks what does not depend on the files.
   *
   * @throws InputException if a format is unknown, or options do not go together
   */
  void check(String in, String out) {
    Format from = format(in, format, "--format");
    Format to = format(out, toFormat, "--to-format");
    if ((dtype == null) != (shape == null)) {
      throw new InputException("a raw file needs both --dtype and --shape");
    }
    if (order != null && from != Format.RAW && to != Format.RAW) {
      throw new InputException("only raw files have a byte order to choose; leave --order out");
    }
  }

  /** Opens a file, or the standard input. */
  TensorReader reader(String in, InputStream standardInput) throws IOException {
    Optional<RawLayout> raw =
        Optional.ofNullable(dtype)
            .map(type -> new RawLayout(ElementType.named(type), shape, byteOrder()));
    ReadOptions options = new ReadOptions(Optional.ofNullable(tensor), as(), header, raw);
    Input input =
        in.equals(PIPE) ? Input.of(standardInput, "standard input") : Input.of(Path.of(in));
    return format(in, format, "--format").reader(input, options);
  }

  /** Opens a file that goes with the other one and is of its type. */
  TensorReader besides(Path file) throws IOException {
    ReadOptions options = new ReadOptions(Optional.empty(), as(), false, Optional.empty());
    return Format.of(file.toString()).reader(Input.of(file), options);
  }

  /** Opens a file that is to be written, or the standard output. */
  Output output(String out, PrintStream standardOutput) throws IOException {
    return out.equals(PIPE) ? new PipeOutput(standardOutput) : new AtomicFile(Path.of(out));
  }

  /** Begins to write what comes of a tensor that is read. */
  TensorWriter writer(Output output, String out, TensorReader from, long[] shape)
      throws IOException {
    String name = toTensor != null ? toTensor : from.name().orElse("tensor");
    return format(out, toFormat, "--to-format")
        .writer(output.channel(), out, new Tensor(name, from.dtype(), shape, byteOrder()));
  }

  private static Format format(String file, String named, String option) {
    if (named == null && file.equals(PIPE)) {
      throw new InputException("'-' has no name that tells its format; give " + option);
    }
    return named == null ? Format.of(file) : Format.named(named);
  }

  private Optional<Dtype> as() {
    if (as == null) {
      return Optional.empty();
    }
    return Optional.of(
        switch (as) {
          case "float32" -> Dtype.F32;
          case "float64" -> Dtype.F64;
          default ->
              throw new InputException("--as must be float32 or float64, got '%s'".formatted(as));
        });
  }

  private ByteOrder byteOrder() {
    return switch (order == null ? "little" : order) {
      case "little" -> ByteOrder.LITTLE_ENDIAN;
      case "big" -> ByteOrder.BIG_ENDIAN;
      default ->
          throw new InputException("--order must be little or big, got '%s'".formatted(order));
    };
  }
}
