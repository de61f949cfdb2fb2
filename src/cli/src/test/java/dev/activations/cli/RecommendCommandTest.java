package dev.activations.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.jr.ob.JSON;
import dev.activations.api.Activation;
import dev.activations.cli.Advice.Recommendation;
import dev.activations.files.InputException;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class RecommendCommandTest {

  /** As the introductory articles say. */
  @ParameterizedTest
  @CsvSource({
    "regression,  output,       linear",
    "binary,      output,       sigmoid",
    "multi-class, output,       softmax",
    "multi-label, output,       sigmoid",
    "hidden,      hidden,       relu",
    "recurrent,   gates,        sigmoid",
    "recurrent,   state,        tanh",
    "transformer, feed-forward, gelu",
    "transformer, gated,        swiglu",
    "unsure,      hidden,       relu",
    "Multi_Class, output,       softmax",
  })
  void theChoiceIsTheUsualOne(String task, String place, String activation) throws IOException {
    Map<String, Object> json = JSON.std.mapFrom(Ran.command("recommend", task, "--json").out());
    assertEquals(activation, ((Map<?, ?>) json.get("choice")).get(place));
    String text = Ran.command("recommend", task).out();
    assertTrue(text.contains("  %-12s  %s%n".formatted(place, activation)), text);
    assertTrue(text.contains("  because       " + json.get("because")), text);
    assertTrue(text.contains("  loss          " + json.get("loss")), text);
  }

  @Test
  void allOfItIsThere() throws IOException {
    Map<String, Recommendation> all = Advice.recommendations();
    assertEquals(
        List.of(
            "regression",
            "binary",
            "multi-class",
            "multi-label",
            "hidden",
            "recurrent",
            "transformer",
            "unsure"),
        List.copyOf(all.keySet()));
    all.values()
        .forEach(
            each -> {
              each.choice().values().forEach(Activation::parse);
              each.instead().keySet().forEach(Activation::parse);
              assertFalse(each.instead().isEmpty());
              for (String text : List.of(each.what(), each.loss(), each.because())) {
                assertFalse(text.isBlank());
              }
            });
    String help = Ran.command("recommend", "--help").out().replaceAll("\\s+", " ");
    assertTrue(help.contains("Tasks: " + String.join(", ", all.keySet()) + "."), help);
  }

  /** Returns what somebody who types these answers sees. */
  private static String asked(String answers) throws IOException {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    PrintStream print = new PrintStream(out, true, StandardCharsets.UTF_8);
    ByteArrayInputStream in = new ByteArrayInputStream(answers.getBytes(StandardCharsets.UTF_8));
    new RecommendCommand(new Screen(print, print, true), in).call();
    return out.toString(StandardCharsets.UTF_8);
  }

  @Test
  void aTerminalIsAsked() throws IOException {
    String text = asked("3\n");
    assertTrue(text.startsWith("  1  regression   the output is a number"), text);
    assertTrue(text.contains("Which is it? [1-8] multi-class: "), text);
    assertTrue(asked("binary\n").contains("] binary: "), "names are answers, too");
  }

  @Test
  void itIsAskedAgain() throws IOException {
    String text = asked("9\nbianry\n 2 \n");
    assertTrue(text.contains("unknown task '9'"), text);
    assertTrue(text.contains("did you mean binary?"), text);
    assertTrue(text.contains("] binary: "), text);
    assertThrows(InputException.class, () -> asked("no\n"));
  }

  @Test
  void nobodyIsAskedWhereNobodyIs() {
    Ran ran = Ran.command("recommend");
    assertEquals(2, ran.code());
    assertEquals(
        "activations recommend: expected a task, got none; tasks: regression, binary,"
            + " multi-class, multi-label, hidden, recurrent, transformer, unsure\n",
        ran.err());
    assertTrue(Ran.command("recommend", "regresion").err().contains("did you mean regression?"));
  }
}
