package dev.activations.cli.bench;

import dev.activations.api.ActivationException;
import dev.activations.api.Device;
import dev.activations.api.DeviceUnavailableException;
import dev.activations.api.Direction;
import dev.activations.api.Dtype;
import dev.activations.api.Finding;
import dev.activations.cli.DeviceSource;
import dev.activations.cli.Environment;
import dev.activations.cli.Formulas;
import dev.activations.cli.Progress;
import dev.activations.cli.ReportFiles;
import dev.activations.cli.Screen;
import dev.activations.cli.bench.Report.Measured;
import dev.activations.cli.plot.Drawing;
import dev.activations.files.InputException;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Function;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Model.OptionSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** {@code activations bench}: compares devices by the clock. */
@Command(
    name = "bench",
    description = "Measures devices against each other, and each against its own copy.",
    synopsisSubcommandLabel = "[<command>]",
    footer = {
      "",
      "A number is the median of several runs after a warm-up, in GB/s read and",
      "written, with the spread of the runs, and the share of a copy of as many bytes",
      "in the same place. Passes over data on a device are enqueued, and the last is",
      "waited for; data on the host is taken there and back. Activations over an axis",
      "take rows of 1024; gates are packed in them. Takes some minutes.",
      "",
      "Examples:",
      "  activations bench --report here.html --report here.json",
      "  activations bench --op gelu --dtype float32,bfloat16 --size 1000000",
      "  activations bench compare here.json there.json",
    })
public final class BenchCommand implements Callable<Integer> {
  /** The comma between activations, but not between the parameters of one. */
  static final String BETWEEN = ",(?![^(]*\\))";

  private static final Duration PATIENCE = Duration.ofSeconds(1);
  private static final long LARGEST = 1L << 40;
  private static final int LONGEST = 60;

  private final Screen screen;
  private final DeviceSource devices;

  @Spec private CommandSpec spec;

  @Option(
      names = "--op",
      split = BETWEEN,
      splitSynopsisLabel = ",",
      paramLabel = "<activation>",
      defaultValue = "relu,gelu,silu,sigmoid,tanh,softmax,swiglu",
      description = "What to run, with commas between. Default: ${DEFAULT-VALUE}.")
  private List<String> names;

  @Option(
      names = "--direction",
      split = ",",
      paramLabel = "<direction>",
      defaultValue = "forward,backward",
      description = "forward, derivative or backward. Default: ${DEFAULT-VALUE}.")
  private List<String> directions;

  @Option(
      names = "--dtype",
      split = ",",
      paramLabel = "<type>",
      defaultValue = "float32",
      description = "float32, float64, float16 or bfloat16. Default: ${DEFAULT-VALUE}.")
  private List<String> dtypes;

  @Option(
      names = "--data",
      split = ",",
      paramLabel = "<place>",
      defaultValue = "device,host",
      description = "Where the data lives: device or host. Default: ${DEFAULT-VALUE}.")
  private List<String> places;

  @Option(
      names = "--size",
      split = ",",
      paramLabel = "<elements>",
      defaultValue = "1024,131072,16777216",
      description = "How many elements a pass has. Default: ${DEFAULT-VALUE}.")
  private List<Long> sizes;

  @Option(
      names = "--device",
      split = ",",
      paramLabel = "<selector>",
      description =
          "Only these devices: ids, back ends, types or parts of names of 'activations devices'."
              + " Default: all that can be used.")
  private List<String> selectors = List.of();

  @Option(
      names = "--warm-up",
      paramLabel = "<seconds>",
      defaultValue = "1",
      description =
          "Run each pass until it was not much faster for this long, and then measure it. Default:"
              + " ${DEFAULT-VALUE}.")
  private double warmUp;

  @Option(
      names = "--report",
      paramLabel = "<file>",
      description =
          "Write a report: .html, with charts, .md, .json, which 'compare' reads, or .jmh.json, as"
              + " JMH writes it. May stand several times.")
  private List<Path> reports = List.of();

  @Option(
      names = {"-q", "--quiet"},
      description = "Show no progress.")
  private boolean quiet;

  @Option(
      names = {"-h", "--help"},
      usageHelp = true,
      description = "Show this help.")
  private boolean help;

  private BenchCommand(Screen screen, DeviceSource devices) {
    this.screen = screen;
    this.devices = devices;
  }

  /** Returns the command, with those below it. */
  public static CommandLine of(Screen screen, DeviceSource devices) {
    return new CommandLine(new BenchCommand(screen, devices))
        .addSubcommand(new CrossoverCommand(screen, devices))
        .addSubcommand(new ShowCommand(screen))
        .addSubcommand(new CompareCommand(screen));
  }

