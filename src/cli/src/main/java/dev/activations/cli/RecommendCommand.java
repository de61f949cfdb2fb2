package dev.activations.cli;

import com.fasterxml.jackson.jr.ob.JSON;
import dev.activations.api.Nearest;
import dev.activations.cli.Advice.Recommendation;
import dev.activations.files.InputException;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.nio.charset.Charset;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code activations recommend}: which activation to take for a task, and why. */
@Command(
    name = "recommend",
    description = "Says which activation to take for a task, with which loss, and why.",
    footer = {
      "",
      "Tasks: regression, binary, multi-class, multi-label, hidden, recurrent,",
      "transformer, unsure. Without one, a terminal is asked.",
    })
final class RecommendCommand implements Callable<Integer> {
  private final Screen screen;
  private final InputStream in;

  @Parameters(
      arity = "0..1",
      paramLabel = "<task>",
      description = "What the network, or the layer, has to do.")
  private String task;

  @Option(names = "--json", description = "Write JSON, for programs.")
  private boolean json;

  @Option(
      names = {"-h", "--help"},
      usageHelp = true,
      description = "Show this help.")
  private boolean help;

  /**
   * The command.
   *
   * @param in where the answer comes from when somebody is asked
   */
  RecommendCommand(Screen screen, InputStream in) {
    this.screen = screen;
    this.in = in;
  }

  @Override
  public Integer call() throws IOException {
    Map<String, Recommendation> all = Advice.recommendations();
    List<String> tasks = List.copyOf(all.keySet());
    String chosen = task == null ? ask(all, tasks) : named(task, tasks);
    if (json) {
      screen
          .out()
          .println(
              JSON.std
                  .with(JSON.Feature.PRETTY_PRINT_OUTPUT)
                  .asString(map(chosen, all.get(chosen))));
    } else {
      print(chosen, all.get(chosen));
    }
    return 0;
  }

  /** Asks until the answer is a task, or there are no more answers. */
  private String ask(Map<String, Recommendation> all, List<String> tasks) throws IOException {
    if (screen.interactive()) {
      BufferedReader answers =
          new BufferedReader(new InputStreamReader(in, Charset.defaultCharset()));
      for (int i = 0; i < tasks.size(); i++) {
        String what = all.get(tasks.get(i)).what();
        screen.err().printf("  %d  %-11s  %s%n", i + 1, tasks.get(i), what);
      }
      while (true) {
        screen.err().printf("Which is it? [1-%d] ", tasks.size());
        screen.err().flush();
        String answer = answers.readLine();
        if (answer == null) {
          screen.err().println();
          break;
        }
        try {
          return numberedOrNamed(answer.strip(), tasks);
        } catch (InputException e) {
          screen.err().println(e.getMessage());
        }
      }
    }
    throw new InputException("expected a task, got none; tasks: " + String.join(", ", tasks));
  }

  private static String numberedOrNamed(String answer, List<String> tasks) {
    for (int i = 0; i < tasks.size(); i++) {
      if (answer.equals(Integer.toString(i + 1))) {
        return tasks.get(i);
      }
    }
    return named(answer, tasks);
  }

  private static String named(String name, List<String> tasks) {
    String wanted = name.toLowerCase(Locale.ROOT).replace('_', '-').replace(' ', '-');
    if (!tasks.contains(wanted)) {
      throw new InputException(
          "unknown task '%s'; did you mean %s? Tasks: %s"
              .formatted(name, Nearest.to(wanted, tasks), String.join(", ", tasks)));
    }
    return wanted;
  }

  private void print(String chosen, Recommendation recommendation) {
    screen.out().printf("%s: %s%n", chosen, recommendation.what());
    recommendation.choice().forEach(this::line);
    line("loss", recommendation.loss());
    line("because", recommendation.because());
    recommendation.instead().forEach((other, when) -> line("or", other + ". " + when));
    screen.out().println();
  }

  private void line(String key, String value) {
    screen.out().printf("  %-12s  %s%n", key, value);
  }

  private static Map<String, Object> map(String chosen, Recommendation recommendation) {
    Map<String, Object> map = new LinkedHashMap<>();
    map.put("task", chosen);
    map.put("what", recommendation.what());
    map.put("choice", recommendation.choice());
    map.put("loss", recommendation.loss());
    map.put("because", recommendation.because());
    map.put("instead", recommendation.instead());
    return map;
  }
}
