package dev.activations.cli;

import com.fasterxml.jackson.jr.ob.JSON;
import dev.activations.api.Formula;
import dev.activations.api.Kind;
import dev.activations.api.Vocabulary;
import dev.activations.cli.Advice.Explanation;
import dev.activations.cli.Description.Line;
import java.io.IOException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code activations explain}: all that there is to say about an activation. */
@Command(
    name = "explain",
    description = "Explains activations: what they are for, their troubles, their names elsewhere.",
    footer = {
      "",
      "The other lines are those of 'activations list'. 'activations plot' draws the",
      "curves, and 'activations recommend' says which activation to take.",
    })
final class ExplainCommand implements Callable<Integer> {
  private final Screen screen;

  @Parameters(arity = "1..*", paramLabel = "<activation>", description = "What to explain.")
  private List<String> names;

  @Option(names = "--json", description = "Write JSON, for programs.")
  private boolean json;

  @Option(
      names = {"-h", "--help"},
      usageHelp = true,
      description = "Show this help.")
  private boolean help;

  ExplainCommand(Screen screen) {
    this.screen = screen;
  }

  @Override
  public Integer call() throws IOException {
    List<Map<String, Object>> maps = new ArrayList<>();
    for (Formula formula : Formulas.named(names)) {
      Optional<Explanation> explanation = Advice.of(formula);
      if (json) {
        maps.add(map(formula, explanation));
      } else {
        Description.print(screen.out(), formula, lines(formula, explanation));
      }
    }
    if (json) {
      screen.out().println(JSON.std.with(JSON.Feature.PRETTY_PRINT_OUTPUT).asString(maps));
    }
    return 0;
  }

  private static List<Line> lines(Formula formula, Optional<Explanation> explanation) {
    List<Line> table = Description.lines(formula);
    List<Line> lines = new ArrayList<>(table.subList(0, 2));
    explanation.ifPresent(
        said -> {
          lines.add(new Line("range", said.range()));
          lines.add(new Line("for", said.use()));
          said.troubles()
              .forEach((trouble, text) -> lines.add(new Line("trouble", trouble + ". " + text)));
        });
    lines.addAll(table.subList(2, table.size()));
    namesElsewhere(formula)
        .forEach(
            (library, spelled) -> lines.add(new Line("in " + library, String.join(", ", spelled))));
    return lines;
  }

  private static Map<String, Object> map(Formula formula, Optional<Explanation> explanation) {
    Map<String, Object> map = Description.map(formula);
    explanation.ifPresent(
        said -> {
          map.put("range", said.range());
          map.put("use", said.use());
          map.put("troubles", said.troubles());
        });
    map.put("names", namesElsewhere(formula));
    return map;
  }

  /** Returns what other libraries call it, of those that have it. */
  private static Map<String, List<String>> namesElsewhere(Formula formula) {
    Map<String, List<String>> names = new LinkedHashMap<>();
    if (formula instanceof Kind kind) {
      for (Vocabulary vocabulary : Vocabulary.values()) {
        List<String> spelled = vocabulary.namesOf(kind);
        if (!spelled.isEmpty()) {
          names.put(vocabulary.name().toLowerCase(Locale.ROOT), spelled);
        }
      }
    }
    return names;
  }
}
