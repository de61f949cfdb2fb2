package dev.activations.api;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

class ActivationTest {

  @ParameterizedTest
  @EnumSource
  void textAndActivationAreInverse(Kind kind) {
    Activation activation = Activation.of(kind);
    assertEquals(activation, Activation.parse(activation.toString()));
    assertEquals(activation.hashCode(), Activation.parse(activation.toString()).hashCode());
  }

  @Test
  void unnamedParametersKeepTheirDefaults() {
    Activation activation = Activation.parse("linear( b = 2 )");
    assertEquals(1, activation.parameter("a"));
    assertEquals(2, activation.parameter("b"));
    assertEquals("linear(a=1.0, b=2.0)", activation.toString());
    assertNotEquals(Activation.of(Kind.LINEAR), activation);
  }

  @Test
  void parametersAreRoundedOnceToFloat() {
    assertArrayEquals(new float[] {0.01f}, Activation.of(Kind.LEAKY_RELU).floats());
    assertArrayEquals(new float[] {0.1f, -0.3f}, Activation.of(Kind.LINEAR, 0.1, -0.3).floats());
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "geluu | did you mean gelu?",
        "gleu | did you mean gelu?",
        "Leaky-ReLU6 | did you mean leaky_relu?",
        "leaky_relu(slope=NaN) | must be in [",
        "leaky_relu(slope=steep) | must be a number, got 'steep'",
        "leaky_relu(slop=1) | did you mean slope?",
        "leaky_relu(slope) | expected parameter=value",
        "leaky_relu(slope=1 | no closing ')'",
        "leaky_relu(slope=1, slope=2) | expected each parameter once",
        "elu(alpha=1e39) | must be in [",
        "silu(beta=0) | must be in [",
        "silu(beta=-1) | must be in [",
        "gelu(alpha=1) | gelu has no parameters"
      })
  void aBadTextSaysWhatWasExpectedAndWhatCame(String text, String message) {
    IllegalArgumentException e =
        assertThrows(IllegalArgumentException.class, () -> Activation.parse(text));
    assertTrue(e.getMessage().contains(message), e.getMessage());
  }

  @ParameterizedTest
  @ValueSource(strings = {"hard_swish", "HARD_SWISH", "hard-swish", " Hard-Swish "})
  void namesAreFoundInAnyUsualSpelling(String name) {
    assertEquals(Kind.HARD_SWISH, Kind.named(name));
  }

  @Test
  void aliasesMeanTheSame() {
    assertEquals(Kind.SILU, Kind.named("Swish"));
    assertEquals(Activation.of(Kind.CLIPPED_RELU, 2), Activation.parse("relu6(max=2)"));
    assertEquals("linear(a=1.0, b=0.0)", Activation.parse("identity").toString());
    // An alias belongs to one kind, and is nobody's stem.
    List<String> names = new ArrayList<>();
    for (Kind kind : Kind.values()) {
      names.add(kind.stem());
      names.addAll(kind.aliases());
    }
    assertEquals(names.size(), new HashSet<>(names).size(), names.toString());
    assertThrows(IllegalArgumentException.class, () -> CustomFormula.named("swish"));
  }

  @Test
  void parametersThatDoNotGoTogetherAreToldWhereTheyAreUsed() {
    Activation wrong = Activation.parse("hard_tanh(min=2)");
    assertEquals(Activation.of(Kind.HARD_TANH, 2, 3), wrong.with("max", 3));
    IllegalArgumentException e = assertThrows(IllegalArgumentException.class, () -> Op.of(wrong));
    assertEquals("hard_tanh: parameter min must be below max, got 2.0 and 1.0", e.getMessage());
  }

  @Test
  void theNumberOfParametersIsChecked() {
    assertThrows(IllegalArgumentException.class, () -> Activation.of(Kind.ELU, 1, 2));
    assertThrows(IllegalArgumentException.class, () -> Activation.of(Kind.RELU, 1));
  }

  @ParameterizedTest
  @EnumSource
  void everyRowOfTheTableIsComplete(Kind kind) {
    // A gated kind rounds more than once.
    double bound = kind.shape() == Kind.Shape.GATED ? 3.5 : 1;
    assertTrue(kind.bound(Direction.FORWARD) <= bound, "forward bound");
    assertTrue(kind.source().length() > 0, "source");
    assertTrue(
        kind.expression().length() > 0 && kind.derivativeExpression().length() > 0, "formula");
    if (kind.shape() == Kind.Shape.POINTWISE) {
      assertTrue(kind.bound(Direction.DERIVATIVE) <= 1, "derivative bound");
      for (float x : new float[] {0f, -0f, Float.NEGATIVE_INFINITY, Float.POSITIVE_INFINITY}) {
        assertEquals(
            1,
            kind.specialPoints().stream()
                .filter(p -> Float.floatToIntBits(p.x()) == Float.floatToIntBits(x))
                .count(),
            "special point " + x);
      }
    }
    for (Parameter parameter : kind.parameters()) {
      assertEquals(
          parameter.defaultValue(), parameter.check(kind, parameter.defaultValue()), "default");
    }
  }
}
