package dev.activations.cli.demo;

import dev.activations.Choice;
import dev.activations.api.Session;
import dev.activations.cli.DeviceSource;
import dev.activations.cli.Screen;
import dev.activations.cli.bench.Timing;
import java.io.IOException;
import java.util.Locale;
import java.util.concurrent.Callable;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** {@code activations demo}: a real batch on the best device, and the same bits on all others. */
@Command(
    name = "demo",
    description = "Reads handwritten digits on the best device, and compares all devices.",
    footer = {
      "",
      "Shows what ran where and why, the first results, how fast each device is against",
      "a plain copy, and that each gives the same bits.",
    })
public final class DemoCommand implements Callable<Integer> {
  private static final int SHOWN_IMAGES = 3;
  private static final int SHOWN_UNITS = 6;

  private final Screen screen;
  private final DeviceSource devices;

  @Option(
      names = "--device",
      paramLabel = "<selector>",
      description = "Run on this device: an id, back end, type or part of a name.")
  private String selector;

  @Option(
      names = "--elements",
      paramLabel = "<n>",
      defaultValue = "16777216",
      description = "Repeat the batch up to about this size to measure. Default: ${DEFAULT-VALUE}.")
  private int elements;

  @Option(
      names = "--warm-up",
      paramLabel = "<seconds>",
      defaultValue = "1",
      description =
          "Run until it was not much faster for this long before each measurement. Default:"
              + " ${DEFAULT-VALUE}.")
  private double warmUp;

  @Option(
      names = {"-h", "--help"},
      usageHelp = true,
      description = "Show this help.")
  private boolean help;

  /** The command, with where it writes and where its devices come from. */
  public DemoCommand(Screen screen, DeviceSource devices) {
    this.screen = screen;
    this.devices = devices;
  }

  @Override
  public Integer call() throws IOException {
    Digits digits = Digits.load();
    Network network = Network.load();
    print(
        "Data     %d handwritten digits, 8x8 pixels (E. Alpaydin, C. Kaynak; UCI; CC BY 4.0)",
        digits.count());
    print(
        "Network  %d -> %d, gelu -> %d, softmax; trained on the first %d images",
        network.hidden().inputs(),
        network.hidden().outputs(),
        network.output().outputs(),
        Digits.TRAINED);
    print("");
    Choice choice = selector == null ? devices.best() : devices.choose(selector);
    print("Found");
    choice.findings().forEach(finding -> print("  %s", finding));
    print("Runs on  %s", choice);
    print("");
    Network.Pass pass;
    try (Session session = choice.open()) {
      pass = network.run(session, digits);
    }
    show(digits, network, pass);
    Comparison comparison = new Comparison(screen, repeat(pass.before()), new Timing(warmUp));
    return comparison.run(choice.findings()) ? 0 : 1;
  }

  private void show(Digits digits, Network network, Network.Pass pass) {
    print("gelu of the %d pre-activations of the hidden layer; first rows:", pass.before().length);
    for (int image = 0; image < SHOWN_IMAGES; image++) {
      int row = image * network.hidden().outputs();
      print("  image %d  x  %s ...", image, numbers(pass.before(), row));
      print("           y  %s ...", numbers(pass.after(), row));
    }
    print("softmax of the %d pre-activations of the output layer:", pass.probabilities().length);
    for (int image = 0; image < SHOWN_IMAGES; image++) {
      int read = pass.prediction(image);
      print(
          "  image %d  shows %d, is read as %d with probability %.4f",
          image, digits.labels()[image], read, pass.probability(image, read));
    }
    int unseen = digits.count() - Digits.TRAINED;
    int right = pass.right(digits, Digits.TRAINED, digits.count());
    print(
        "  %.1f %% of the %d images that training did not see are read right",
        100.0 * right / unseen, unseen);
    print("");
  }

  private float[] repeat(float[] batch) {
    int times = Math.max(1, elements / batch.length);
    float[] values = new float[times * batch.length];
    for (int i = 0; i < times; i++) {
      System.arraycopy(batch, 0, values, i * batch.length, batch.length);
    }
    return values;
  }

  private static String numbers(float[] values, int from) {
    return IntStream.range(from, from + SHOWN_UNITS)
        .mapToObj(i -> String.format(Locale.ROOT, "%9.5f", values[i]))
        .collect(Collectors.joining(" "));
  }

  private void print(String format, Object... values) {
    screen.out().println(String.format(Locale.ROOT, format, values));
  }
}
