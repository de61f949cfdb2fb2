package dev.activations.cli;

import dev.activations.Choice;
import dev.activations.api.Activation;
import dev.activations.api.Direction;
import dev.activations.api.Formula;
import dev.activations.api.Op;
import dev.activations.api.Session;
import dev.activations.cli.file.AtomicFile;
import dev.activations.cli.file.Format;
import dev.activations.cli.file.InputException;
import dev.activations.cli.file.TensorReader;
import dev.activations.cli.file.TensorWriter;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.Optional;
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
      "  activations apply masked_softmax scores.npy weights.npy --mask mask.npy",
      "  activations apply 'gumbel_softmax(tau=0.5)' logits.npy sample.npy --seed 42",
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
      names = "--mask",
      paramLabel = "<file>",
      description = "The mask of masked_softmax, with the shape and type of <in>; 0 masks out.")
  private Path mask;

  @Option(
      names = "--seed",
      paramLabel = "<n>",
      description = "The seed of the random numbers of gumbel_softmax, or of rrelu in training.")
  private Long seed;

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
    Direction direction = derivative ? Direction.DERIVATIVE : Direction.FORWARD;
    Op op = op(direction);
    Format outFormat = Format.of(out);
    try (TensorReader reader = Format.of(in).open(in, header);
        TensorReader masks = mask == null ? null : Format.of(mask).open(mask, false)) {
      if (masks != null) {
        checkMask(reader, masks);
      }
      int along = axis == null ? -1 : axis;
      StreamedApply apply =
          new StreamedApply(op, direction, reader.dtype(), along, reader.shape(), pieceElements);
      Choice choice = selector == null ? devices.forHostData() : devices.choose(selector);
      try (AtomicFile file = new AtomicFile(out)) {
        long[] shape = apply.resultShape(along, reader.shape());
        TensorWriter writer = outFormat.writer(file.channel(), out, reader.dtype(), shape);
        run(apply, choice, reader, Optional.ofNullable(masks), writer);
        file.commit();
      }
      if (!quiet) {
        screen
            .err()
            .printf(
                "%s %s: %d elements ran on %s%n",
                op.activation(), direction.stem(), reader.count(), choice);
      }
    }
    return 0;
  }

  private void run(
      StreamedApply apply,
      Choice choice,
      TensorReader reader,
      Optional<TensorReader> masks,
      TensorWriter writer)
      throws IOException {
    Screen watched = quiet ? screen.unwatched() : screen;
    String task = name + " on " + choice.device().id();
    try (Session session = choice.open();
        Progress progress =
            new Progress(watched, task, reader.count(), "M elements", 1_000_000, PATIENCE)) {
      apply.run(session, reader, masks, writer, progress::at);
    }
  }

  private Op op(Direction direction) {
    try {
      Op op = Op.of(Activation.parse(name));
      checkOptions(op, direction);
      return seed == null ? op : op.seeded(seed);
    } catch (IllegalArgumentException e) {
      throw new InputException(e);
    }
  }

  private void checkMask(TensorReader reader, TensorReader masks) {
    if (!Arrays.equals(reader.shape(), masks.shape()) || reader.dtype() != masks.dtype()) {
      throw new InputException(
          "%s: expected a mask of shape %s and type %s, as %s has, got %s and %s"
              .formatted(
                  mask,
                  Arrays.toString(reader.shape()),
                  reader.dtype().label(),
                  in,
                  Arrays.toString(masks.shape()),
                  masks.dtype().label()));
    }
  }

  private void checkOptions(Op op, Direction direction) {
    Formula formula = op.formula();
    if (!formula.supports(direction)) {
      throw new InputException(
          (formula.shape() == Formula.Shape.OVER_AXIS
                  ? "%s works over an axis, where a derivative is a matrix; leave --derivative out"
                  : "%s has a derivative for each of its inputs; leave --derivative out")
              .formatted(formula.stem()));
    }
    if (op.isMasked() != (mask != null)) {
      throw new InputException(
          (op.isMasked()
                  ? "%s needs a mask; give its file with --mask"
                  : "%s takes no mask; leave --mask out")
              .formatted(formula.stem()));
    }
    if (op.drawsNoise() && seed == null) {
      throw new InputException(
          "%s draws random numbers; give their seed with --seed".formatted(formula.stem()));
    }
    if (seed != null && direction != Direction.FORWARD) {
      throw new InputException(
          "random numbers are drawn by f(x); leave --derivative or --seed out");
    }
    if (axis != null && formula.shape() == Formula.Shape.POINTWISE) {
      throw new InputException(
          "%s works element by element and has no axis; leave --axis out"
              .formatted(formula.stem()));
    }
  }
}
