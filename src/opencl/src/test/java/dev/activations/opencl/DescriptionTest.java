package dev.activations.opencl;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.params.provider.Arguments.arguments;

import dev.activations.api.Device;
import dev.activations.api.Dtype;
import dev.activations.api.Finding;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.jocl.CL;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** What is said about devices that this machine does not have. */
class DescriptionTest {
  private static final long ALL =
      CL.CL_FP_FMA | CL.CL_FP_DENORM | CL.CL_FP_ROUND_TO_NEAREST | CL.CL_FP_INF_NAN;

  @Test
  void goodDeviceHasNothingAgainstIt() {
    Finding finding = finding(device(true, true, "OpenCL 1.2 X", "FULL_PROFILE", ALL));
    assertTrue(finding.isUsable());
    assertEquals(Optional.empty(), finding.device().orElseThrow().caveat());
    assertEquals("X 1.0", finding.device().orElseThrow().properties().get("platform"));
  }

  static Stream<Arguments> missing() {
    return Stream.of(
        arguments(CL.CL_FP_FMA, "CL_FP_FMA", "twice"),
        arguments(CL.CL_FP_DENORM, "CL_FP_DENORM", "subnormal"),
        arguments(CL.CL_FP_ROUND_TO_NEAREST, "CL_FP_ROUND_TO_NEAREST", "nearest"),
        arguments(CL.CL_FP_INF_NAN, "CL_FP_INF_NAN", "infinities"));
  }

  @ParameterizedTest
  @MethodSource("missing")
  void missingArithmeticIsACaveatThatSaysWhatFails(long bit, String name, String consequence) {
    Finding finding = finding(device(true, true, "OpenCL 3.0", "FULL_PROFILE", ALL & ~bit));
    assertTrue(finding.isUsable());
    String caveat = finding.device().orElseThrow().caveat().orElseThrow();
    assertTrue(caveat.contains("without " + name) && caveat.contains(consequence), caveat);
    assertEquals(1, caveat.split("without ", -1).length - 1, caveat);
    assertTrue(finding.reason().contains(name), finding.reason());
  }

  @Test
  void withoutDoublesOnlyFloat64IsMissing() {
    for (long config : new long[] {0, ALL & ~CL.CL_FP_FMA, ALL & ~CL.CL_FP_DENORM}) {
      Device device =
          finding(device(Device.Type.GPU, true, true, "OpenCL 1.2", "FULL_PROFILE", ALL, config))
              .device()
              .orElseThrow();
      assertEquals(Optional.empty(), device.caveat());
      assertEquals(List.of(Dtype.F32, Dtype.F16, Dtype.BF16), device.dtypes());
      Finding obstacle = device.obstacle(Dtype.F64).orElseThrow();
      assertTrue(obstacle.reason().contains("float64"), obstacle.reason());
      assertTrue(obstacle.reason().contains(config == 0 ? "cl_khr_fp64" : "without CL_FP_"));
    }
    Device device =
        finding(device(true, true, "OpenCL 1.2", "FULL_PROFILE", ALL)).device().orElseThrow();
    assertEquals(List.of(Dtype.values()), device.dtypes());
  }

  static Stream<Arguments> unusable() {
    return Stream.of(
        arguments(device(false, true, "OpenCL 1.2", "FULL_PROFILE", ALL), "CL_DEVICE_AVAILABLE"),
        arguments(
            device(true, false, "OpenCL 1.2", "FULL_PROFILE", ALL), "CL_DEVICE_COMPILER_AVAILABLE"),
        arguments(device(true, true, "OpenCL 1.1 Old", "FULL_PROFILE", ALL), "OpenCL 1.1 Old"),
        arguments(device(true, true, "2.0", "FULL_PROFILE", ALL), "2.0"),
        arguments(device(true, true, "OpenCL 2.0", "EMBEDDED_PROFILE", ALL), "EMBEDDED_PROFILE"));
  }

  @ParameterizedTest
  @MethodSource("unusable")
  void obstacleIsAFindingWithItsReason(Description description, String reason) {
    Finding finding = finding(description);
    assertFalse(finding.isUsable());
    assertEquals("opencl:7", finding.id());
    assertTrue(finding.reason().contains(reason), finding.reason());
    assertFalse(finding.remedy().isBlank());
  }

  @Test
  void fastDevicesComeFirstAndUnusableOnesLast() {
    List<Finding> findings = new ArrayList<>();
    findings.add(finding(device(false, true, "OpenCL 1.2", "FULL_PROFILE", ALL)));
    for (Device.Type type : List.of(Device.Type.CPU, Device.Type.ACCELERATOR, Device.Type.GPU)) {
      findings.add(finding(device(type, true, true, "OpenCL 1.2", "FULL_PROFILE", ALL, ALL)));
    }
    findings.sort(OpenClBackend.FASTEST_FIRST);
    assertEquals(
        List.of(Device.Type.GPU, Device.Type.ACCELERATOR, Device.Type.CPU),
        findings.stream().flatMap(each -> each.device().stream()).map(Device::type).toList());
    assertFalse(findings.get(3).isUsable());
  }

  private static Finding finding(Description description) {
    return OpenClBackend.finding(new OpenClDevice("opencl:7", description, null, null));
  }

  private static Description device(
      boolean available, boolean compiler, String version, String profile, long singleFpConfig) {
    return device(Device.Type.GPU, available, compiler, version, profile, singleFpConfig, ALL);
  }

  private static Description device(
      Device.Type type,
      boolean available,
      boolean compiler,
      String version,
      String profile,
      long singleFpConfig,
      long doubleFpConfig) {
    return new Description(
        "Test device",
        type,
        "X 1.0",
        "1",
        version,
        "OpenCL C 1.2",
        profile,
        available,
        compiler,
        4,
        1L << 30,
        1L << 28,
        false,
        singleFpConfig,
        doubleFpConfig);
  }
}
