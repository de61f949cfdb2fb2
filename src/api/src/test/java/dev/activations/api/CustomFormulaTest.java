package dev.activations.api;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.function.Executable;

class CustomFormulaTest {
  private static final String KERNEL =
      """
      INLINE float half(float x, float by) { return x / by; }
      INLINE float half_derivative(float x, float by) { return 1.0f / by; }
      """;

  /** A definition; powers of two divide exactly. */
  public static final class Half {
    private Half() {}

    public static float forward(float x, float by) {
      return x / by;
    }

    public static float derivative(float x, float by) {
      return 1 / by;
    }
  }

  /** A class that is no definition. */
  public static final class Wrong {
    private Wrong() {}

    public static double forward(float x, float by) {
      return x / by;
    }
  }

  private static CustomFormula.Builder half() {
    return CustomFormula.named("half").parameter(Parameter.scale("by", 2, "divisor"));
  }

  static CustomFormula built() {
    return half()
        .expressions("x/by", "1/by")
        .source("arithmetic")
        .definition(Half.class)
        .kernel(KERNEL)
        .build();
  }

  private static void assertRefused(String message, Executable work) {
    IllegalArgumentException e = assertThrows(IllegalArgumentException.class, work);
    assertEquals(message, e.getMessage());
  }

  @Test
  void isAFormulaLikeTheOthers() {
    CustomFormula half = built();
    assertEquals("x/by", half.expression());
    assertEquals("1/by", half.derivativeExpression());
    assertEquals("arithmetic", half.source());
    assertEquals(Formula.Shape.POINTWISE, half.shape());
    assertEquals(Formula.Saved.INPUT, half.saved());
    assertTrue(half.supports(Direction.DERIVATIVE));
    assertEquals(half, half().definition(Half.class).kernel(KERNEL).build());
    assertNotEquals(half, half().definition(Half.class).kernel(KERNEL + " ").build());
    assertEquals("half(by=4.0)", Activation.of(half, 4).toString());
    assertThrows(IllegalArgumentException.class, () -> Activation.of(half).kind());
  }

  @Test
  void registeredOneIsFoundByItsName() {
    String kernel = KERNEL.replace("half", "quarter");
    CustomFormula.Builder builder = CustomFormula.named("quarter");
    builder.parameter(Parameter.scale("by", 4, "divisor")).definition(Half.class);
    assertThrows(IllegalArgumentException.class, () -> Formula.named("quarter"));
    CustomFormula quarter = builder.kernel(kernel).build().register();
    assertSame(quarter, Formula.named("Quarter"));
    assertEquals(Activation.of(quarter, 8), Activation.parse("quarter(by=8)"));
    assertSame(quarter, quarter.register());
    assertRefused(
        "expected an activation of the library, got quarter, a custom one",
        () -> Kind.named("quarter"));
    IllegalStateException e =
        assertThrows(
            IllegalStateException.class, () -> builder.kernel(kernel + " ").build().register());
    assertTrue(e.getMessage().contains("quarter is registered already"), e.getMessage());
  }

  @Test
  void mistakesAreNamed() {
    assertRefused(
        "expected a name of lower-case words joined by '_', got 'My-Relu'",
        () -> CustomFormula.named("My-Relu"));
    assertRefused(
        "gelu is an activation of the library; give yours another name",
        () -> CustomFormula.named("gelu"));
    assertRefused(
        "half has a parameter by already", () -> half().parameter(Parameter.finite("by", 1, "")));
    assertRefused(
        "half: expected at most 2 parameters, got c as another one",
        () ->
            half().parameter(Parameter.finite("b", 1, "")).parameter(Parameter.finite("c", 1, "")));
    assertRefused(
        "half needs both a definition, a Java class, and a kernel, a source text",
        () -> half().kernel(KERNEL).build());
    assertRefused(
        "half: expected a public class "
            + Wrong.class.getName()
            + " with the method 'public static float forward(float x, float by)'",
        () -> half().definition(Wrong.class).kernel(KERNEL).build());
    assertRefused(
        "half: expected the function 'INLINE float half_derivative(float x, float by) {...}' in the"
            + " kernel source",
        () ->
            half().definition(Half.class).kernel(KERNEL.replace("_derivative", "_slope")).build());
  }
}
