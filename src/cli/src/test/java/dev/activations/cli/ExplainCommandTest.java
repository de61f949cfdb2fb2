package dev.activations.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.jr.ob.JSON;
import dev.activations.Devices;
import dev.activations.api.Activation;
import dev.activations.api.Formula;
import dev.activations.api.Geometry;
import dev.activations.api.Kind;
import dev.activations.api.Op;
import dev.activations.api.Session;
import dev.activations.api.Vocabulary;
import dev.activations.cli.Advice.Explanation;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeSet;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class ExplainCommandTest {

  @Test
  void everyKindIsExplainedAndNothingElse() throws IOException {
    assertEquals(
        Arrays.stream(Kind.values()).map(Kind::stem).collect(Collectors.toCollection(TreeSet::new)),
        new TreeSet<>(Advice.explanations().keySet()));
  }

  @ParameterizedTest
  @EnumSource
  void allOfItIsShown(Kind kind) throws IOException {
    Explanation said = Advice.of(kind).orElseThrow();
    String text = Ran.command("explain", kind.stem()).out();
    assertTrue(text.contains("  range       " + said.range() + "\n"), text);
    assertTrue(text.contains("  for         " + said.use() + "\n"), text);
    assertFalse(said.troubles().isEmpty(), "nothing is without trouble");
    said.troubles()
        .forEach(
            (trouble, why) ->
                assertTrue(text.contains("  trouble     " + trouble + ". " + why + "\n"), text));
    Ran.command("list", kind.stem())
        .out()
        .lines()
        .forEach(line -> assertTrue(text.contains(line + "\n"), line));
    for (Vocabulary vocabulary : Vocabulary.values()) {
      for (String name : vocabulary.namesOf(kind)) {
        assertTrue(text.contains(name), text);
      }
    }
  }

  @Test
  void oneKindLooksLikeThis() {
    assertEquals(
        """
        prelu
          formula     x > 0 ? x : weight·x
          derivative  x > 0 ? 1 : weight
          range       (-∞, ∞)
          for         Deep convolutional networks with data enough to learn the slope of the negative side, too.
          trouble     overfitting. The slopes are parameters more; leave weight decay off them, as it would draw them to relu.
          parameter   weight = 0.25, slope of the negative side; Op.withWeight has one by channel, in [-3.4028235E38, 3.4028235E38]
          at 0        0, derivative 0.25
          at -0       -0, derivative 0.25
          at -∞       -∞, derivative 0.25
          at ∞        ∞, derivative 1
          accuracy    0.5 ULP, derivative 0 ULP
          saves       the input, for the backward pass
          or          the output, with the derivative y > 0 ? 1 : weight if weight >= 0
                      its accuracy: 0 ULP for that y
                      what the rounding of y costs: nothing: the same bits as from the input
          source      He, Zhang, Ren, Sun 2015, Delving Deep into Rectifiers, arXiv:1502.01852
          in pytorch  PReLU(init=0.25)

        """,
        Ran.command("explain", "prelu").out());
  }

  @Test
  void itIsDataToo() throws IOException {
    List<Object> all = JSON.std.listFrom(Ran.command("explain", "--json", "silu", "crelu").out());
    assertEquals(2, all.size());
    Map<?, ?> silu = (Map<?, ?>) all.get(0);
    Explanation said = Advice.of(Kind.SILU).orElseThrow();
    assertEquals("silu", silu.get("name"));
    assertEquals(said.range(), silu.get("range"));
    assertEquals(said.use(), silu.get("use"));
    assertEquals(said.troubles(), silu.get("troubles"));
    assertEquals(
        Map.of(
            "onnx", List.of("Swish(alpha=1.0)"),
            "pytorch", List.of("SiLU"),
            "keras", List.of("silu", "swish")),
        silu.get("names"));
    assertEquals(Map.of(), ((Map<?, ?>) all.get(1)).get("names"));
  }

  @Test
  void mistakesAreNamed() {
    Ran typo = Ran.command("explain", "sotfmax");
    assertEquals(2, typo.code());
    assertTrue(typo.err().contains("did you mean softmax?"), typo.err());
    assertEquals(2, Ran.command("explain").code());
  }

  /** An interval or the only values; what is between brackets belongs to it or is its limit. */
  private record Piece(double low, double high) {
    private static final double TOLERANCE = 1e-5;

    static List<Piece> of(String range, Activation activation) {
      List<Piece> pieces = new ArrayList<>();
      for (String text : range.replace(" by default", "").split(" ∪ ")) {
        double[] ends =
            Stream.of(text.substring(1, text.length() - 1).split(", "))
                .mapToDouble(end -> value(end, activation))
                .toArray();
        if (text.startsWith("{")) {
          Arrays.stream(ends).forEach(end -> pieces.add(new Piece(end, end)));
        } else {
          pieces.add(new Piece(ends[0], ends[1]));
        }
      }
      return pieces;
    }

    /** A number or a parameter, or products and quotients of them. */
    private static double value(String text, Activation activation) {
      if (text.startsWith("-")) {
        return -value(text.substring(1), activation);
      }
      double value = 1;
      boolean divide = false;
      for (String factor : text.split("(?<=[·/])|(?=[·/])")) {
        if (factor.equals("·") || factor.equals("/")) {
          divide = factor.equals("/");
          continue;
        }
        double number =
            factor.equals("∞")
                ? Double.POSITIVE_INFINITY
                : Character.isDigit(factor.charAt(0))
                    ? Double.parseDouble(factor)
                    : activation.parameter(factor);
        value = divide ? value / number : value * number;
      }
      return value;
    }

    boolean holds(double y) {
      double slack = TOLERANCE * Math.max(1, Math.abs(y));
      return y >= low - slack && y <= high + slack;
    }

    /** Whether a value is as near to an end as samples come. */
    static boolean isNear(double end, double y) {
      return Double.isInfinite(end)
          ? y * Math.signum(end) > 1e4
          : Math.abs(y - end) <= 2e-3 * Math.max(1, Math.abs(end));
    }
  }

  /** Returns numbers of all sizes, and small ones closely. */
  private static float[] inputs() {
    float[] x = new float[20_000];
    Random random = new Random(1);
    for (int i = 0; i < x.length; i++) {
      x[i] =
          i < 16_000
              ? (i - 8_000) / 800f
              : (float) Math.scalb(random.nextDouble(-1, 1), random.nextInt(40));
    }
    return x;
  }

  /** In rows of four where it works on rows, in random order. */
  private static float[] outputs(Session session, Kind kind) {
    float[] x = inputs();
    if (kind.shape() == Formula.Shape.POINTWISE) {
      return session.forward(Op.of(kind), x);
    }
    Random random = new Random(2);
    float[] mixed = new float[x.length];
    for (int i = 0; i < x.length; i++) {
      mixed[i] = x[random.nextInt(x.length)];
    }
    Op op = Op.of(kind).over(Geometry.rows(x.length / 4, 4));
    if (op.isMasked()) {
      float[] mask = new float[x.length];
      for (int i = 0; i < x.length; i++) {
        mask[i] = random.nextInt(2);
      }
      return session.forward(op, mixed, mask);
    }
    return session.forward(op.drawsNoise() ? op.seeded(3) : op, mixed);
  }

  /** The values fill the range that is told, and do not leave it. */
  @ParameterizedTest
  @EnumSource
  void theRangeIsThatOfTheValues(Kind kind) throws IOException {
    String range = Advice.of(kind).orElseThrow().range();
    List<Piece> pieces = Piece.of(range, Activation.of(kind));
    try (Session session = Devices.choose("cpu:scalar").open()) {
      float[] outputs = outputs(session, kind);
      for (float y : outputs) {
        assertTrue(pieces.stream().anyMatch(piece -> piece.holds(y)), y + " is not in " + range);
      }
      for (Piece piece : pieces) {
        for (double end : new double[] {piece.low(), piece.high()}) {
          boolean near = false;
          for (float y : outputs) {
            near |= Piece.isNear(end, y);
          }
          assertTrue(near, "no value is near " + end + ", an end of " + range);
        }
      }
    }
  }

  /** What the derivative shows is told. */
  @ParameterizedTest
  @EnumSource
  void theTroublesOfTheDerivativeAreTold(Kind kind) throws IOException {
    if (kind.shape() != Formula.Shape.POINTWISE) {
      return;
    }
    float[] x = {-10, -1, 0, 1, 2, 10};
    float[] slope;
    try (Session session = Devices.choose("cpu:scalar").open()) {
      slope = session.derivative(Op.of(kind), x);
    }
    float left = Math.abs(slope[0]);
    float right = Math.abs(slope[slope.length - 1]);
    List<String> expected = new ArrayList<>();
    if (IntStream.range(0, x.length).allMatch(i -> slope[i] == 0)) {
      expected.add("no gradient");
    } else if (left < 0.01f && right < 0.01f) {
      expected.add("vanishing gradient");
    } else if (left == 0) {
      expected.add("dead units");
    } else if (left < 0.01f) {
      expected.add("vanishing on the left");
    } else if (right < 0.01f) {
      expected.add("vanishing on the right");
    }
    if (Math.max(left, right) > 5) {
      expected.add("exploding output");
    }
    Map<String, String> told = Advice.of(kind).orElseThrow().troubles();
    assertTrue(told.keySet().containsAll(expected), expected + " of " + told.keySet());
  }
}
