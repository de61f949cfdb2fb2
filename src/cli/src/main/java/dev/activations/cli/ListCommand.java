package dev.activations.cli;

import com.fasterxml.jackson.jr.ob.JSON;
import dev.activations.api.Formula;
import java.io.IOException;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code activations list}: the table of activations. */
@Command(
    name = "list",
    description = "Shows every activation: formulas, parameters, special points, accuracy.",
    footer = {
      "",
      "Accuracy is the largest error over all float32 inputs at default parameters,",
      "in ULP: units in the last place of the true value. No device is used.",
      "A profile is what another library's conventions change; 'apply' takes it as in",
      "hard_tanh@jax.",
    })
final class ListCommand implements Callable<Integer> {
  private final Screen screen;

  @Parameters(
      arity = "0..*",
      paramLabel = "<activation>",
      description = "Only these. Default: all.")
  private List<String> names = List.of();

  @Option(names = "--json", description = "Write JSON, for programs.")
  private boolean json;

  @Option(
      names = {"-h", "--help"},
      usageHelp = true,
      description = "Show this help.")
  private boolean help;

  ListCommand(Screen screen) {
    this.screen = screen;
  }

  @Override
  public Integer call() throws IOException {
    List<Formula> formulas = Formulas.named(names);
    if (json) {
      screen
          .out()
          .println(
              JSON.std
                  .with(JSON.Feature.PRETTY_PRINT_OUTPUT)
                  .asString(formulas.stream().map(Description::map).toList()));
    } else {
      formulas.forEach(this::print);
    }
    return 0;
  }

  private void print(Formula formula) {
    Description.print(screen.out(), formula, Description.lines(formula));
  }
}
