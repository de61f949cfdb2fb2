package dev.activations.cli.plot;

import dev.activations.Choice;
import dev.activations.api.Activation;
import dev.activations.api.Formula;
import dev.activations.api.Kind;
import dev.activations.api.Kink;
import dev.activations.api.Op;
import dev.activations.api.Session;
import dev.activations.api.SpecialPoint;
import dev.activations.cli.DeviceOption;
import dev.activations.cli.DeviceSource;
import dev.activations.cli.Formulas;
import dev.activations.cli.Screen;
import dev.activations.files.AtomicFile;
import dev.activations.files.InputException;
import java.io.IOException;
import java.nio.channels.Channels;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code activations plot}: the curves of activations and of their derivatives. */
@Command(
    name = "plot",
    description = "Draws activations and their derivatives, several in one chart.",
    footer = {
      "",
      "The values are the library's own, computed on the device. A curve has a gap",
      "where the function jumps or is not finite, and a dot where a value stands",
      "alone. <file> appears whole or not at all.",
      "",
      "Examples:",
      "  activations plot --both sigmoid tanh --out vanishing.svg",
      "  activations plot relu gelu 'leaky_relu(slope=0.1)' --from=-3 --out y.png",
      "  activations plot --derivative hard_swish hard_swish@pytorch --out kinks.png",
    })
public final class PlotCommand implements Callable<Integer> {
  private static final Pattern SIZE = Pattern.compile("(\\d{1,5})x(\\d{1,5})");
  private static final int SMALLEST = 200;
  private static final int LARGEST = 10_000;

  /** The height of a line of the legend. */
  private static final int LEGEND = 25;

  /** What is drawn of one function. */
  private record Line(String label, Curve curve, int color, boolean dashed) {}

  private final Screen screen;
  private final DeviceSource devices;

  @Parameters(
      arity = "1..*",
      paramLabel = "<activation>",
      description =
          "Pointwise ones of 'activations list', with parameters in parentheses if any, and"
              + " @<profile> for another library's defaults and kinks.")
  private List<String> names;

  @Option(
      names = {"-o", "--out"},
      required = true,
      paramLabel = "<file>",
      description = "Write the picture here: .png or .svg.")
  private Path out;

  @Option(names = "--derivative", description = "Draw f'(x) instead of f(x).")
  private boolean derivative;

  @Option(names = "--both", description = "Draw f(x), and f'(x) dashed in the same colour.")
  private boolean both;

  @Option(
      names = "--from",
      paramLabel = "<x>",
      defaultValue = "-6",
      description = "Where the x axis begins. Default: ${DEFAULT-VALUE}.")
  private float from;

  @Option(
      names = "--to",
      paramLabel = "<x>",
      defaultValue = "6",
      description = "Where the x axis ends. Default: ${DEFAULT-VALUE}.")
  private float to;

  @Option(
      names = "--size",
      paramLabel = "<width>x<height>",
      defaultValue = "900x600",
      description = "In pixels. Default: ${DEFAULT-VALUE}.")
  private String size;

  @Option(names = "--title", paramLabel = "<text>", description = "Write this above the chart.")
  private String title = "";

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

  /** The command. */
  public PlotCommand(Screen screen, DeviceSource devices) {
    this.screen = screen;
    this.devices = devices;
  }

  @Override
  public Integer call() throws IOException {
    Map<String, Activation> activations = activations();
    checkOptions();
    Picture picture = Picture.of(out);
    int[] pixels = pixels(activations.size() * (both ? 2 : 1));
    Choice choice = device.choose(devices);
    try (AtomicFile file = new AtomicFile(out)) {
      List<Line> lines = lines(activations, choice, pixels[0]);
      draw(lines, pixels, picture, file);
      file.commit();
    }
    if (!quiet) {
      screen
          .err()
          .printf("%s: %s ran on %s%n", out, String.join(", ", activations.keySet()), choice);
    }
    return 0;
  }

  /** Returns what to draw, by the names that the user wrote. */
  private Map<String, Activation> activations() {
    Map<String, Activation> activations = Formulas.activations(names);
    for (Activation activation : activations.values()) {
      Formula formula = activation.formula();
      if (formula.shape() != Formula.Shape.POINTWISE) {
        throw new InputException(
            "expected pointwise activations, got %s, which has no curve: a result depends on more"
                    .formatted(formula.stem())
                + " than one input");
      }
    }
    Palette.check(activations.size());
    return activations;
  }

  private void checkOptions() {
    if (derivative && both) {
      throw new InputException("expected --derivative or --both, got both of them");
    }
    if (!(Float.isFinite(from) && Float.isFinite(to) && from < to)) {
      throw new InputException(
          "expected finite numbers with --from below --to, got %s and %s".formatted(from, to));
    }
  }

  /** Returns width and height, in which a legend of so many lines leaves room for the curves. */
  private int[] pixels(int curves) {
    Matcher numbers = SIZE.matcher(size);
    int width = numbers.matches() ? Integer.parseInt(numbers.group(1)) : 0;
    int height = numbers.matches() ? Integer.parseInt(numbers.group(2)) : 0;
    int lowest = SMALLEST + LEGEND * curves;
    if (width < SMALLEST || height < lowest || Math.max(width, height) > LARGEST) {
      throw new InputException(
          "--size: expected <width>x<height>, from %1$dx%2$d for %3$d curve(s) to %4$dx%4$d, got '%5$s'"
              .formatted(SMALLEST, lowest, curves, LARGEST, size));
    }
    return new int[] {width, height};
  }

  private List<Line> lines(Map<String, Activation> activations, Choice choice, int intervals) {
    List<Line> lines = new ArrayList<>();
    try (Session session = choice.open()) {
      int color = 0;
      for (Map.Entry<String, Activation> each : activations.entrySet()) {
        String name = each.getKey();
        Op op = Op.of(each.getValue());
        List<Float> marks = marks(each.getValue());
        if (!derivative) {
          Curve curve = Curve.of(x -> session.forward(op, x), from, to, intervals, marks);
          lines.add(line(name, curve, Palette.color(color), false));
        }
        if (derivative || both) {
          Curve curve = Curve.of(x -> session.derivative(op, x), from, to, intervals, marks);
          lines.add(line(name + ", derivative", curve, Palette.color(color), both));
        }
        color++;
      }
    }
    return lines;
  }

  /** Returns where values may stand alone: the derivative of abs is 0 at 0. */
  private static List<Float> marks(Activation activation) {
    List<Float> marks = new ArrayList<>();
    activation.kinks().stream().map(Kink::x).map(Double::floatValue).forEach(marks::add);
    if (activation.formula() instanceof Kind kind) {
      kind.specialPoints().stream()
          .map(SpecialPoint::x)
          .filter(Float::isFinite)
          .forEach(marks::add);
    }
    return marks;
  }

  private Line line(String label, Curve curve, int color, boolean dashed) {
    if (!curve.isVisible()) {
      throw new InputException(
          "%s is nowhere finite from %s to %s; choose another range".formatted(label, from, to));
    }
    return new Line(label, curve, color, dashed);
  }

  private void draw(List<Line> lines, int[] pixels, Picture picture, AtomicFile file)
      throws IOException {
    Drawing.run(
        () -> {
          Chart chart = new Chart(title, "x", "", pixels[0], pixels[1]);
          for (Line line : lines) {
            chart.add(line.label(), line.curve(), line.color(), line.dashed());
          }
          chart.write(picture, Channels.newOutputStream(file.channel()));
        });
  }
}
