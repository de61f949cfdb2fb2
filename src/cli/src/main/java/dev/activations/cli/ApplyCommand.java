package dev.activations.cli;

import dev.activations.Choice;
import dev.activations.api.Activation;
import dev.activations.api.Direction;
import dev.activations.api.Formula;
import dev.activations.api.Session;
import dev.activations.cli.file.AtomicFile;
import dev.activations.cli.file.Format;
import dev.activations.cli.file.InputException;
import dev.activations.cli.file.TensorReader;
import dev.activations.cli.file.TensorWriter;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code activations apply}: an activation over a file of any size. */
@Command(
    name = "apply",
    description = "Applies an activation, or its derivative, to every number of a file.",
    footer = {
      "",
      "Files are .npy (float16, float32 or float64, row-major) or .csv (lines of",
      "numbers separated by commas, taken as float32), in any combination, told",
      "apart by their names. <out> has the type of <in>. They are read in pieces and",
      "may be larger than the memory. <out> appears whole or not at all, and may be",
      "<in>.",
      "",
      "Examples:",
      "  activations apply gelu x.npy y.npy",
      "  activations apply --derivative 'leaky_relu(slope=0.2)' x.csv y.npy",
      "  activations apply softmax --axis 0 logits.npy probabilities.csv",
      "  activations apply swiglu packed.npy y.npy",
    })
final class ApplyCommand implements Callable<Integer> {
  /** 16 MiB: large enough to keep a device busy, small enough for any machine. */
  static final int PIECE = 1 << 22;

  private static final Duration PATIENCE = Duration.ofSeconds(1);

  private final Screen screen;
  private final DeviceSource devices;
  private final int pieceElements;

  @Parameters(
      index = "0",
      paramLabel = "<activation>",
      description =
          "A name of 'activations list', with parameters in parentheses if any, and"
              + " @<profile> for another library's defaults and kinks.")
  private String name;

  @Parameters(index = "1", paramLabel = "<in>", description = "The file to read.")
  private Path in;

  @Parameters(index = "2", paramLabel = "<out>", description = "The file to write.")
  private Path out;

  @Option(names = "--derivative", description = "Apply f'(x) instead of f(x).")
  private boolean derivative;

  @Option(
      names = "--axis",
      paramLabel = "<n>",
      description =
          "The axis of softmax and the like, or the one whose halves are gate and value, from 0, or"
              + " from the end if negative. Default: the last.")
  private Integer axis;

  @Option(
      names = "--header",
      description = "Skip the first line of <in>, a .csv; it names columns.")
  private boolean header;

  @Option(
      names = "--device",
      paramLabel = "<selector>",
      description =
          "Run on this device and no other: an id, back end, type or part of a name of"
              + " 'activations devices'. Default: the CPU, or what ACTIVATIONS_DEVICE says.")
  private String selector;

  @Option(
      names = {"-q", "--quiet"},
      description = "Say nothing unless something fails.")
  private boolean quiet;

  @Option(
      names = {"-h", "--help"},
      usageHelp = true,
      description = "Show this help.")
  private boolean help;

  /**
   * The command.
   *
   * @param pieceElements how many elements to hold in memory at a time
   */
  ApplyCommand(Screen screen, DeviceSource devices, int pieceElements) {
    this.screen = screen;
    this.devices = devices;
    this.pieceElements = pieceElements;
  }

  @Override
  public Integer call() throws IOException {
    Activation activation = activation();
    Direction direction = derivative ? Direction.DERIVATIVE : Direction.FORWARD;
    checkOptions(activation.formula(), direction);
    Format outFormat = Format.of(out);
    try (TensorReader reader = Format.of(in).open(in, header)) {
      int along = axis == null ? -1 : axis;
      StreamedApply apply =
          new StreamedApply(
              activation, direction, reader.dtype(), along, reader.shape(), pieceElements);
      Choice choice = selector == null ? devices.forHostData() : devices.choose(selector);
      try (AtomicFile file = new AtomicFile(out)) {
        long[] shape = apply.resultShape(along, reader.shape());
        TensorWriter writer = outFormat.writer(file.channel(), out, reader.dtype(), shape);
        run(apply, choice, reader, writer);
        file.commit();
      }
      if (!quiet) {
        screen
            .err()
            .printf(
                "%s %s: %d elements ran on %s%n",
                activation, direction.stem(), reader.count(), choice);
      }
    }
    return 0;
  }

  private void run(StreamedApply apply, Choice choice, TensorReader reader, TensorWriter writer)
      throws IOException {
    Screen watched = quiet ? screen.unwatched() : screen;
    String task = name + " on " + choice.device().id();
    try (Session session = choice.open();
        Progress progress =
            new Progress(watched, task, reader.count(), "M elements", 1_000_000, PATIENCE)) {
      apply.run(session, reader, writer, progress::at);
    }
  }

  private Activation activation() {
    try {
      return Activation.parse(name);
    } catch (IllegalArgumentException e) {
      throw new InputException(e);
    }
  }

  private void checkOptions(Formula formula, Direction direction) {
    if (!formula.supports(direction)) {
      throw new InputException(
          (formula.shape() == Formula.Shape.OVER_AXIS
                  ? "%s works over an axis, where a derivative is a matrix; leave --derivative out"
                  : "%s has a derivative for each of its inputs; leave --derivative out")
              .formatted(formula.stem()));
    }
    if (axis != null && formula.shape() == Formula.Shape.POINTWISE) {
      throw new InputException(
          "%s works element by element and has no axis; leave --axis out"
              .formatted(formula.stem()));
    }
  }
}
