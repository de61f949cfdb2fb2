package dev.activations.cuda.standin;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.DynamicTest.dynamicTest;

import dev.activations.api.Dtype;
import dev.activations.api.Kind;
import dev.activations.cuda.standin.StandIn.Output;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;

/**
 * The back end and the PTX of the jar, on a driver that runs on the CPU and plays any trouble. What
 * only a GPU could show: that its hardware rounds as IEEE 754 says, and how fast it is.
 */
class StandInTest {
  private static final String LOST = "context is lost";

  @BeforeAll
  static void build() {
    StandIn.build();
  }

  /**
   * A process for each type of elements and share of the kinds, as many at once as there are
   * processors. float32 has the most checks, and so the most shares.
   */
  @TestFactory
  Stream<DynamicTest> shippedPtxGivesTheBitsOfTheDefinition() throws Exception {
    List<Callable<Output>> runs = new ArrayList<>();
    for (Dtype dtype : Dtype.values()) {
      int shares = dtype == Dtype.F32 ? 6 : 2;
      for (int share = 0; share < shares; share++) {
        String[] arguments = arguments(dtype, share, shares);
        runs.add(() -> StandIn.run("", Programs.Conform.class, arguments));
      }
    }
    ExecutorService threads =
        Executors.newFixedThreadPool(Runtime.getRuntime().availableProcessors());
    try {
      List<DynamicTest> all = new ArrayList<>();
      for (Future<Output> run : threads.invokeAll(runs)) {
        checks(run.get()).forEach(all::add);
      }
      return all.stream();
    } finally {
      threads.shutdownNow();
    }
  }

  private static String[] arguments(Dtype dtype, int share, int shares) {
    Stream<String> kinds =
        Stream.of(Kind.values()).filter(kind -> kind.ordinal() % shares == share).map(Kind::stem);
    return Stream.concat(Stream.of(dtype.label()), kinds).toArray(String[]::new);
  }

  private static Stream<DynamicTest> checks(Output output) {
    Stream<DynamicTest> checks =
        output.lines().stream()
            .map(line -> line.split("\t", 3))
            .map(
                check ->
                    dynamicTest(check[1], () -> assertTrue(check[0].equals("true"), check[2])));
    DynamicTest quiet =
        dynamicTest("nothing is left behind", () -> assertEquals("", output.errors()));
    return Stream.concat(checks, Stream.of(quiet));
  }

  @Test
  void oldestDriverRuns() {
    Output output =
        StandIn.run("driver=10000 capability=60", Programs.Conform.class, "float32", "relu");
    assertTrue(output.lines().size() > 10, output.toString());
    assertTrue(output.lines().stream().allMatch(line -> line.startsWith("true")), output.errors());
    assertEquals("", output.errors());
  }

  @Test
  void devicesAreDescribed() {
    List<String> lines = StandIn.run("devices=2", Programs.Probe.class).lines();
    assertEquals(4, lines.size(), lines.toString());
    assertEquals(
        "cuda:0 (Stand-in 0): usable. Compute capability 9.0 takes PTX 7.0 for sm_80.",
        lines.get(0));
    assertEquals(
        "{driver=CUDA 12.4, compute capability=9.0, multiprocessors=4, memory=1073741824 bytes,"
            + " uuid=GPU-11111111-1111-1111-1111-111111111111, pci bus=0000:01:00.0, kernels=PTX 7.0 for sm_80}",
        lines.get(3));
  }

  @Test
  void whatCannotBeUsedSaysWhy() {
    assertFinding("devices=0", "CUDA_ERROR_NO_DEVICE");
    assertFinding("driver=9020", "offers CUDA 9.2; 10.0 is needed");
    assertFinding("capability=52", "compute capability 5.2; 6.0 is needed");
    assertFinding("fail=cuInit:1:803", "CUDA_ERROR_SYSTEM_DRIVER_MISMATCH");
    assertFinding("fail=cuDeviceGetCount:1:999", "cuDeviceGetCount failed with CUDA_ERROR_UNKNOWN");
  }

