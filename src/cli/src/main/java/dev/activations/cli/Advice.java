package dev.activations.cli;

import com.fasterxml.jackson.jr.ob.JSON;
import dev.activations.api.Formula;
import java.io.IOException;
import java.io.InputStream;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;

/** What the commands know besides the table of activations: what each is good for, and when. */
final class Advice {

  /**
   * What is said of an activation.
   *
   * @param range the values that it takes, by its parameters or at their defaults
   * @param use what it is for
   * @param troubles what goes wrong with it, by the field's names for that
   */
  record Explanation(String range, String use, Map<String, String> troubles) {}

  /**
   * What to take for a task.
   *
   * @param what what the task is
   * @param choice the activations to take, by the place where they go
   * @param loss the loss that goes with them
   * @param because the reason
   * @param instead other activations, each with what would make it the better choice
   */
  record Recommendation(
      String what,
      Map<String, String> choice,
      String loss,
      String because,
      Map<String, String> instead) {}

  private Advice() {}

  /** Returns what is said of an activation of the library; others have none. */
  static Optional<Explanation> of(Formula formula) throws IOException {
    return Optional.ofNullable(explanations().get(formula.stem()));
  }

  /** Returns what is said of activations, by their stems. */
  static Map<String, Explanation> explanations() throws IOException {
    Map<String, Explanation> all = new LinkedHashMap<>();
    read("explain.json")
        .forEach(
            (stem, texts) ->
                all.put(
                    stem,
                    new Explanation(
                        text(texts, "range"), text(texts, "use"), map(texts, "troubles"))));
    return all;
  }

  /** Returns the tasks by their names, in the order in which they are asked for. */
  static Map<String, Recommendation> recommendations() throws IOException {
    Map<String, Recommendation> all = new LinkedHashMap<>();
    read("recommend.json")
        .forEach(
            (task, texts) ->
                all.put(
                    task,
                    new Recommendation(
                        text(texts, "what"),
                        map(texts, "choice"),
                        text(texts, "loss"),
                        text(texts, "because"),
                        map(texts, "instead"))));
    return all;
  }

  @SuppressWarnings("unchecked") // What the file holds; tests read all of it.
  private static Map<String, Map<String, Object>> read(String name) throws IOException {
    try (InputStream file = Advice.class.getResourceAsStream(name)) {
      if (file == null) {
        throw new IOException("the jar does not hold " + name + "; build it anew");
      }
      return (Map<String, Map<String, Object>>) (Map<?, ?>) JSON.std.mapFrom(file);
    }
  }

  private static String text(Map<String, Object> texts, String key) {
    return (String) texts.get(key);
  }

  @SuppressWarnings("unchecked") // As above.
  private static Map<String, String> map(Map<String, Object> texts, String key) {
    return (Map<String, String>) texts.get(key);
  }
}
