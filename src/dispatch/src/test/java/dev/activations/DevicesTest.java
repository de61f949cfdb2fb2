package dev.activations;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.activations.api.DeviceUnavailableException;
import dev.activations.api.Finding;
import dev.activations.api.Kind;
import dev.activations.api.Op;
import dev.activations.api.Session;
import dev.activations.spi.Backend;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class DevicesTest {

  @AfterEach
  void forget() {
    System.clearProperty(Devices.PROPERTY);
  }

  @Test
  void everyBackEndIsFound() {
    Set<String> backends =
        Devices.findings().stream().map(Finding::backend).collect(Collectors.toSet());
    assertEquals(Set.of("cpu", "cuda", "opencl"), backends);
    for (Finding finding : Devices.findings()) {
      assertFalse(finding.reason().isBlank(), finding.id());
      assertTrue(finding.isUsable() || !finding.remedy().isBlank(), finding.id());
    }
  }

  @Test
  void backEndThatBreaksIsAFinding() {
    Backend broken =
        new Backend() {
          @Override
          public String id() {
            return "abacus";
          }

          @Override
          public List<Finding> probe() {
            throw new UnsatisfiedLinkError("no beads");
          }
        };
    List<Finding> findings = Devices.probe(broken);
    assertEquals(1, findings.size());
    assertEquals("abacus", findings.get(0).id());
    assertFalse(findings.get(0).isUsable());
    assertTrue(findings.get(0).reason().contains("no beads"), findings.get(0).reason());
  }

  @Test
  void idsAreUnique() {
    List<String> ids = Devices.findings().stream().map(Finding::id).toList();
    assertEquals(ids.stream().distinct().toList(), ids);
  }

  @Test
  void thePropertyIsStrict() {
    System.setProperty(Devices.PROPERTY, "cpu:scalar");
    assertEquals("cpu:scalar", Devices.best().device().id());
    assertEquals("cpu:scalar", Devices.forHostData().device().id());
    assertEquals(
        "asked for by the system property activations.device=cpu:scalar", Devices.best().reason());
    System.setProperty(Devices.PROPERTY, "cuda:77");
    assertThrows(DeviceUnavailableException.class, Devices::best);
    assertThrows(DeviceUnavailableException.class, Devices::forHostData);
    System.setProperty(Devices.PROPERTY, " ");
    assertTrue(Devices.forHostData().device().id().startsWith("cpu:"));
  }

  @Test
  void hostDataLoadsNoDriver() {
    Choice choice = Devices.forHostData();
    assertEquals(
        Set.of("cpu"),
        choice.findings().stream().map(Finding::backend).collect(Collectors.toSet()));
    assertTrue(choice.reason().contains("stays on the CPU"), choice.reason());
  }

  @Test
  void preferringFallsBackWithAReason() {
    assertTrue(Devices.prefer("cuda:77").reason().startsWith("'cuda:77' was preferred"));
    assertThrows(IllegalArgumentException.class, () -> Devices.choose(" "));
    assertThrows(IllegalArgumentException.class, () -> Devices.prefer(""));
  }

  @Test
  void oneLineGivesWhatASessionGives() {
    float[] x = {-2, -0f, 0.5f, Float.NaN, Float.POSITIVE_INFINITY};
    float[] dy = {1, 2, 3, 4, 5};
    Op silu = Op.of(Kind.SILU);
    try (Session session = Devices.choose("cpu:scalar").open()) {
      assertArrayEquals(session.forward(silu, x), Activations.forward(Kind.SILU, x));
      assertArrayEquals(session.derivative(silu, x), Activations.derivative(Kind.SILU, x));
      assertArrayEquals(session.backward(silu, x, dy), Activations.backward(silu, x, dy));
    }
    assertEquals(Devices.forHostData().device().id(), Activations.choice().device().id());
  }
}
