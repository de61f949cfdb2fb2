package dev.activations.cli.train;

import dev.activations.cli.Html;
import dev.activations.cli.plot.Chart;
import dev.activations.cli.plot.Drawing;
import dev.activations.cli.plot.Figure;
import dev.activations.cli.plot.Palette;
import dev.activations.cli.plot.Picture;
import dev.activations.files.AtomicFile;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import java.util.function.ToDoubleFunction;
import java.util.stream.IntStream;

/**
 * What the networks came to, as a page with charts and as pictures.
 *
 * @param facts what ran where, when and how
 * @param runs the networks
 */
record TrainReport(Map<String, String> facts, List<Run> runs) {
  private static final int WIDTH = 900;
  private static final int HEIGHT = 540;

  /** Writes {@code report.html} and the pictures; each file appears whole or not at all. */
  void write(Path directory) throws IOException {
    Map<String, byte[]> files = new LinkedHashMap<>();
    Drawing.run(
        () -> {
          List<Figure> figures = figures();
          for (Figure figure : figures) {
            files.put(figure.stem() + ".png", figure.drawn(Picture.PNG));
          }
          files.put("report.html", html(figures).getBytes(StandardCharsets.UTF_8));
        });
    Files.createDirectories(directory);
    List<AtomicFile> written = new ArrayList<>();
    try {
      for (Map.Entry<String, byte[]> file : files.entrySet()) {
        AtomicFile each = new AtomicFile(directory.resolve(file.getKey()));
        written.add(each);
        each.write(file.getValue());
      }
      for (AtomicFile each : written) {
        each.commit();
      }
    } finally {
      for (AtomicFile each : written) {
        each.close();
      }
    }
  }

  private List<Figure> figures() {
    return List.of(
        byLayer(
            "gradients-before",
            "Gradient that reaches each hidden layer, before training",
            Run::first,
            "Layer 1 is next to the pixels, and the gradient comes from the right. Where a line"
                + " falls to the left, each layer passes on less than it gets: the gradient"
                + " vanishes."),
        byLayer(
            "gradients-after",
            "Gradient that reaches each hidden layer, after training",
            Run::last,
            "The same after the last epoch. All gradients of a network that has learnt are small,"
                + " because little is left to learn; what tells is the slope of the line."),
        byEpoch(
            "first-layer",
            "Gradient that reaches the first hidden layer",
            true,
            snapshot -> snapshot.gradients()[0],
            "What the layer next to the pixels has to learn from."),
        byEpoch(
            "loss",
            "Cross entropy of the images to learn from",
            true,
            Snapshot::loss,
            "A network that says every digit is equally likely has log 10 = 2.30."),
        byEpoch(
            "accuracy",
            "Unseen images that are read right, in percent",
            false,
            snapshot -> 100 * snapshot.accuracy(),
            "A guess is right one time in ten. Differences of one or two percent may be chance."),
        byEpoch(
            "dead-units",
            "Dead units",
            false,
            Snapshot::allDead,
            "Units of all hidden layers whose slope is 0 for every image to learn from. No"
                + " gradient reaches their weights, but layers below may still bring them back."));
  }

  private Figure byLayer(String stem, String title, Function<Run, Snapshot> when, String caption) {
    Chart chart = new Chart(title, "hidden layer", "", WIDTH, HEIGHT);
    chart.scaleByFactors();
    for (int i = 0; i < runs.size(); i++) {
      double[] gradients = when.apply(runs.get(i)).gradients();
      double[] layers = IntStream.rangeClosed(1, gradients.length).asDoubleStream().toArray();
      chart.add(runs.get(i).name(), layers, gradients, Palette.color(i));
    }
    return new Figure(stem, title, caption, chart);
  }

  private Figure byEpoch(
      String stem,
      String title,
      boolean byFactors,
      ToDoubleFunction<Snapshot> value,
      String caption) {
    Chart chart = new Chart(title, "epoch", "", WIDTH, HEIGHT);
    if (byFactors) {
      chart.scaleByFactors();
    }
    for (int i = 0; i < runs.size(); i++) {
      List<Snapshot> snapshots = runs.get(i).snapshots();
      double[] epochs = IntStream.range(0, snapshots.size()).asDoubleStream().toArray();
      double[] values = snapshots.stream().mapToDouble(value).toArray();
      chart.add(runs.get(i).name(), epochs, values, Palette.color(i));
    }
    return new Figure(stem, title, caption, chart);
  }

  private String html(List<Figure> figures) throws IOException {
    StringBuilder body = new StringBuilder("<h1>Activations, measured</h1>\n");
    body.append(
        """
        <p>Deep networks that differ in the activation of their hidden layers, and in the variance
        of the weights that they start with where the literature recommends another (init). All
        else is the same: data, order of the images, random numbers, depth, width and training. A
        gradient is that of one image's loss with respect to a layer's pre-activations; its size is
        the Euclidean norm, root mean square over the images to learn from. On its way back through
        a layer it is multiplied by the slope of the activation and by the weights.</p>
        """);
    body.append(Html.definitions(facts));
    body.append(RunTable.results(runs).html());
    for (Figure figure : figures) {
      body.append(figure.html());
    }
    body.append(RunTable.gradients(runs).html());
    body.append(RunTable.slopes(runs).html());
    body.append(RunTable.dead(runs).html());
    return Html.page("Activations, measured", body.toString());
  }
}
