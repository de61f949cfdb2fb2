package dev.activations.cuda.standin;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.activations.cuda.standin.StandIn.Output;
import java.io.IOException;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** The host's data on its way through a device that has less memory than it would take. */
class RingTest {
  /** Chunks of 2 MiB. Input and output are 28 MiB, and three slots of both 12 MiB. */
  private static final int CHUNKS = 7;

  private static final List<String> WELL =
      List.of("right", "arrays: done", "right", "pinned: done", "close: done");

  /** A copy or a launch in the stand-in's time. */
  private record Step(String lane, long begin, long end) {
    static Step parse(String line) {
      String[] words = line.split(" ");
      return new Step(words[0], Long.parseLong(words[1]), Long.parseLong(words[2]));
    }

    boolean overlaps(Step other) {
      return begin < other.end && other.begin < end;
    }
  }

  @BeforeAll
  static void build() throws IOException {
    StandIn.buildDriver();
    StandIn.translate(StandIn.ptx("sm_80", "gelu"));
  }

  private static Output run(String settings, int chunks) {
    String count = Integer.toString(chunks << 19);
    return StandIn.run("memory=13000000 " + settings, Programs.Ring.class, count);
  }

  @Test
  void chunksAreCopiedInComputedAndCopiedOutAtOnce() {
    Output output = run("trace=1", CHUNKS);
    assertEquals(WELL, output.lines(), output.errors());
    Map<String, List<Step>> lanes =
        Arrays.stream(output.errors().split("\n"))
            .map(Step::parse)
            .collect(Collectors.groupingBy(Step::lane));
    List<Step> in = lanes.get("in");
    List<Step> launches = lanes.get("launch");
    List<Step> out = lanes.get("out");
    assertEquals(
        List.of(2 * CHUNKS, 2 * CHUNKS, 2 * CHUNKS),
        List.of(in.size(), launches.size(), out.size()));
    for (int i = 0; i < in.size(); i++) {
      assertTrue(in.get(i).end() <= launches.get(i).begin(), output.errors());
      assertTrue(launches.get(i).end() <= out.get(i).begin(), output.errors());
      if (i % CHUNKS < CHUNKS - 1) {
        assertTrue(launches.get(i).overlaps(in.get(i + 1)), output.errors());
        assertTrue(out.get(i).overlaps(launches.get(i + 1)), output.errors());
      }
    }
  }

  @Test
  void middleSizesAreNotCopied() {
    // Input and output have 4 MiB together, and the device has no memory at all.
    Output output = run("memory=0 trace=1", 1);
    assertEquals(WELL, output.lines(), output.errors());
    assertEquals("launch 0 10\nlaunch 10 20\n", output.errors());
  }

  @Test
  void failureInTheMiddleBreaksNothingElse() {
    for (String call :
        List.of(
            "cuStreamCreate:3",
            "cuMemHostAlloc:5",
            "cuMemAlloc_v2:5",
            "cuMemcpyHtoDAsync_v2:4",
            "cuStreamWaitEvent:7",
            "cuEventRecord:4",
            "cuLaunchKernel:3",
            "cuMemcpyDtoHAsync_v2:2",
            "cuEventSynchronize:3")) {
      Output output = run("fail=%s:2".formatted(call), 4);
      assertEquals("", output.errors(), call);
      assertTrue(
          output.lines().get(0).startsWith("arrays: cu")
              && output.lines().get(0).contains("CUDA_ERROR_OUT_OF_MEMORY"),
          call + output);
      assertEquals(WELL.subList(2, 5), output.lines().subList(1, 4), call);
    }
  }

  @Test
  void lostContextIsReportedAndLeftInPeace() {
    Output output = run("fail=cuEventSynchronize:3:700", 4);
    assertEquals(3, output.lines().size(), output.toString());
    assertTrue(
        output.lines().stream().allMatch(line -> line.contains("context is lost")),
        output.toString());
    assertEquals("", output.errors());
  }
}