  private static void assertFinding(String settings, String reason) {
    Output output = StandIn.run(settings, Programs.Probe.class);
    assertEquals(1, output.lines().size(), output.toString());
    assertTrue(output.lines().get(0).contains("not usable"), output.toString());
    assertTrue(output.lines().get(0).contains(reason), output.toString());
    assertEquals("", output.errors());
  }

  @Test
  void brokenDeviceDoesNotHideTheOther() {
    List<String> lines =
        StandIn.run("devices=2 fail=cuDeviceGetName:1:999", Programs.Probe.class).lines();
    assertTrue(lines.get(0).startsWith("cuda:0 (a GPU): not usable"), lines.toString());
    assertTrue(lines.get(1).startsWith("cuda:1 (Stand-in 1): usable"), lines.toString());
  }

  @Test
  void devicesAndThreadsWorkSideBySide() {
    Output output = StandIn.run("devices=2", Programs.SideBySide.class);
    assertEquals(
        Stream.of(0, 1, 0, 1, 0, 1, 0, 1).map("cuda:%d right"::formatted).toList(),
        output.lines(),
        output.errors());
    assertEquals("", output.errors());
  }

  @Test
  void workIsWaitedForBeforeItsBuffersGo() {
    Output output = StandIn.run("", Programs.Asynchronous.class);
    assertEquals(List.of("first", "second", "right"), output.lines());
    assertEquals("", output.errors());
  }

  @Test
  void sessionThatCannotOpenLeavesNothingBehind() {
    for (String call : List.of("cuDevicePrimaryCtxRetain", "cuMemHostAlloc", "cuStreamCreate")) {
      Output output = StandIn.run("fail=%s:1:2".formatted(call), Programs.Open.class);
      assertEquals(2, output.lines().size(), output.toString());
      assertTrue(
          output.lines().get(0).startsWith("open: " + call + " failed with CUDA_ERROR_OUT_OF"),
          output.toString());
      assertEquals("open: done", output.lines().get(1));
      assertEquals("", output.errors());
    }
  }

  @Test
  void tooLargeABufferSaysWhatWasAskedAndWhatThereIs() {
    Output output = StandIn.run("memory=1000000", Programs.Memory.class);
    assertEquals(
        "allocate: cuMemAlloc failed with CUDA_ERROR_OUT_OF_MEMORY (2): asked for 1048576 elements"
            + " of 4 bytes; cuda:0 (Stand-in 0) has 1000000 bytes in all. Close buffers, or use"
            + " smaller ones",
        output.lines().get(0));
    assertTrue(output.lines().get(1).contains("asked for 9223372036854775807 elements"));
    assertEquals("right", output.lines().get(2));
    assertEquals("", output.errors());
  }

  @Test
  void outOfMemoryAtAnyAllocationBreaksNothingElse() {
    List<String> well = List.of("right", "try 0: done", "right", "try 1: done");
    for (int n = 1; n <= 4; n++) {
      Output output =
          StandIn.run("fail=cuMemAlloc_v2:%d:2".formatted(n), Programs.Exhaustion.class);
      // Two allocations a try: one of the four fails its try, and the others go well.
      int at = (n - 1) / 2;
      assertEquals(7, output.lines().size(), output.toString());
      assertEquals(well.subList(0, 2 * at), output.lines().subList(0, 2 * at));
      assertTrue(
          output.lines().get(2 * at).startsWith("try %d: cuMemAlloc failed with".formatted(at)),
          output.toString());
      assertEquals(3, output.lines().stream().filter("right"::equals).count(), output.toString());
      assertEquals("", output.errors());
    }
  }

  @Test
  void tiersGoByCapabilityAndDriver() {
    List<String> lines =
        StandIn.run("devices=2 capability1=75 driver=10020", Programs.Probe.class).lines();
    assertTrue(
        lines
            .get(0)
            .endsWith(
                "9.0 takes PTX 6.3 for sm_60 (PTX 7.0 for sm_80 needs a driver of CUDA 11.0; this"
                    + " one offers 10.2)."),
        lines.get(0));
    assertTrue(
        lines
            .get(2)
            .endsWith(
                "7.5 takes PTX 6.3 for sm_60 (PTX 7.0 for sm_80 needs compute capability 8.0)."),
        lines.get(2));
  }

