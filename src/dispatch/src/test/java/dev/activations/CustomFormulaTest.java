package dev.activations;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;
import static org.junit.jupiter.api.DynamicTest.dynamicTest;

import dev.activations.api.Activation;
import dev.activations.api.CustomFormula;
import dev.activations.api.Device;
import dev.activations.api.DeviceUnavailableException;
import dev.activations.api.Dtype;
import dev.activations.api.Finding;
import dev.activations.api.Formula;
import dev.activations.api.Kind;
import dev.activations.api.Op;
import dev.activations.api.Session;
import dev.activations.examples.StarRelu;
import dev.activations.verify.Check;
import dev.activations.verify.Conformance;
import dev.activations.verify.Scope;
import dev.activations.verify.Verdict;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;

/** An activation of a user's own, as a user runs it. */
class CustomFormulaTest {

  /** A definition of which no SIMD code can be made. */
  public static final class Library {
    private Library() {}

    public static float forward(float x) {
      return (float) Math.sinh(x);
    }

    public static float derivative(float x) {
      return (float) Math.cosh(x);
    }
  }

  private static final CustomFormula LIBRARY =
      CustomFormula.named("hyperbolic")
          .definition(Library.class)
          .kernel(
              """
              INLINE float hyperbolic(float x) { return sinh(x); }
              INLINE float hyperbolic_derivative(float x) { return cosh(x); }
              """)
          .build();

  @Test
  void oneLineTakesItByItsName() {
    assertArrayEquals(
        new float[] {-0.4472f, 0.8944f * 4 - 0.4472f},
        Activations.forward(StarRelu.FORMULA, -3, 2),
        1e-6f);
    Op op = Op.of(Activation.parse("star_relu(s=1, b=0)"));
    assertArrayEquals(new float[] {0, 9}, Activations.forward(op, new float[] {-3, 3}));
    assertArrayEquals(new float[] {0, 6}, Activations.derivative(op, new float[] {-3, 3}));
    assertArrayEquals(
        new float[] {0, 12}, Activations.backward(op, new float[] {-3, 3}, new float[] {2, 2}));
  }

  @Test
  void providerOnTheClassPathMakesItKnown() {
    assertTrue(Formula.known().contains(StarRelu.FORMULA));
    assertSame(StarRelu.FORMULA, Formula.named("Star-Relu"));
  }

  @TestFactory
  Stream<DynamicTest> everyDeviceGivesTheBitsOfItsDefinition() {
    Scope scope = new Scope(List.of(StarRelu.FORMULA), List.of(Dtype.values()), 100_000, false);
    return Devices.findings(StarRelu.FORMULA).stream()
        .map(
            finding ->
                dynamicTest(
                    finding.id(),
                    () -> {
                      assumeTrue(finding.isUsable(), finding.toString());
                      Verdict verdict =
                          Conformance.run(finding.device().get(), scope, Conformance.Listener.NONE);
                      assertEquals(List.of(), Check.failures(verdict.checks()));
                      // Three passes, in float32 and in both types of 16 bits.
                      assertEquals(9, verdict.functions().size());
                    }));
  }

  @Test
  void definitionThatCannotBeVectorsIsSaidAndLeftToTheScalarDevice() {
    List<Finding> findings = Devices.findings(LIBRARY);
    assumeTrue(
        Devices.findings().stream().anyMatch(f -> f.id().equals("cpu:vector") && f.isUsable()));
    Finding vector =
        findings.stream().filter(f -> f.id().equals("cpu:vector")).findFirst().orElseThrow();
    assertTrue(
        vector
            .reason()
            .startsWith("No SIMD code can be made of the custom activation hyperbolic: "),
        vector.reason());
    assertTrue(vector.reason().contains("forward(F)F uses opcode"), vector.reason());
    assertTrue(vector.remedy().contains("cpu:scalar"), vector.remedy());

    Device device = Devices.choose("cpu:vector").device();
    try (Session session = device.open()) {
      DeviceUnavailableException e =
          assertThrows(
              DeviceUnavailableException.class,
              () -> session.forward(Op.of(LIBRARY), new float[] {1}));
      assertTrue(e.getMessage().contains(vector.reason()), e.getMessage());
      // Nothing else is harmed.
      assertEquals(9, session.forward(Op.of(StarRelu.FORMULA), new float[] {3})[0], 1.5f);
    }
    Choice choice =
        new Chooser(findings.stream().filter(f -> f.backend().equals("cpu")).toList()).best();
    assertEquals("cpu:scalar", choice.device().id());
    try (Session session = choice.open()) {
      assertEquals((float) Math.sinh(1), session.forward(Op.of(LIBRARY), new float[] {1})[0]);
    }
  }

  @Test
  void kindsRunEverywhere() {
    for (Finding finding : Devices.findings()) {
      Stream.of(Kind.values())
          .forEach(
              kind ->
                  assertTrue(finding.device().flatMap(device -> device.obstacle(kind)).isEmpty()));
    }
    assertEquals(Devices.findings(), Devices.findings(Kind.GELU));
  }
}
