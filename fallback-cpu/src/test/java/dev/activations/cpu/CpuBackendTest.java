package dev.activations.cpu;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.activations.api.Device;
import dev.activations.api.Finding;
import dev.activations.api.Kind;
import dev.activations.api.Op;
import dev.activations.api.Session;
import dev.activations.spi.Backend;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.ServiceLoader;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;

class CpuBackendTest {

  @Test
  void isFoundAndBringsTwoUsableDevices() {
    List<String> ids = new ArrayList<>();
    for (Backend backend : ServiceLoader.load(Backend.class)) {
      assertEquals("cpu", backend.id());
      backend.probe().stream().filter(Finding::isUsable).map(Finding::id).forEach(ids::add);
    }
    assertEquals(List.of("cpu:vector", "cpu:scalar"), ids);
  }

  @Test
  void itsDevicesOpenAndDescribeThemselves() {
    for (Finding finding : new CpuBackend().probe()) {
      Device device = finding.device().orElseThrow();
      assertEquals(Device.Type.CPU, device.type());
      assertTrue(device.caveat().isEmpty());
      assertFalse(device.name().isBlank());
      assertEquals(
          Integer.toString(Runtime.getRuntime().availableProcessors()),
          device.properties().get("threads"));
      try (Session session = device.open()) {
        assertEquals(0.5f, session.forward(Op.of(Kind.SIGMOID), new float[1])[0]);
      }
    }
  }

  @Test
  void withoutTheModuleTheVectorDeviceSaysHowToAddIt() {
    List<Finding> findings = new CpuBackend(() -> false, () -> true).probe();
    assertFalse(findings.get(0).isUsable());
    assertTrue(findings.get(0).remedy().contains("--add-modules jdk.incubator.vector"));
    assertTrue(findings.get(1).isUsable());
  }

  @Test
  void withoutFusedMultiplyAddTheVectorDeviceIsNotUsedAndTheScalarOneWarns() {
    List<Finding> findings = new CpuBackend(() -> true, () -> false).probe();
    assertFalse(findings.get(0).isUsable());
    assertTrue(findings.get(0).remedy().contains("UseFMA"), findings.get(0).remedy());
    assertTrue(findings.get(1).isUsable());
    assertTrue(findings.get(1).reason().contains("slowly"), findings.get(1).reason());
  }

  @Test
  void aWrongNumberOfThreadsIsAFinding() {
    for (String wrong : List.of("0", "-1", "many", "1025")) {
      System.setProperty(CpuBackend.THREADS, wrong);
      try {
        Finding finding = new CpuBackend().probe().get(0);
        assertFalse(finding.isUsable());
        assertTrue(finding.reason().contains("'" + wrong + "'"), finding.reason());
      } finally {
        System.clearProperty(CpuBackend.THREADS);
      }
    }
  }

  @Test
  void theNumberOfThreadsCanBeSet() {
    System.setProperty(CpuBackend.THREADS, "5");
    try {
      Device device = new CpuBackend().probe().get(0).device().orElseThrow();
      assertEquals("5", device.properties().get("threads"));
    } finally {
      System.clearProperty(CpuBackend.THREADS);
    }
  }

  @Test
  void aClockTellsFastFromSlow() {
    AtomicLong clock = new AtomicLong();
    assertTrue(FusedMultiplyAdd.isFast(() -> clock.addAndGet(64 * 50)));
    assertFalse(FusedMultiplyAdd.isFast(() -> clock.addAndGet(64 * 20_000)));
    // One round that was interrupted does not count.
    int[] calls = {0};
    assertTrue(
        FusedMultiplyAdd.isFast(() -> clock.addAndGet(calls[0]++ == 1 ? 1_000_000_000 : 64 * 50)));
  }

  @Test
  void javaWithoutTheModuleGivesTheSameBits() throws Exception {
    List<String> lines = child(List.of());
    assertTrue(lines.get(0).startsWith("cpu:vector") && lines.get(0).contains("not usable"));
    assertTrue(lines.get(1).startsWith("cpu:scalar") && lines.get(1).contains(": usable"));
    assertEquals(Probe.bits(new CpuBackend().probe().get(0)), lines.get(2));
  }

  @Test
  void javaWithoutFusedMultiplyAddGivesTheSameBitsSlowly() throws Exception {
    List<String> lines =
        child(
            List.of(
                "-XX:+IgnoreUnrecognizedVMOptions",
                "-XX:-UseFMA",
                "--add-modules",
                "jdk.incubator.vector"));
    // On machines other than x86 the option changes nothing, and both devices are usable.
    if (System.getProperty("os.arch").equals("amd64")) {
      assertTrue(lines.get(0).contains("not usable") && lines.get(0).contains("Math.fma"));
      assertTrue(lines.get(1).contains(": usable") && lines.get(1).contains("slowly"));
    }
    assertEquals(Probe.bits(new CpuBackend().probe().get(0)), lines.get(2));
  }

  /** What a Java of its own finds, one line a finding, and what its best device computes. */
  private static List<String> child(List<String> options) throws IOException, InterruptedException {
    List<String> command = new ArrayList<>();
    command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    command.addAll(options);
    command.addAll(List.of("-cp", System.getProperty("java.class.path"), Probe.class.getName()));
    Process process =
        new ProcessBuilder(command).redirectError(ProcessBuilder.Redirect.INHERIT).start();
    List<String> lines = process.inputReader().lines().toList();
    assertEquals(0, process.waitFor());
    return lines;
  }

  /** The program of the child. */
  static final class Probe {
    public static void main(String[] arguments) {
      List<Finding> findings = new CpuBackend().probe();
      findings.forEach(System.out::println);
      System.out.println(
          bits(findings.stream().filter(Finding::isUsable).findFirst().orElseThrow()));
    }

    static String bits(Finding finding) {
      float[] x = {-100, -3, -1, -0.0f, 0, 0.5f, 1, 2, 3, 20, Float.NaN, Float.POSITIVE_INFINITY};
      StringBuilder bits = new StringBuilder();
      try (Session session = finding.device().orElseThrow().open()) {
        for (Kind kind : Kind.values()) {
          Op op = Op.of(kind).drawsNoise() ? Op.of(kind).seeded(1) : Op.of(kind);
          for (float y : op.isMasked() ? session.forward(op, x, x) : session.forward(op, x)) {
            bits.append(Integer.toHexString(Float.floatToRawIntBits(y))).append(' ');
          }
        }
      }
      return bits.toString().strip();
    }
  }
}