  /**
   * Checks that no option stands before a command below this one, where it would have no effect.
   *
   * @throws InputException if there is one
   */
  static void checkAlone(CommandSpec below) {
    List<OptionSpec> before = below.parent().commandLine().getParseResult().matchedOptions();
    if (!before.isEmpty()) {
      throw new InputException(
          "expected options after '%s', got %s before"
              .formatted(below.name(), before.get(0).longestName()));
    }
  }

  /**
   * Checks the seconds of a warm-up.
   *
   * @throws InputException if there are too few or too many
   */
  static void checkWarmUp(double seconds) {
    if (!(seconds >= 0 && seconds <= LONGEST)) {
      throw new InputException("--warm-up: expected 0 to %d, got %s".formatted(LONGEST, seconds));
    }
  }

  @Override
  public Integer call() throws IOException {
    Plan plan = plan();
    checkWarmUp(warmUp);
    List<String> notes = new ArrayList<>();
    List<Device> chosen = devices(notes);
    try (ReportFiles<Report> files = new ReportFiles<>(reports, Report.FORMS)) {
      if (files.have(Report.HTML)) {
        Drawing.check();
      }
      List<Row> rows = new ArrayList<>();
      Instant start = Instant.now().truncatedTo(ChronoUnit.SECONDS);
      boolean allWell = measure(plan, chosen, rows, notes);
      Report report =
          new Report(
              start,
              Environment.commandLine(spec),
              warmUp,
              Environment.versions(),
              chosen.stream().map(Measured::of).toList(),
              notes,
              rows);
      screen.out().print(report.text());
      files.write(report);
      return allWell ? 0 : 1;
    }
  }

  private Plan plan() {
    for (long size : sizes) {
      if (size < 1 || size > LARGEST) {
        throw new InputException("--size: expected 1 to %d, got %d".formatted(LARGEST, size));
      }
    }
    return new Plan(
        Formulas.activations(names).values().stream().distinct().toList(),
        named("--direction", directions, Direction::stem, Plan.DIRECTIONS),
        named("--dtype", dtypes, Dtype::label, List.of(Dtype.values())),
        named("--data", places, Place::label, List.of(Place.values())),
        sizes.stream().distinct().sorted().toList());
  }

  private static <T> List<T> named(
      String option, List<String> names, Function<T, String> label, List<T> all) {
    return names.stream()
        .map(
            name ->
                all.stream()
                    .filter(each -> label.apply(each).equals(name))
                    .findFirst()
                    .orElseThrow(
                        () ->
                            new InputException(
                                "%s: expected one of %s, got '%s'"
                                    .formatted(option, all.stream().map(label).toList(), name))))
        .distinct()
        .toList();
  }

  /** Returns the devices to measure, and notes why others are not. */
  private List<Device> devices(List<String> notes) {
    if (!selectors.isEmpty()) {
      return selectors.stream().map(each -> devices.choose(each).device()).distinct().toList();
    }
    List<Finding> findings = devices.findings();
    findings.stream().filter(each -> !each.isUsable()).map(Finding::toString).forEach(notes::add);
    List<Device> usable = findings.stream().flatMap(each -> each.device().stream()).toList();
    if (usable.isEmpty()) {
      throw new DeviceUnavailableException("any", findings);
    }
    return usable;
  }

  /** Returns whether no device failed. */
  private boolean measure(Plan plan, List<Device> chosen, List<Row> rows, List<String> notes) {
    Screen watched = quiet ? screen.unwatched() : screen;
    long passes = plan.groups().stream().mapToLong(group -> group.cases().size()).sum();
    AtomicLong done = new AtomicLong();
    boolean allWell = true;
    try (Progress progress =
        new Progress(watched, "bench", passes * chosen.size(), " passes", 1, PATIENCE)) {
      Bench bench = new Bench(plan, warmUp, () -> progress.at(done.incrementAndGet()));
      List<Device> ready =
          chosen.stream()
              .filter(device -> attempt(() -> bench.check(device), device, notes))
              .toList();
      for (Device device : ready) {
        allWell &= attempt(() -> bench.measure(device, rows::add, notes::add), device, notes);
      }
      allWell &= ready.size() == chosen.size();
    }
    if (rows.isEmpty() && allWell) {
      throw new InputException("nothing can be measured: " + String.join("; ", notes));
    }
    return allWell;
  }

  /** Returns whether the device did not fail. */
  private static boolean attempt(Runnable work, Device device, List<String> notes) {
    try {
      work.run();
      return true;
    } catch (ActivationException e) {
      notes.add("%s failed: %s".formatted(device.id(), e.getMessage()));
      return false;
    }
  }
}