  @Test
  void tierThatIsRefusedIsLeftAndTheFindingsSaySo() {
    for (String code : List.of("218", "222", "209")) {
      Output output = StandIn.run("fail=cuModuleLoadDataEx:1:" + code, Programs.StepDown.class);
      List<String> lines = output.lines();
      assertTrue(lines.get(0).endsWith("takes PTX 7.0 for sm_80."), output.toString());
      assertEquals("right", lines.get(1));
      assertTrue(
          lines
              .get(2)
              .matches(
                  ".* takes PTX 6\\.3 for sm_60 \\(PTX 7\\.0 for sm_80 was refused:"
                      + " cuModuleLoadDataEx: CUDA_ERROR_\\w+\\)\\."),
          output.toString());
      assertEquals("", output.errors());
    }
  }

  @Test
  void devicesOfTwoTiersWorkSideBySide() {
    Output output = StandIn.run("devices=2 capability1=61", Programs.SideBySide.class);
    assertEquals(8, output.lines().stream().filter(line -> line.endsWith("right")).count());
    assertEquals("", output.errors());
  }

  @Test
  void onlyTheChosenDeviceIsTouched() {
    Output output = StandIn.run("devices=2 forbidden=0", Programs.Second.class);
    assertEquals(List.of("cuda:1 right"), output.lines());
    assertEquals("", output.errors());
    // The stand-in tells, where it happens.
    String told = StandIn.run("devices=2 forbidden=1", Programs.Second.class).errors();
    assertTrue(told.startsWith("stand-in: a context of device 1, which nobody chose"), told);
  }

  @Test
  void ptxThatEveryTierIsRefusedNamesTheFileAndTheLogs() {
    for (String code : List.of("218", "222", "209")) {
      Output output =
          work("fail=cuModuleLoadDataEx:1:%1$s fail=cuModuleLoadDataEx:2:%1$s".formatted(code));
      assertTrue(
          output.lines().get(0).contains("cannot build ptx/sm_60/gelu.ptx"), output.toString());
      assertTrue(output.lines().get(0).contains("PTX 7.0 for sm_80: cu"), output.toString());
      assertTrue(output.lines().get(0).contains("refused as the settings say"), output.toString());
      // The next try succeeds, with nothing broken in between.
      assertEquals(
          List.of(
              "second: done",
              "finish: done",
              "right",
              "download: done",
              "close a buffer: done",
              "close: done",
              "close again: done"),
          output.lines().subList(1, 8));
    }
  }

  @Test
  void refusedLaunchBreaksNothing() {
    Output output = work("fail=cuLaunchKernel:1:2");
    assertTrue(output.lines().get(0).contains("cuLaunchKernel failed"), output.toString());
    assertEquals("second: done", output.lines().get(1));
    assertEquals("right", output.lines().get(3));
  }

  @Test
  void lostContextIsReportedByEveryCallAndLeftInPeace() {
    Output output = work("fail=cuEventSynchronize:1:700");
    List<String> lines = output.lines();
    assertEquals("first: done", lines.get(0));
    assertEquals("second: done", lines.get(1));
    assertTrue(
        lines.get(2).startsWith("finish: cuEventSynchronize failed with CUDA_ERROR_ILLEGAL_ADDRESS")
            && lines.get(2).contains(LOST),
        output.toString());
    assertTrue(lines.get(3).startsWith("download: ") && lines.get(3).contains(LOST));
    assertEquals("close a buffer: done", lines.get(4));
    assertTrue(lines.get(5).startsWith("close: ") && lines.get(5).contains(LOST), lines.get(5));
    assertEquals("close again: done", lines.get(6));
  }

  private static Output work(String settings) {
    Output output = StandIn.run(settings, Programs.Work.class);
    assertEquals("", output.errors());
    return output;
  }
}
