package dev.activations.cli.bench;

import dev.activations.Choice;
import dev.activations.Decision;
import dev.activations.Decision.Candidate;
import dev.activations.Dispatcher;
import dev.activations.Estimate;
import dev.activations.Workload;
import dev.activations.api.Activation;
import dev.activations.api.Device;
import dev.activations.api.Direction;
import dev.activations.api.Dtype;
import dev.activations.api.Finding;
import dev.activations.api.Op;
import dev.activations.api.Session;
import dev.activations.cli.DeviceSource;
import dev.activations.cli.Formulas;
import dev.activations.cli.Screen;
import dev.activations.cli.bench.Crossover.Row;
import dev.activations.cli.bench.Crossover.Time;
import dev.activations.cli.plot.Chart;
import dev.activations.cli.plot.Drawing;
import dev.activations.cli.plot.Palette;
import dev.activations.cli.plot.Picture;
import dev.activations.files.AtomicFile;
import dev.activations.files.InputException;
import java.io.IOException;
import java.nio.FloatBuffer;
import java.nio.channels.Channels;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.function.ToDoubleFunction;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** {@code activations bench crossover}: where offloading begins to pay. */
@Command(
    name = "crossover",
    aliases = "--crossover",
    description = "Measures from which size on offloading data of the host pays.",
    footer = {
      "",
      "For each size stands what a forward pass takes on each device, the way there",
      "and back included: measured, and in parentheses as the dispatcher predicts it.",
      "Activations over an axis take rows of 1024.",
      "",
      "Example:",
      "  activations bench crossover --op gelu --out crossover.svg",
    })
final class CrossoverCommand implements Callable<Integer> {
  private static final Timing WARM = new Timing(0);
  private static final int WIDTH = 900;
  private static final int HEIGHT = 600;

  private final Screen screen;
  private final DeviceSource devices;

  @Spec private CommandSpec spec;

  @Option(
      names = "--op",
      split = BenchCommand.BETWEEN,
      splitSynopsisLabel = ",",
      paramLabel = "<activation>",
      defaultValue = "relu,gelu,softmax",
      description = "What to run, with commas between. Default: ${DEFAULT-VALUE}.")
  private List<String> names;

  @Option(
      names = "--up-to",
      paramLabel = "<elements>",
      defaultValue = "16777216",
      description = "The largest size, 65536 or more. Default: ${DEFAULT-VALUE}.")
  private long largest;

  @Option(
      names = "--warm-up",
      paramLabel = "<seconds>",
      defaultValue = "1",
      description =
          "Run each activation until it was not much faster for this long. Default:"
              + " ${DEFAULT-VALUE}.")
  private double warmUp;

  @Option(
      names = {"-o", "--out"},
      paramLabel = "<file>",
      description = "Draw the measured times, and dashed the predicted ones: .png or .svg.")
  private Path out;

  @Option(
      names = {"-h", "--help"},
      usageHelp = true,
      description = "Show this help.")
  private boolean help;

  CrossoverCommand(Screen screen, DeviceSource devices) {
    this.screen = screen;
    this.devices = devices;
  }

  @Override
  public Integer call() throws IOException {
    BenchCommand.checkAlone(spec);
    if (largest < Dispatcher.LEAST || largest > 1 << 28) {
      throw new InputException(
          "--up-to: expected a number from %d to %d, got %d"
              .formatted(Dispatcher.LEAST, 1 << 28, largest));
    }
    BenchCommand.checkWarmUp(warmUp);
    Map<String, Activation> activations = Formulas.activations(names);
    if (out == null) {
      measure(activations);
      return 0;
    }
    Picture picture = Picture.of(out);
    try (AtomicFile file = new AtomicFile(out)) {
      Map<String, Crossover> measured = measure(activations);
      Drawing.run(() -> draw(measured).write(picture, Channels.newOutputStream(file.channel())));
      file.commit();
    }
    return 0;
  }

  private Map<String, Crossover> measure(Map<String, Activation> activations) {
    Map<String, Crossover> all = new LinkedHashMap<>();
    Choice home = devices.forHostData();
    try (Dispatcher dispatcher = Dispatcher.among(home, devices.findings())) {
      activations.forEach((name, each) -> all.put(name, measure(each, dispatcher)));
    }
    return all;
  }

