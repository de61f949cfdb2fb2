package dev.activations.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.jr.ob.JSON;
import dev.activations.api.Kind;
import dev.activations.api.Parameter;
import java.io.IOException;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class ListCommandTest {

  @ParameterizedTest
  @EnumSource
  void everyKindIsDescribed(Kind kind) {
    String text = Ran.command("list", kind.stem()).out();
    assertTrue(text.startsWith(kind.stem()), text);
    assertTrue(text.contains(kind.expression()), text);
    assertTrue(text.contains(kind.derivativeExpression()), text);
    assertTrue(text.contains(kind.source()), text);
    assertTrue(text.contains(kind.saved().name().toLowerCase()), text);
    for (Parameter parameter : kind.parameters()) {
      assertTrue(text.contains("  parameter   " + parameter.name() + " = "), text);
      assertTrue(text.contains(parameter.meaning()), text);
    }
    long points = text.lines().filter(line -> line.startsWith("  at ")).count();
    assertEquals(kind.specialPoints().size(), points);
    assertTrue(text.contains("ULP"), text);
  }

  @Test
  void oneKindLooksLikeThis() {
    assertEquals(
        """
        leaky_relu
          formula     x > 0 ? x : slope·x
          derivative  x > 0 ? 1 : slope
          parameter   slope = 0.01, slope of the negative side, in [-3.4028235E38, 3.4028235E38]
          at 0        0, derivative 0.01
          at -0       -0, derivative 0.01
          at -∞       -∞, derivative 0.01
          at ∞        ∞, derivative 1
          profile     tensorflow: default of slope is 0.2, not 0.01
          profile     jax: f'(0) is 1, not slope
          accuracy    0.5 ULP, derivative 0 ULP
          saves       the input, for the backward pass
          or          the output, with the derivative y > 0 ? 1 : slope if slope >= 0
                      its accuracy: 0 ULP for that y
                      what the rounding of y costs: nothing: the same bits as from the input
          source      Maas, Hannun, Ng 2013, Rectifier Nonlinearities, ICML

        """,
        Ran.command("list", "leaky_relu").out());
  }

  @Test
  void allAreListedInBothForms() throws IOException {
    List<String> stems = Arrays.stream(Kind.values()).map(Kind::stem).toList();
    List<String> heads =
        Ran.command("list")
            .out()
            .lines()
            .filter(line -> !line.isEmpty() && !line.startsWith(" "))
            .map(line -> line.replaceFirst(",.*", ""))
            .toList();
    assertEquals(stems, heads);
    List<Object> json = JSON.std.listFrom(Ran.command("list", "--json").out());
    assertEquals(stems, json.stream().map(kind -> ((Map<?, ?>) kind).get("name")).toList());
  }

  @Test
  void whatTheOutputTellsIsDataToo() throws IOException {
    Map<?, ?> sigmoid =
        (Map<?, ?>) JSON.std.listFrom(Ran.command("list", "--json", "sigmoid").out()).get(0);
    Map<?, ?> fromOutput = (Map<?, ?>) sigmoid.get("fromOutput");
    assertEquals("y·(1 - y)", fromOutput.get("derivative"));
    assertEquals(0.5, fromOutput.get("ulp"));
    assertEquals(Kind.SIGMOID.fromOutput().orElseThrow().cost(), fromOutput.get("cost"));
    Map<?, ?> gelu =
        (Map<?, ?>) JSON.std.listFrom(Ran.command("list", "--json", "gelu").out()).get(0);
    assertFalse(gelu.containsKey("fromOutput"));
  }

  @Test
  void anUnknownNameIsRefused() {
    Ran ran = Ran.command("list", "tahn");
    assertEquals(2, ran.code());
    assertTrue(ran.err().contains("did you mean tanh?"), ran.err());
  }
}
