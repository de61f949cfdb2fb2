package dev.activations.cli;

import dev.activations.Choice;
import dev.activations.api.Activation;
import dev.activations.api.ActivationException;
import dev.activations.api.Direction;
import dev.activations.api.Formula;
import dev.activations.api.Op;
import dev.activations.api.Session;
import dev.activations.files.InputException;
import dev.activations.files.Output;
import dev.activations.files.PipeOutput;
import dev.activations.files.TensorReader;
import dev.activations.files.TensorWriter;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.Optional;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code activations apply}: an activation over a file of any size. */
@Command(
    name = "apply",
    description = "Applies an activation, or its derivative, to every number of a file.",
    footer = {
      "",
      "Files are .npy, .npz, .safetensors, .csv (lines of numbers separated by",
      "commas) and .raw or .bin (nothing but elements), in any combination, told",
      "apart by their names or by --format and --to-format. Elements are float16,",
      "bfloat16, float32 or float64, and <out> has the type of <in>; integers want",
      "--as. Files are read in pieces and may be larger than the memory. <out>",
      "appears whole or not at all, and may be <in>. '-' is the standard input or",
      "output: what it was given when something fails it keeps, and the error and",
      "exit code 1 say so.",
      "",
      "Examples:",
      "  activations apply gelu x.npy y.npy",
      "  activations apply --derivative 'leaky_relu(slope=0.2)' x.csv y.npy",
      "  activations apply softmax --axis 0 logits.npy probabilities.csv",
      "  activations apply swiglu packed.npy y.npy",
      "  activations apply masked_softmax scores.npy weights.npy --mask mask.npy",
      "  activations apply 'gumbel_softmax(tau=0.5)' logits.npy sample.npy --seed 42",
      "  activations apply silu model.safetensors y.npz --tensor gate",
      "  activations apply relu counts.npy y.npy --as float32",
      "  activations apply gelu x.bin y.bin --dtype=bfloat16 --shape=64,1000",
      "  activations apply gelu - - --format=npy --to-format=npy <x.npy >y.npy",
    })
final class ApplyCommand implements Callable<Integer> {
  /** 16 MiB: large enough to keep a device busy, small enough for any machine. */
  static final int PIECE = 1 << 22;

  private static final Duration PATIENCE = Duration.ofSeconds(1);

  private final Screen screen;
  private final InputStream standardInput;
  private final DeviceSource devices;
  private final int pieceElements;

  @Parameters(
      index = "0",
      paramLabel = "<activation>",
      description =
          "A name of 'activations list', with parameters in parentheses if any, and"
              + " @<profile> for another library's defaults and kinks.")
  private String name;

  @Parameters(index = "1", paramLabel = "<in>", description = "The file to read, or -.")
  private String in;

  @Parameters(index = "2", paramLabel = "<out>", description = "The file to write, or -.")
  private String out;

  @Mixin private FileOptions files;

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

  @Mixin private DeviceOption device;

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
   * @param standardInput what {@code -} reads
   * @param pieceElements how many elements to hold in memory at a time
   */
  ApplyCommand(Screen screen, InputStream standardInput, DeviceSource devices, int pieceElements) {
    this.screen = screen;
    this.standardInput = standardInput;
    this.devices = devices;
    this.pieceElements = pieceElements;
  }

  @Override
  public Integer call() throws IOException {
    Direction direction = derivative ? Direction.DERIVATIVE : Direction.FORWARD;
    Op op = op(direction);
    files.check(in, out);
    try (TensorReader reader = files.reader(in, standardInput);
        TensorReader masks = mask == null ? null : files.besides(mask)) {
      if (masks != null) {
        checkMask(reader, masks);
      }
      int along = axis == null ? -1 : axis;
      StreamedApply apply =
          new StreamedApply(op, direction, reader.dtype(), along, reader.shape(), pieceElements);
      Choice choice = device.choose(devices);
      try (Output output = files.output(out, screen.out())) {
        try {
          long[] shape = apply.resultShape(along, reader.shape());
          TensorWriter writer = files.writer(output, out, reader, shape);
          run(apply, choice, reader, Optional.ofNullable(masks), writer);
          output.commit();
        } catch (IOException | RuntimeException e) {
          if (output instanceof PipeOutput pipe && pipe.written() > 0) {
            throw endsEarly(pipe, e);
          }
          throw e;
        }
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

  /** What went down a pipe cannot be taken back. */
  private static ActivationException endsEarly(PipeOutput pipe, Exception e) {
    return new ActivationException(
        "%s; the output ends early, after %d bytes".formatted(e.getMessage(), pipe.written()), e);
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
