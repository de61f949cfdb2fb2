package dev.activations.cli.train;

import dev.activations.Choice;
import dev.activations.api.Activation;
import dev.activations.api.Formula;
import dev.activations.api.Session;
import dev.activations.cli.DeviceOption;
import dev.activations.cli.DeviceSource;
import dev.activations.cli.Environment;
import dev.activations.cli.Formulas;
import dev.activations.cli.Progress;
import dev.activations.cli.Screen;
import dev.activations.cli.demo.Digits;
import dev.activations.cli.plot.Drawing;
import dev.activations.cli.plot.Palette;
import dev.activations.files.InputException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code activations train}: what an activation does to the gradient of a deep network. */
@Command(
    name = "train",
    description = "Trains deep networks that differ in their activation, and compares them.",
    footer = {
      "",
      "The networks read handwritten digits. Shows the gradient that reaches each",
      "layer, which vanishes with sigmoid, how the training goes, and units that die.",
      "The same seed gives the same numbers on every device. Takes about a minute.",
      "",
      "Examples:",
      "  activations train --report report",
      "  activations train relu 'leaky_relu(slope=0.1)' --rate 0.05 --depth 4",
      "  activations train sigmoid tanh relu --depth 20 --epochs 5 --device opencl",
    })
public final class TrainCommand implements Callable<Integer> {
  private static final Duration PATIENCE = Duration.ofSeconds(1);
  private static final int DEEPEST = 100;
  private static final int LONGEST = 10_000;

  private final Screen screen;
  private final DeviceSource devices;

  @Spec private CommandSpec spec;

  @Parameters(
      arity = "0..*",
      paramLabel = "<activation>",
      description =
          "Pointwise ones of 'activations list', with parameters in parentheses if any."
              + " Default: sigmoid tanh relu gelu selu.")
  private List<String> names = List.of("sigmoid", "tanh", "relu", "gelu", "selu");

  @Option(
      names = "--depth",
      paramLabel = "<n>",
      defaultValue = "8",
      description = "Hidden layers. Default: ${DEFAULT-VALUE}.")
  private int depth;

  @Option(
      names = "--epochs",
      paramLabel = "<n>",
      defaultValue = "20",
      description = "How often to learn from each image. Default: ${DEFAULT-VALUE}.")
  private int epochs;

  @Option(
      names = "--rate",
      paramLabel = "<x>",
      defaultValue = "0.01",
      description = "The learning rate. Default: ${DEFAULT-VALUE}.")
  private float rate;

  @Option(
      names = "--init",
      paramLabel = "<name>",
      description =
          "Start all networks alike, with weights of the variance of lecun, he or glorot."
              + " Default: what the literature recommends for each activation.")
  private String initialization;

  @Option(
      names = "--seed",
      paramLabel = "<n>",
      defaultValue = "1",
      description = "Of the weights and of the order of the images. Default: ${DEFAULT-VALUE}.")
  private long seed;

  @Mixin private DeviceOption device;

  @Option(
      names = "--report",
      paramLabel = "<directory>",
      description = "Write report.html, which needs no network, and the charts as .png here.")
  private Path report;

  @Option(
      names = {"-q", "--quiet"},
      description = "Show no progress.")
  private boolean quiet;

  @Option(
      names = {"-h", "--help"},
      usageHelp = true,
      description = "Show this help.")
  private boolean help;

  /** The command. */
  public TrainCommand(Screen screen, DeviceSource devices) {
    this.screen = screen;
    this.devices = devices;
  }

  @Override
  public Integer call() throws IOException {
    Map<String, Activation> activations = activations();
    Optional<Initialization> start = Optional.ofNullable(initialization).map(Initialization::named);
    checkOptions();
    if (report != null) {
      checkReport();
    }
    Digits digits = Digits.load().standardized();
    Training.Plan plan =
        new Training.Plan(
            depth,
            rate,
            seed,
            digits.range(0, Digits.TRAINED),
            digits.range(Digits.TRAINED, digits.count()));
    Choice choice = device.choose(devices);
    Map<String, String> facts = facts(plan, choice);
    facts.forEach((key, value) -> screen.out().printf("%-10s%s%n", key, value));
    List<Run> runs = train(activations, start, plan, choice);
    screen.out().printf("%n%s%n%s", RunTable.gradients(runs).text(), RunTable.results(runs).text());
    if (report != null) {
      Map<String, String> all = new LinkedHashMap<>(facts);
      all.putAll(Environment.versions());
      new TrainReport(all, runs).write(report);
      screen.out().printf("%nReport    %s%n", report.resolve("report.html"));
    }
    return 0;
  }