  private Crossover measure(Activation activation, Dispatcher dispatcher) {
    try (Session session = dispatcher.home().open()) {
      Op op = workload(activation, Dispatcher.LEAST).op();
      float[] x = new float[(int) Dispatcher.LEAST];
      new Timing(warmUp).of(() -> session.forward(op, x));
    }
    dispatcher.measure(workload(activation, Dispatcher.LEAST));
    Decision first = dispatcher.explain(workload(activation, Dispatcher.LEAST));
    List<String> ids = new ArrayList<>(List.of(dispatcher.home().device().id()));
    for (Candidate candidate : first.candidates()) {
      if (candidate.estimate().isEmpty()) {
        screen.err().println(candidate);
      } else if (!ids.contains(candidate.id())) {
        ids.add(candidate.id());
      }
    }
    print("%s forward, milliseconds measured (predicted)", activation);
    print("%12s%s  fastest", "elements", columns(ids));
    List<Session> sessions = new ArrayList<>();
    List<Row> rows = new ArrayList<>();
    try {
      ids.forEach(id -> sessions.add(device(id, dispatcher).open()));
      for (long count = Dispatcher.LEAST; count <= largest; count *= 2) {
        Row row = row(workload(activation, count), dispatcher, ids, sessions);
        rows.add(row);
        List<String> times = row.times().stream().map(Time::toString).toList();
        print("%,12d%s  %s", count, columns(times), ids.get(row.fastest()));
      }
    } finally {
      sessions.forEach(Session::close);
    }
    Crossover measured = new Crossover(ids, rows);
    print(
        "%s%n",
        measured
            .pays()
            .map(
                row ->
                    "Offloading %s begins to pay at %,d elements, on %s."
                        .formatted(activation, row.count(), ids.get(row.fastest())))
            .orElse(
                "Offloading %s does not pay up to %,d elements.".formatted(activation, largest)));
    return measured;
  }

  private static Workload workload(Activation activation, long count) {
    Case each = new Case(activation, Direction.FORWARD, Dtype.F32, Place.HOST, count);
    return Workload.of(each.op(), Direction.FORWARD, each.count());
  }

  private Device device(String id, Dispatcher dispatcher) {
    return devices.findings().stream()
        .filter(finding -> finding.id().equals(id))
        .map(Finding::device)
        .findFirst()
        .flatMap(device -> device)
        .orElseGet(() -> dispatcher.home().device());
  }

  private static Row row(
      Workload workload, Dispatcher dispatcher, List<String> ids, List<Session> sessions) {
    List<Candidate> candidates = dispatcher.explain(workload).candidates();
    FloatBuffer x = FloatBuffer.allocate(Math.toIntExact(workload.count()));
    for (int i = 0; i < x.capacity(); i++) {
      x.put(i, (i % 127 - 63) / 16f);
    }
    FloatBuffer y = FloatBuffer.allocate((int) (workload.bytesOut() / Float.BYTES));
    List<Time> times = new ArrayList<>();
    for (int i = 0; i < ids.size(); i++) {
      String id = ids.get(i);
      Session session = sessions.get(i);
      double predicted =
          candidates.stream()
              .filter(candidate -> candidate.id().equals(id))
              .flatMap(candidate -> candidate.estimate().stream())
              .mapToDouble(Estimate::seconds)
              .findFirst()
              .orElse(Double.NaN);
      times.add(new Time(predicted, WARM.of(() -> session.forward(workload.op(), x, y)).median()));
    }
    return new Row(workload.count(), times);
  }

  private static Chart draw(Map<String, Crossover> all) {
    Chart chart = new Chart("", "elements", "milliseconds", WIDTH, HEIGHT);
    chart.scaleByFactors();
    chart.scaleXByFactors();
    int color = 0;
    for (Map.Entry<String, Crossover> each : all.entrySet()) {
      Crossover crossover = each.getValue();
      double[] x = crossover.rows().stream().mapToDouble(Row::count).toArray();
      for (int i = 0; i < crossover.devices().size(); i++) {
        String label = each.getKey() + " on " + crossover.devices().get(i);
        int paint = Palette.color(color++ % Palette.size());
        chart.add(label, x, milliseconds(crossover, i, Time::measured), paint);
        chart.add(
            label + ", predicted", x, milliseconds(crossover, i, Time::predicted), paint, true);
      }
    }
    return chart;
  }

  private static double[] milliseconds(
      Crossover crossover, int device, ToDoubleFunction<Time> which) {
    return crossover.rows().stream()
        .mapToDouble(row -> 1e3 * which.applyAsDouble(row.times().get(device)))
        .toArray();
  }

  private static String columns(List<String> cells) {
    StringBuilder line = new StringBuilder();
    cells.forEach(cell -> line.append("%22s".formatted(cell)));
    return line.toString();
  }

  private void print(String format, Object... arguments) {
    screen.out().println(String.format(Locale.ROOT, format, arguments));
  }
}
