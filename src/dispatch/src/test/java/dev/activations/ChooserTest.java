package dev.activations;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.activations.api.Device.Type;
import dev.activations.api.DeviceUnavailableException;
import dev.activations.api.Finding;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class ChooserTest {
  private static final Finding CUDA = Listed.usable("cuda:0", "NVIDIA H200", Type.GPU);
  private static final Finding RADEON = Listed.usable("opencl:0", "Radeon Pro", Type.GPU);
  private static final Finding FPGA = Listed.usable("opencl:2", "Stratix", Type.ACCELERATOR);
  private static final Finding POCL = Listed.usable("opencl:1", "pthread-EPYC", Type.CPU);
  private static final Finding VECTOR = Listed.usable("cpu:vector", "SIMD Java", Type.CPU);
  private static final Finding SCALAR = Listed.usable("cpu:scalar", "scalar Java", Type.CPU);
  private static final List<Finding> ORDERED = List.of(CUDA, RADEON, FPGA, VECTOR, SCALAR, POCL);

  @Test
  void bestFollowsTheOrderWhateverOrderTheFindingsHave() {
    List<Finding> left = new ArrayList<>(List.of(POCL, VECTOR, SCALAR, FPGA, RADEON, CUDA));
    for (Finding expected : ORDERED) {
      assertEquals(expected.id(), new Chooser(left).best().device().id());
      left.remove(expected);
    }
  }

  @Test
  void aCaveatIsOnlyAcceptedWhenAskedFor() {
    Finding flawed = Listed.flawed("opencl:0", "Mali", Type.GPU);
    Chooser chooser = new Chooser(List.of(flawed, SCALAR));
    assertEquals("cpu:scalar", chooser.best().device().id());
    assertEquals("opencl:0", chooser.choose("opencl:0", "a test").device().id());
  }

  @ParameterizedTest
  @CsvSource({
    "opencl:1, opencl:1",
    "OpenCL:1, opencl:1",
    "cuda, cuda:0",
    "opencl, opencl:0",
    "cpu, cpu:vector",
    "gpu, cuda:0",
    "accelerator, opencl:2",
    "epyc, opencl:1",
    "'  radeon ', opencl:0",
    "cpu:scalar, cpu:scalar"
  })
  void aSelectorMeansAnIdABackEndATypeOrAPartOfAName(String selector, String id) {
    Choice choice = new Chooser(ORDERED).choose(selector, "a test");
    assertEquals(id, choice.device().id());
    assertEquals("asked for by a test", choice.reason());
    assertEquals(ORDERED, choice.findings());
  }

  @ParameterizedTest
  @ValueSource(strings = {"cuda:0", "cuda", "gpu", "opencl:7", "tpu"})
  void askingIsStrict(String selector) {
    List<Finding> findings = List.of(Listed.missing("cuda"), VECTOR);
    DeviceUnavailableException e =
        assertThrows(
            DeviceUnavailableException.class,
            () -> new Chooser(findings).choose(selector, "a test"));
    assertEquals(findings, e.findings());
    assertTrue(e.getMessage().contains("Install one."), e.getMessage());
    assertTrue(e.getMessage().contains("'" + selector + "'"), e.getMessage());
  }

  @Test
  void preferringFallsBackAndSaysSo() {
    Choice choice = new Chooser(List.of(Listed.missing("cuda"), VECTOR)).prefer("cuda", "a test");
    assertEquals("cpu:vector", choice.device().id());
    assertEquals("'cuda' was preferred and is not usable; the only usable device", choice.reason());
  }

  @Test
  void hostDataStaysOnTheCpu() {
    assertEquals("cpu:vector", new Chooser(ORDERED).hostData().device().id());
  }

  @Test
  void nothingUsableIsAnErrorWithTheFindings() {
    List<Finding> findings = List.of(Listed.missing("cuda"), Listed.missing("opencl"));
    assertEquals(
        findings,
        assertThrows(DeviceUnavailableException.class, () -> new Chooser(findings).best())
            .findings());
  }
}