  /** Returns what to train, by the names that the user wrote. */
  private Map<String, Activation> activations() {
    Map<String, Activation> activations = Formulas.activations(names);
    for (Activation activation : activations.values()) {
      if (activation.formula().shape() != Formula.Shape.POINTWISE) {
        throw new InputException(
            "expected pointwise activations, which hidden layers of one shape can have, got %s"
                .formatted(activation.formula().stem()));
      }
    }
    Palette.check(activations.size());
    return activations;
  }

  private void checkOptions() {
    if (depth < 1 || depth > DEEPEST) {
      throw new InputException("--depth: expected 1 to %d, got %d".formatted(DEEPEST, depth));
    }
    if (epochs < 1 || epochs > LONGEST) {
      throw new InputException("--epochs: expected 1 to %d, got %d".formatted(LONGEST, epochs));
    }
    if (!(Float.isFinite(rate) && rate > 0)) {
      throw new InputException("--rate: expected a number above 0, got %s".formatted(rate));
    }
  }

  /** Tells before the work, which is long, that the report could not be written after it. */
  private void checkReport() throws IOException {
    Path existing = report.toAbsolutePath();
    while (existing.getParent() != null && !Files.exists(existing)) {
      existing = existing.getParent();
    }
    if (!Files.isDirectory(existing) || !Files.isWritable(existing)) {
      throw new InputException(
          "--report: expected a directory to write to, or one to make, got '%s'".formatted(report));
    }
    Drawing.check();
  }

  private List<Run> train(
      Map<String, Activation> activations,
      Optional<Initialization> forAll,
      Training.Plan plan,
      Choice choice) {
    List<Run> runs = new ArrayList<>();
    Screen watched = quiet ? screen.unwatched() : screen;
    int total = activations.size() * epochs;
    try (Progress progress = new Progress(watched, "train", total, " epochs", 1, PATIENCE)) {
      activations.forEach(
          (name, activation) -> {
            Initialization start = forAll.orElse(Initialization.of(activation));
            List<Snapshot> snapshots = new ArrayList<>();
            try (Session session = choice.open()) {
              Training training = new Training(session, activation, start, plan);
              snapshots.add(training.snapshot());
              for (int epoch = 1; epoch <= epochs; epoch++) {
                training.epoch();
                snapshots.add(training.snapshot());
                progress.at((long) runs.size() * epochs + epoch);
              }
            }
            runs.add(new Run(name, start, snapshots));
          });
    }
    return runs;
  }

  private Map<String, String> facts(Training.Plan plan, Choice choice) {
    Map<String, String> facts = new LinkedHashMap<>();
    facts.put(
        "Data",
        ("%d handwritten digits, 8x8 pixels (E. Alpaydin, C. Kaynak; UCI; CC BY 4.0): %d to learn"
                + " from, %d unseen")
            .formatted(
                plan.train().count() + plan.test().count(),
                plan.train().count(),
                plan.test().count()));
    facts.put(
        "Networks",
        "%d pixels, %d hidden layers of %d units, %d classes, log_softmax, cross entropy"
            .formatted(Digits.PIXELS, depth, Network.WIDTH, Digits.CLASSES));
    facts.put(
        "Training",
        "gradient descent, batches of %d, rate %s, momentum %s, %d epochs, seed %d"
            .formatted(Training.BATCH, rate, Training.MOMENTUM, epochs, seed));
    facts.put("Runs on", choice.toString());
    facts.put("Date", Instant.now().truncatedTo(ChronoUnit.SECONDS).toString());
    facts.put("Command", Environment.commandLine(spec));
    return facts;
  }
}
