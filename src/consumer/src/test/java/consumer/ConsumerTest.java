package consumer;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.activations.Activations;
import dev.activations.Devices;
import dev.activations.api.Finding;
import dev.activations.api.Kind;
import dev.activations.api.Op;
import dev.activations.api.Session;
import java.io.File;
import java.util.Arrays;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;

/** What a project gets that depends on the artifacts, with the back ends that it has asked for. */
class ConsumerTest {
  private static final Set<String> BACKENDS =
      Set.of(System.getProperty("backends", "cpu").split(","));

  @Test
  void everyDeviceGivesTheSameBits() {
    float[] x = {-1, 0, 1, -20, 3.5f};
    float[] expected = Activations.forward(Kind.GELU, x);
    assertEquals(0.8413447f, expected[2]);
    for (Finding finding : Devices.findings()) {
      if (finding.device().isPresent()) {
        try (Session session = finding.device().get().open()) {
          assertArrayEquals(expected, session.forward(Op.of(Kind.GELU), x), finding.toString());
        }
      }
    }
  }

  @Test
  void aBackEndThatIsNotThereSaysWhatToAdd() {
    for (Finding finding : Devices.findings()) {
      boolean absent = finding.reason().equals("It is not on the class path.");
      assertEquals(!BACKENDS.contains(finding.backend()), absent, finding.toString());
    }
    Set<String> named =
        Devices.findings().stream().map(Finding::backend).collect(Collectors.toSet());
    assertEquals(Set.of("cpu", "opencl", "cuda"), named);
  }

  @Test
  void nobodyPaysForWhatTheyDidNotAskFor() {
    Set<String> expected = new TreeSet<>(Set.of("activations", "activations-api"));
    for (String backend : BACKENDS) {
      expected.add("activations-" + backend);
    }
    if (BACKENDS.contains("opencl")) {
      expected.addAll(List.of("activations-kernels-cl", "jocl"));
    }
    if (BACKENDS.contains("cuda")) {
      expected.addAll(List.of("activations-kernels-cuda", "jcuda", "jcuda-natives"));
    }
    Set<String> found =
        Arrays.stream(System.getProperty("java.class.path").split(File.pathSeparator))
            .map(path -> new File(path).getName())
            .filter(name -> name.endsWith(".jar"))
            .map(name -> name.replaceFirst("-\\d.*", ""))
            .filter(name -> !name.matches("(junit|opentest4j|apiguardian|jspecify|surefire).*"))
            .collect(Collectors.toCollection(TreeSet::new));
    assertEquals(expected, found);
    assertTrue(Devices.findings().stream().anyMatch(Finding::isUsable));
  }
}
